"""Schedules: kept, set off and run."""
