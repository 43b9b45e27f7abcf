"""Engines elsewhere: what is asked of them, in one form for all, and how each is asked."""
