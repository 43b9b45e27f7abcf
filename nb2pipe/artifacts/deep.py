"""Room for values that are nested deeper than Python's stack goes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

DEEP_STACK_BYTES = 512 * 2**20
DEEP_RECURSION = 200_000


def on_deep_stack(work: Callable[[], object]) -> None:
    """Do ``work`` in a thread with a big stack; what it raises is raised here."""
    failure: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # raised again in the caller's thread
            failure.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size(DEEP_STACK_BYTES)
    try:
        sys.setrecursionlimit(max(limit, DEEP_RECURSION))
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    if failure:
        raise failure[0]
