"""``python -m tests.containers make`` makes the images that the tests run in; ``remove`` removes all that was made."""

from __future__ import annotations

import sys
import time

from tests.containers.engine import open_engine, remove_engine
from tests.containers.images import fast_image, honest_image


def main(command: str) -> None:
    """Make or remove.

    Args:
        command: ``make`` or ``remove``.

    Raises:
        SystemExit: for any other word.
    """
    if command == "remove":
        remove_engine()
    elif command == "make":
        engine = open_engine()
        for make in (fast_image, honest_image):
            began = time.monotonic()
            image = make(engine)
            sys.stdout.write(f"{image.tag}  {time.monotonic() - began:.1f} s\n")
    else:
        raise SystemExit(f"make or remove, not {command!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
