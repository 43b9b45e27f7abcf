"""Stores to test with, as the store's own tests have them."""

from tests.store.conftest import postgresql, store_url

__all__ = ["postgresql", "store_url"]
