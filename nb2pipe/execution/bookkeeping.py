"""Papermill's bookkeeping of an executed notebook, without its costs."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from papermill.engines import NotebookExecutionManager

from nb2pipe.execution.task import write_notebook


class TimedSaves(NotebookExecutionManager):  # type: ignore[misc]
    """Papermill's bookkeeping, saving by time and telling the truth about cells that did not run."""

    def __init__(self, *args: Any, least_s: float = 10.0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._least_s = least_s
        self._saved_at = 0.0

    def save(self, **kwargs: Any) -> None:
        """Save if the last save is long enough ago; a save may take a tenth of the time at most."""
        if time.monotonic() - self._saved_at < self._least_s:
            return
        with contextlib.suppress(OSError):  # the last save counts
            self.save_now()

    def save_now(self) -> None:
        """Save."""
        started = time.monotonic()
        if self.output_path:
            write_notebook(self.output_path, self.nb)
        self._saved_at = time.monotonic()
        self._least_s = max(self._least_s, 10 * (self._saved_at - started))

    def notebook_complete(self, **kwargs: Any) -> None:
        """Close the books: cells that never started stay pending."""
        self.end_time = self.now()
        meta = self.nb.metadata.papermill
        meta["end_time"] = self.end_time.isoformat()
        meta["duration"] = (self.end_time - self.start_time).total_seconds()
        self.cleanup_pbar()
        self.save_now()
