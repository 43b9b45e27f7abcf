"""Approvals: what waits for a person, and deciding about it."""
