"""Lineage, asked by the lab."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.lineage import BOTH, lineage_of
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
    found = lineage_of(service.settings(), word, directions, contents.serves)
    return lineage_data(found.target, found.starts, found.parts) | {"digest_now": found.now, "is_cut": found.is_cut}
