"""What requests share, without a server: threads with a limit, odd numbers, errors as answers."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest
from tornado.web import HTTPError

from nb2pipe.errors import (
    ArtifactError,
    ConflictError,
    Diagnostic,
    ExecutionError,
    NotebookError,
    NotFoundError,
    SettingsError,
    StoreError,
)
from nb2pipe.server.asking import to_text
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.problems import problem_of
from nb2pipe.server.service import Pool


def test_the_pool_has_a_limit() -> None:
    """Work beyond the limit is refused at once, and the loop is free meanwhile; what ends makes room."""
    asyncio.run(_fill())


async def _fill() -> None:
    pool, go_on = Pool(threads=1, most=2), threading.Event()
    waiting = [asyncio.create_task(pool.run(go_on.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(ServiceError) as refused:
        await pool.run(go_on.wait)
    assert ("N2P855", 503) == (refused.value.code, refused.value.status)
    go_on.set()
    assert [True, True] == await asyncio.gather(*waiting)
    assert 3 == await pool.run(sum, [1, 2])
    pool.close()


def test_odd_numbers() -> None:
    """Numbers that JSON does not know go as their names, and texts of any kind as ASCII."""
    data = {"x": [float("nan"), float("inf"), -float("inf"), 1.5], "y": "é\ud800"}
    assert {"x": ["NaN", "Infinity", "-Infinity", 1.5], "y": "é\ud800"} == json.loads(to_text(data))
    assert to_text(data).isascii()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotFoundError("no"), 404, "N2P854"),
        (ConflictError("no"), 409, "N2P858"),
        (SettingsError("no"), 422, "N2P861"),
        (NotebookError("no", diagnostics=[Diagnostic("N2P001", "error", "no")]), 422, "N2P001"),
        (ArtifactError("no"), 404, "N2P854"),
        (StoreError("no"), 503, "N2P859"),
        (ExecutionError("no"), 500, "N2P862"),
        (ServiceError("N2P860", 422, name="X"), 422, "N2P860"),
        (HTTPError(403), 403, "N2P857"),
        (HTTPError(405, "no %s", "way"), 405, "N2P851"),
        (HTTPError(418), 418, "N2P851"),
        (HTTPError(502), 502, "N2P856"),
    ],
)
def test_errors_as_answers(error: Exception, status: int, code: str) -> None:
    """Each kind of error has its status and a code, and all that a problem has."""
    found, data = problem_of(error)
    assert (status, code) == (found, data["code"])
    assert data["message"] and data["cell_index"] is None


def test_faults_say_little() -> None:
    """Of a fault of ours a client learns what it is called, and nothing of what it says."""
    status, data = problem_of(ValueError("secret path"))
    assert (500, "N2P856", True) == (status, data["code"], "ValueError" in data["message"])
    assert "secret" not in json.dumps(data)


def test_the_cell_is_named() -> None:
    """The first error among the diagnostics says where."""
    found = [
        Diagnostic("N2P203", "warning", "maybe", cell_index=1),
        Diagnostic("N2P202", "error", "no", "Bind it.", cell_index=2, cell_id="c", line=3, step="s"),
    ]
    _, data = problem_of(NotebookError("refused", diagnostics=found))
    place = tuple(data[name] for name in ("code", "cell_index", "cell_id", "line", "step", "hint"))
    assert ("N2P202", 2, "c", 3, "s", "Bind it.") == place
    assert ["cell 2, line 1"[:6], "cell 3 (id c), line 3"] == [
        data["diagnostics"][0]["location"],
        data["diagnostics"][1]["location"],
    ]
