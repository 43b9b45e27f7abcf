"""Tests of the settings and of finding plug-ins."""
