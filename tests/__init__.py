"""The tests of nb2pipe."""
