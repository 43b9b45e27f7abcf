"""All tables of the store, wherever they are described."""

from __future__ import annotations

from sqlalchemy import MetaData

from nb2pipe.store.outbox_schema import NOTICES
from nb2pipe.store.schema import RUNS

TABLES: MetaData = NOTICES.metadata
assert RUNS.metadata is TABLES
