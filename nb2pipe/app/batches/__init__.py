"""Batches: the same notebook over many parameter sets."""
