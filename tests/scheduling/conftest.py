"""Stores to test with, as the store's own tests have them."""

from tests.store.conftest import clock, postgresql, store, store_url

__all__ = ["clock", "postgresql", "store", "store_url"]
