"""Lineage: what something was made of and what used it, asked and sent."""
