"""Memory of a family of processes, pages that they share counted once."""

from __future__ import annotations

import threading
from collections import deque
from pathlib import Path


class MemoryWatch:
    """Samples the proportional set size of all processes with ``marker`` in their environment, until told to stop.

    A page that two processes map counts half in each, so that the sum says what the machine really spends. The
    processes are asked one after the other, and a page that is mapped in between counts too much; so the peak is that
    of the least of three samples in a row.
    """

    def __init__(self, marker: str, every_s: float = 0.05) -> None:
        self.peak_mib = 0.0
        self._marker = marker.encode()
        self._every_s = every_s
        self._stopped = threading.Event()
        self._last: deque[float] = deque(maxlen=3)

    def run(self) -> None:
        """Sample until :meth:`stop`."""
        while not self._stopped.wait(self._every_s):
            self._last.append(self._sample())
            if len(self._last) == self._last.maxlen:
                self.peak_mib = max(self.peak_mib, min(self._last))

    def stop(self) -> None:
        """End :meth:`run`."""
        self._stopped.set()

    def _sample(self) -> float:
        return sum(_pss_mib(process) for process in Path("/proc").glob("[0-9]*") if self._is_ours(process))

    def _is_ours(self, process: Path) -> bool:
        try:
            return self._marker in (process / "environ").read_bytes()
        except OSError:  # it ended, or belongs to somebody else
            return False


def _pss_mib(process: Path) -> float:
    try:
        text = (process / "smaps_rollup").read_text("ascii")
    except OSError:  # it ended meanwhile
        return 0.0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
