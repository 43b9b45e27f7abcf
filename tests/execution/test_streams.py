"""What a cell printed, in one piece for each stream."""

from __future__ import annotations

import random
from typing import Any

import pytest
from nbclient import client as nbclient

from nb2pipe.execution.streams import as_shown, coalesce


@pytest.mark.parametrize("seed", range(300))
def test_texts_look_as_nbclient_makes_them_look(seed: int) -> None:
    """Carriage returns give what nbclient's own expression gives."""
    chosen = random.Random(seed)
    text = "".join(chosen.choice("ab\r\r\n") for _ in range(chosen.randrange(12)))
    assert nbclient._RGX_CARRIAGERETURN.sub("", text) == as_shown(text)


def test_a_line_of_millions_of_characters_ends() -> None:
    """A long line, for which nbclient's expressions would take hours, is done."""
    assert "x" * 5_000_000 == as_shown("y" * 5_000_000 + "\r" + "x" * 5_000_000)


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def test_streams_are_joined_where_they_began() -> None:
    """Each stream is one output; stderr goes behind stdout that follows it; others keep their place."""
    shown: dict[str, Any] = {"output_type": "display_data", "data": {}}
    outputs = [
        _stream("stderr", "e1"),
        _stream("stdout", "o1"),
        shown,
        _stream("stderr", "e2"),
        _stream("stdout", "o2"),
    ]
    assert [_stream("stdout", "o1o2"), _stream("stderr", "e1e2"), shown] == coalesce(outputs)
