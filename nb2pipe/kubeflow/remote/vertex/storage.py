"""Objects of a pipeline's root on Cloud Storage, by its JSON interface."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.remote.codes import GONE
from nb2pipe.kubeflow.remote.vertex.faults import Asked
from nb2pipe.kubeflow.remote.vertex.places import split_gs
from nb2pipe.kubeflow.remote.vertex.session import Session

MOST_NAMES = 1000


def read_object(session: Session, uri: str, asked: Asked) -> bytes | None:
    """The content of an object; None where there is none of this name.

    Args:
        session: to ask by.
        uri: ``gs://BUCKET/PATH``.
        asked: the same, for messages.
    """
    try:
        bucket, path = split_gs(uri)
    except ValueError:
        return None
    try:
        return session.content(f"/storage/v1/b/{quote(bucket, safe='')}/o/{quote(path, safe='')}", asked, query=MEDIA)
    except RemoteError as error:
        if error.code == GONE:
            return None
        raise


MEDIA = {"alt": "media"}


def names_below(session: Session, root: str, asked: Asked) -> Iterator[str]:
    """Addresses of objects that begin with one, no more than some.

    Args:
        session: to ask by.
        root: ``gs://BUCKET/BEGINNING``.
        asked: the same, for messages.
    """
    bucket, path = split_gs(root)
    query = {"prefix": path, "fields": "items(name),nextPageToken", "maxResults": str(MOST_NAMES)}
    answer = session.json("GET", f"/storage/v1/b/{quote(bucket, safe='')}/o", asked, query=query)
    yield from (f"gs://{bucket}/{each['name']}" for each in answer.get("items", []))


def check_bucket(session: Session, root: str, asked: Asked) -> None:
    """Ask whether a bucket is there and may be read.

    Raises:
        RemoteError: it is not, or may not.
    """
    bucket, _ = split_gs(root)
    query = {"fields": "items(name)", "maxResults": "1"}
    session.json("GET", f"/storage/v1/b/{quote(bucket, safe='')}/o", asked, query=query)
