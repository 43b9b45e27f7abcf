"""Tests of the typed forms."""
