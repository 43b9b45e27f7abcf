"""Tests of the panel and the line magic, in real kernels and in this process."""
