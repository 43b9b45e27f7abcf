"""Places that papermill reads from and writes to: ``https://``, ``s3://``, ``gs://`` and what its plug-ins add."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from nb2pipe.errors import SettingsError
from nb2pipe.notebook.source import read_http

REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
PACKAGES: Mapping[str, tuple[str, str]] = {
    "s3": ("boto3", "papermill[s3]"),
    "gs": ("gcsfs", "papermill[gcs]"),
    "abs": ("azure.storage.blob", "papermill[azure]"),
    "adl": ("azure.datalake.store", "papermill[azure]"),
    "hdfs": ("pyarrow", "papermill[hdfs]"),
}
"""Scheme to the module that papermill needs for it, and to what installs it."""


def is_remote(path: str) -> bool:
    """Whether a path is a URL that papermill reads and writes (``s3://``, ``gs://``, ``abs://`` ...)."""
    return REMOTE.match(path) is not None


def read_remote(url: str) -> str:
    """The text at a URL."""
    from papermill.iorw import HttpHandler, papermill_io

    with _without_warnings():
        handler = papermill_io.get_handler(url)
        text: Any = read_http(url) if handler is HttpHandler else papermill_io.read(url)
    return "\n".join(text) if isinstance(text, list) else str(text)


def write_remote(url: str, text: str) -> None:
    """Write a text to a URL."""
    from papermill.iorw import HttpHandler, papermill_io

    with _without_warnings():
        if papermill_io.get_handler(url) is HttpHandler:
            _put(url, text)
        else:
            papermill_io.write(text, url)


def _put(url: str, text: str) -> None:
    """As papermill does, but for texts other than JSON too, such as reports."""
    import requests

    kind = "text/html" if text.startswith("<") else "application/json"
    headers = {"Content-Type": f"{kind}; charset=utf-8"}
    requests.put(url, data=text.encode("utf-8", "backslashreplace"), headers=headers, timeout=60).raise_for_status()


def check_remote(url: str, what: str) -> None:
    """Refuse a URL that nothing here can write to.

    Raises:
        SettingsError: papermill knows no such scheme, only reads there, or lacks the package for it.
    """
    from papermill.iorw import GithubHandler, LocalHandler, papermill_io

    with _without_warnings():
        handler = papermill_io.get_handler(url)
    if isinstance(handler, (LocalHandler, GithubHandler)):
        known = ", ".join(f"{scheme}://" for scheme in ("https", *PACKAGES))
        raise SettingsError(
            f"cannot write {what} to {url!r}: papermill writes to no such place", hint=f"Known: {known}."
        )
    module, package = PACKAGES.get(url.partition(":")[0].lower(), ("", ""))
    if module and not _is_there(module):
        raise SettingsError(
            f"cannot write {what} to {url!r}: the package {module!r} is missing", hint=f"pip install '{package}'"
        )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of a parent
        return False


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Without papermill's warnings of file names that do not end in ``.ipynb``: reports and parameters never do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
