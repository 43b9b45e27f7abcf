"""The folder of runs, artifacts and cache: fit for a run, and what the system says when it is not."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from nb2pipe.errors import ExecutionError, SettingsError

FOLDERS = ("runs", "cache", "artifacts", "artifacts/staging")
_ELSEWHERE = "name another home by the setting home (NB2PIPE_HOME)"


def check_home(home: Path) -> None:
    """Make the folders that a run writes to, and refuse a home where it could not.

    Raises:
        SettingsError: says which folder, and why.
    """
    for folder in (home / name for name in FOLDERS):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"the folder {str(folder)!r} cannot be made ({error.strerror})", hint=_way_out(error)
            ) from error
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise SettingsError(
                f"no permission to read and write the folder {str(folder)!r}", hint=f"Get it, or {_ELSEWHERE}."
            )


def as_execution_error(error: OSError, home: Path) -> ExecutionError:
    """What the system said while a run went on, as an error of ours."""
    where = f" ({str(error.filename or home)!r})"
    return ExecutionError(f"the run stopped: {error.strerror or error}{where}", hint=_way_out(error))


def _way_out(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Make room (nb2pipe runs prune removes old runs), or {_ELSEWHERE}."
    return f"Mend it, or {_ELSEWHERE}."
