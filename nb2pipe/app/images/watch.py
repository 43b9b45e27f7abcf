"""What changes of image builds, found by looking at their records again and again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nb2pipe.app.images.records import LOG, builds_folder, list_builds
from nb2pipe.app.logs import read_part
from nb2pipe.app.watch import LOG_BYTES, LOG_PARTS, Change
from nb2pipe.errors import NotFoundError
from nb2pipe.model.build import ImageBuild
from nb2pipe.model.json import to_json


class BuildWatcher:
    """Compares the builds below a home with how they were at the look before.

    Args:
        home: below which they are.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen: dict[str, ImageBuild] | None = None
        self._offsets: dict[str, int] = {}

    def look(self) -> list[Change]:
        """What has changed since the last look: ``image-log`` and ``image``; the first one finds nothing.

        A log's end comes before the change that says that its build has ended.
        """
        found = {build.id: build for build in list_builds(self._home, self._seen)}
        before, self._seen = self._seen, found
        changes: list[Change] = []
        for build in reversed(found.values()):
            last = None if before is None else before.get(build.id)
            if before is None:
                self._offsets[build.id] = self._size(build)
            elif last != build or not build.state.is_final:
                changes += self._log(build)
                changes += [Change("image", "", to_json(build))] if last != build else []
        self._offsets = {name: offset for name, offset in self._offsets.items() if name in found}
        return changes

    def _log(self, build: ImageBuild) -> Iterator[Change]:
        for _ in range(LOG_PARTS):
            offset = self._offsets.get(build.id, 0)
            try:
                part = read_part(self._path(build), offset, LOG_BYTES, build.state.is_final)
            except NotFoundError:
                return
            if part.next_offset <= offset:
                return
            self._offsets[build.id] = part.next_offset
            data = {"build_id": build.id, "offset": offset, "next_offset": part.next_offset, "text": part.text}
            yield Change("image-log", "", data)

    def _path(self, build: ImageBuild) -> Path:
        return builds_folder(self._home) / build.id / LOG

    def _size(self, build: ImageBuild) -> int:
        try:
            return self._path(build).stat().st_size
        except OSError:
            return 0
