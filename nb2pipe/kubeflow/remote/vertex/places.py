"""Where things are at Vertex AI: its addresses, the grammar of its names, and paths on Cloud Storage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from nb2pipe.settings.google import ROOT

Service = Literal["aiplatform", "logging", "storage"]

JOB_ID = re.compile(r"[a-z][a-z0-9-]{0,126}")
"""As the service has it: fewer than 128 small letters, digits and hyphens."""
MOST_DISPLAY_NAME = 128
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
    if not ROOT.fullmatch(uri):
        raise ValueError(uri)
    return bucket, path.strip("/")


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
