"""Data that schedules watch: what is there, whether it has changed, and what changed."""
