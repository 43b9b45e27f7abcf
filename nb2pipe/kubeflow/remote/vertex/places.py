"""Where things are at Vertex AI: its addresses, the grammar of its names, and paths on Cloud Storage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal
from urllib.parse import urlsplit

Service = Literal["aiplatform", "logging", "storage"]

BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
JOB_ID = re.compile(r"[a-z][a-z0-9-]{0,126}")
"""As the service has it: fewer than 128 small letters, digits and hyphens."""
MOST_LABEL, MOST_LABELS, MOST_DISPLAY_NAME = 63, 64, 128
RESERVED_LABEL = "vertex-ai-pipelines-run-billing-id"
OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
"""Beginning of the variables by which ``gcloud`` too is told of private addresses of Google's services."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def address(service: Service, location: str, env: Mapping[str, str]) -> str:
    """Where a service is, without a slash at the end.

    Args:
        service: which.
        location: such as ``us-central1``; only Vertex AI has an address for each.
        env: environment, whose ``CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM`` (``_LOGGING``, ``_STORAGE``) comes first.

    Raises:
        ValueError: such a variable holds no address that credentials may be sent to.
    """
    name = f"{OVERRIDE}{service.upper()}"
    told = env.get(name, "").strip().rstrip("/")
    if not told:
        own = f"{location}-aiplatform" if service == "aiplatform" else service
        return f"https://{own}.googleapis.com"
    parts = urlsplit(told)
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        raise ValueError(f"{name} is {told!r}, which is no https:// address")
    return told.removesuffix("/storage/v1")  # gcloud's form of that one has the path too


def split_gs(uri: str) -> tuple[str, str]:
    """Bucket and path of ``gs://bucket/path``, without slashes at the ends.

    Raises:
        ValueError: it is no such address.
    """
    bucket, _, path = uri.removeprefix("gs://").partition("/")
    if not uri.startswith("gs://") or not BUCKET.fullmatch(bucket):
        raise ValueError(uri)
    return bucket, path.strip("/")


def label_faults(labels: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with labels, as Google Cloud has them, in words."""
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


def job_id(pipeline: str, run_id: str) -> str:
    """A job's id, from names that it can be known by again.

    Args:
        pipeline: name of the pipeline in the spec.
        run_id: of our run; ends it, so that no two are alike.
    """
    end = f"-{re.sub(r'[^a-z0-9]+', '-', run_id.lower())}".rstrip("-")
    start = re.sub(r"[^a-z0-9]+", "-", pipeline.lower()).strip("-")
    start = start if start[:1].isalpha() else f"nb-{start}"
    return f"{start[: 127 - len(end)].rstrip('-')}{end}"


_GOOGLES = r"([a-z0-9-]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev"
PULLED_FROM = re.compile(rf"{_GOOGLES}|(index\.|registry-1\.)?docker\.io")


def registry_of(image: str) -> str:
    """The registry that an image is named to be in; ``docker.io`` where the name has none."""
    first, slash, _ = image.partition("/")
    return first if slash and (any(sign in first for sign in ".:") or first == "localhost") else "docker.io"


def is_pulled(image: str) -> bool:
    """Whether Vertex AI pulls from an image's registry: Artifact Registry, Container Registry and Docker Hub."""
    return PULLED_FROM.fullmatch(registry_of(image)) is not None
