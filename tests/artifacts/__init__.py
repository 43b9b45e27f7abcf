"""Tests of bundles, their store and what goes through them."""
