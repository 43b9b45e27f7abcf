"""The grammar of names of Google Cloud."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

BUCKET = r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]"
ROOT = re.compile(rf"gs://{BUCKET}(/\S*)?")
MOST_LABEL, MOST_LABELS = 63, 64
RESERVED_LABEL = "vertex-ai-pipelines-run-billing-id"


def label_faults(labels: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with labels, in words."""
    if len(labels) > MOST_LABELS:
        yield f"there are {len(labels)} labels, and {MOST_LABELS} are the most"
    for key, value in labels.items():
        if key == RESERVED_LABEL:
            yield f"Vertex AI overwrites the label {key!r}"
        elif not key or not key[0].isalpha():
            yield f"the label {key!r} does not begin with a letter"
        for what, text in ((f"the label {key!r}", key), (f"the value {value!r} of the label {key!r}", value)):
            if len(text) > MOST_LABEL:
                yield f"{what} has {len(text)} characters, and {MOST_LABEL} are the most"
            elif wrong := next((each for each in text if not _fits_label(each)), None):
                yield f"{what} has {wrong!r} in it, and labels have small letters, digits, '_' and '-'"


def _fits_label(character: str) -> bool:
    is_small = character.isalpha() and character == character.lower()
    return is_small or character.isdigit() or character in "_-"
