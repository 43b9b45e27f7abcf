"""Lineage, asked by the lab."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.lineage.names import starts_like
from nb2pipe.app.lineage.walks import BOTH, Narrower, lineage_of
from nb2pipe.model.json import to_json
from nb2pipe.report.lineage_data import lineage_data
from nb2pipe.server.asking import Asked
from nb2pipe.server.codes import ServiceError
from nb2pipe.server.service import Service


def lineage(service: Service, asked: Asked) -> dict[str, Any]:
    """What something was made from, and what used it.

    Raises:
        ServiceError: N2P851, not exactly one of ``name`` and ``path`` is given.
    """
    query, contents = asked.query, service.contents()
    if ("name" in query) == ("path" in query):
        advice = "Give a name that runs know, or a path of a file in the folder that Jupyter serves."
        raise ServiceError("N2P851", 422, what="Exactly one of 'name' and 'path' is needed.", advice=advice)
    word = query["name"] if "name" in query else contents.output(query["path"])
    directions = BOTH if query["direction"] == "both" else (query["direction"],)
    narrower = Narrower(query.get("kind", ""), query.get("digest", ""))
    found = lineage_of(service.settings(), word, directions, contents.serves, narrower)
    data = lineage_data(found.target, found.starts, found.parts)
    for run in data["runs"].values():
        run["notebook"] = contents.relative(run["notebook_path"])
    return data | {"digest_now": found.now, "is_cut": found.is_cut}


def starts(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """Metrics, values, files and runs by a part of their name."""
    found: list[dict[str, Any]] = to_json(starts_like(service.settings(), asked.query["text"], asked.query["limit"]))
    return found
