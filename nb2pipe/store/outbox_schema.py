"""The store's table of notices; it joins those of :mod:`nb2pipe.store.schema`, and their rules hold here too."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table

from nb2pipe.store.columns import Json, Utc, Words
from nb2pipe.store.naming import METADATA

__all__ = ["METADATA", "NOTICES"]

NOTICES = Table(
    "notices",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("run_id", Words, nullable=False),  # no foreign key: what was told outlives its run until that is pruned
    Column("state", Words, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Utc),
    Column("settled_at", Utc),
    Column("reason", Words, nullable=False),
    Column("more", Json, nullable=False),
    # Known to the store alone:
    Column("claim", Json),
    Index(None, "state", "next_at"),
    Index(None, "created_at", "id"),
    Index(None, "run_id"),
)
