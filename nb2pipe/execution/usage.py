"""From what a worker saw to what a step used: values of earlier steps, files, URLs."""

from __future__ import annotations

from collections.abc import Iterator

from nb2pipe.execution.digests import LISTED, THERE
from nb2pipe.execution.namespace import Namespace
from nb2pipe.model import DataUse, Input, Observation, Step
from nb2pipe.model.usage import Use

HTTP = ("http://", "https://")


def inputs_of(seen: Observation, namespace: Namespace) -> tuple[Input, ...]:
    """The values of earlier steps that a step read or changed, where they stood in ``namespace``."""
    names = dict.fromkeys((*seen.reads, *seen.changed))
    carried = ((name, namespace.names[name]) for name in names if name in namespace.names)
    return tuple(Input(name, place.digest, place.group, place.step) for name, place in carried)


def data_of(seen: Observation, step: Step) -> tuple[DataUse, ...]:
    """The files and URLs that a step read and wrote.

    Files are those that it was seen to use. URLs are those that it was seen to ask for, and those that its code names
    literally for schemes that cannot be seen (``s3://``), as far as it talked to another machine at all.
    """
    return (*_files(seen), *_urls(seen, step))


def _files(seen: Observation) -> Iterator[DataUse]:
    for path, digest in seen.files_read.items():
        size = seen.sizes_read.get(path)
        if _is_file(path) and path not in seen.read_back and (digest or size is not None):
            yield DataUse("read", seen.places.get(path, path), digest, size)
    for path, digest in seen.files_written.items():
        if not _is_file(path) or (digest and digest == seen.files_read.get(path) and path not in seen.read_back):
            continue  # opened for writing, and left as it was
        size = seen.sizes_written.get(path)
        use: Use = "removed" if not digest and size is None else "written"
        yield DataUse(use, seen.places.get(path, path), digest, size)


def _urls(seen: Observation, step: Step) -> Iterator[DataUse]:
    for url in seen.urls_read:
        yield DataUse("read", url)
    for url in seen.urls_written:
        yield DataUse("written", url)
    if not seen.used_network:
        return
    known = {*seen.urls_read, *seen.urls_written}
    sees_http = any(url.startswith(HTTP) for url in known)
    for use, urls in (("read", step.urls_read), ("written", step.urls_written)):
        for url in urls:
            if url not in known and not (sees_http and url.startswith(HTTP)):
                yield DataUse("read" if use == "read" else "written", url)


def _is_file(path: str) -> bool:
    return not path.endswith((LISTED, THERE))
