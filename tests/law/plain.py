"""One notebook in one kernel, as Run All does it: ``python -m tests.law.plain IN OUT TIMEOUT_S``.

Stops at the first failing cell. Exit code 0 when all cells ran, 1 when one failed, 3 when it took too long.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nb2pipe.execution.lean import FORMATS
from nb2pipe.execution.loading import hidden

OK, FAILED, TIMED_OUT = 0, 1, 3


def run_plainly(source: Path, target: Path, timeout_s: float) -> int:
    """Run ``source`` in its own folder and write it with its outputs to ``target``."""
    with hidden(*FORMATS):  # one of them takes longer to load than a kernel takes to start, and nothing here is an IRI
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(source, as_version=4)
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    client = NotebookClient(
        notebook, timeout=timeout_s, kernel_name=kernel, resources={"metadata": {"path": str(source.parent)}}
    )
    result = OK
    try:
        client.execute()
    except CellTimeoutError:
        result = TIMED_OUT
    except (CellExecutionError, DeadKernelError):
        result = FAILED
    nbformat.write(notebook, target)
    return result


if __name__ == "__main__":
    sys.exit(run_plainly(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
