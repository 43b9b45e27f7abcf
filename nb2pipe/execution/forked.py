"""A kernel in a forked process: where it listens, and how the process becomes one."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import traceback
from pathlib import Path

PR_SET_PDEATHSIG = 1


def write_connection(path: str, prefix: str) -> None:
    """Write the file that says where a kernel listens, with a key of its own.

    Args:
        path: of the file.
        prefix: of the paths of its sockets, which must be short.
    """
    from jupyter_client.connect import write_connection_file

    key = os.urandom(16).hex().encode()
    write_connection_file(path, ip=prefix, transport="ipc", key=key)


def become_kernel(connection_file: str, log: str) -> None:
    """Turn this forked child into a kernel; does not return."""
    code = 1
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed()  # as a fresh import would; Python's own generator sees to itself
        os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        null = os.open(os.devnull, os.O_RDONLY)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(null, 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        from ipykernel.kernelapp import IPKernelApp

        launcher = str(Path(sys.modules["ipykernel"].__file__ or "").parent.parent / "ipykernel_launcher.py")
        sys.argv = [launcher, "-f", connection_file]
        app = IPKernelApp.instance(parent_handle=os.getppid())
        app.initialize(["-f", connection_file, "--HistoryManager.hist_file=:memory:"])
        app.start()
        code = 0
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
    except BaseException:  # a forked child must never return into the zygote's own loop
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
