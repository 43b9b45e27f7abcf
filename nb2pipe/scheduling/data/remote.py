"""URLs of other kinds (``s3://``, ``gs://``, ``memory://``), by fsspec."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from nb2pipe.scheduling.codes import refusal
from nb2pipe.scheduling.data.place import Item, Unseen, digest_of, few
from nb2pipe.urls import mask_url


class RemotePlace:
    """An object, a folder or a pattern on a file system that fsspec knows.

    Args:
        url: as fsspec reads it.

    Raises:
        SettingsError: N2P807, fsspec or its package for this kind of URL is not there, or does not know it.
    """

    def __init__(self, url: str) -> None:
        self._shown = mask_url(url)
        try:
            import fsspec.core
        except ImportError as error:
            advice = "Install it: pip install 'nb2pipe[data]'."
            raise refusal("N2P807", url=self._shown, what="fsspec is not installed", advice=advice) from error
        try:
            self._system, self._path = fsspec.core.url_to_fs(url)
        except ImportError as error:
            advice = "Install the package that it names."
            raise refusal("N2P807", url=self._shown, what=mask_url(str(error)), advice=advice) from error
        except Exception as error:  # foreign code: each kind of file system raises its own
            what = f"{type(error).__name__}: {mask_url(str(error))}"
            raise refusal("N2P807", url=self._shown, what=what, advice="Check the URL, and its credentials.") from error

    def listing(self, known: Iterable[str]) -> Mapping[str, Item]:
        """What is there now, by path; what fsspec tells of each is its mark, as in its own ``ukey``."""
        try:
            self._system.invalidate_cache()
            found = {str(name): info for name, info in self._infos().items() if info.get("type") != "directory"}
        except FileNotFoundError:
            return {}
        except Exception as error:  # foreign code, as above
            raise self._unseen(error) from error
        few(len(found))
        return {name: Item(_mark(info)) for name, info in found.items()}

    def digest(self, name: str) -> str:
        """Hex SHA-256 of an object."""
        try:
            with self._system.open(name, "rb") as file:
                return digest_of(file)
        except Exception as error:  # foreign code, as above
            raise self._unseen(error) from error

    def _infos(self) -> Mapping[str, Mapping[str, Any]]:
        if glob.has_magic(self._path):
            found: Mapping[str, Mapping[str, Any]] = self._system.glob(self._path, detail=True)
            return found
        info = self._system.info(self._path)
        if info.get("type") == "directory":
            below: Mapping[str, Mapping[str, Any]] = self._system.find(self._path, detail=True)
            return below
        return {self._path: info}

    def _unseen(self, error: Exception) -> Unseen:
        return Unseen(f"{self._shown}: {type(error).__name__}: {mask_url(str(error))}")


def _mark(info: Mapping[str, Any]) -> str:
    return hashlib.sha256(str(sorted(info.items())).encode()).hexdigest()
