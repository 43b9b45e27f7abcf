"""Work in threads, so that the kernel stays free for cells; what goes wrong is told, not lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

from nb2pipe.errors import Nb2pipeError

NAME = "nb2pipe panel"


def in_background(work: Callable[[], None], tell: Callable[[Exception], None], done: Callable[[], None]) -> None:
    """Work in a thread that does not keep the kernel alive.

    Args:
        work: what to do.
        tell: gets what went wrong.
        done: called at the end in any case.
    """

    def run() -> None:
        try:
            work()
        except (Nb2pipeError, OSError) as error:
            tell(error)
        finally:
            done()

    threading.Thread(target=run, name=NAME, daemon=True).start()
