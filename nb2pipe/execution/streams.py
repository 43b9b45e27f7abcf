"""What a cell printed, as one piece for each stream, with carriage returns carried out.

The result is that of nbclient's ``coalesce_streams``, in time that grows with the length of the text: nbclient's
regular expression takes its square, hours for a line of some millions of characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def coalesce(outputs: Sequence[Any]) -> list[Any]:
    """The outputs of a cell with each stream in one piece, where it first wrote; stdout before stderr side by side.

    Args:
        outputs: nbformat outputs; stream outputs among them are changed.
    """
    found: list[Any] = []
    pieces: dict[str, list[str]] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            found.append(output)
        elif output["name"] in pieces:
            pieces[output["name"]].append(output["text"])
        else:
            pieces[output["name"]] = [output["text"]]
            found.append(output)
    for output in found:
        if output["output_type"] == "stream":
            output["text"] = as_shown("".join(pieces[output["name"]]))
    for place in range(len(found) - 1):
        if _name(found[place]) == "stderr" and _name(found[place + 1]) == "stdout":
            found[place], found[place + 1] = found[place + 1], found[place]
    return found


def _name(output: Any) -> str:
    return str(output["name"]) if output["output_type"] == "stream" else ""


def as_shown(text: str) -> str:
    """Text as a terminal would leave it: a carriage return takes back the line so far, unless the line ends there."""
    if "\r" not in text:
        return text
    return "\n".join(line[line.rfind("\r", 0, max(0, len(line) - 1)) + 1 :] for line in text.split("\n"))
