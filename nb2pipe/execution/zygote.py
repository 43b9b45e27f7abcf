"""A process that has ipykernel imported and forks kernels from itself, one always ready ahead of need.

``python -m nb2pipe.execution.zygote FOLDER`` listens on the Unix socket ``FOLDER/zygote``. A client sends the line
``kernel`` (or ``last`` when no further kernel will be needed) and gets one JSON line, ``{"pid", "connection_file"}``;
when that kernel ends it gets another, ``{"status", "peak_memory_bytes"}``. The connection owns the kernel: when it
closes, the kernel and its process group are killed. A JSON line ``{"modules", "cwd"}`` on standard input loads modules
here, so that kernels forked later have them at no cost; ``{"rest"}`` lets the spare go until a kernel is wanted again.
When standard input closes, everything ends.

Nothing here may start a thread or import NumPy before a fork: threads do not survive it.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import importlib
import io
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nb2pipe.execution.forked import become_kernel, write_connection
from nb2pipe.execution.hash_seed import forget_hash_seed
from nb2pipe.execution.killing import descendants, kill_group, sweep
from nb2pipe.execution.loading import hidden, uncollected

PR_SET_CHILD_SUBREAPER = 36
# What every kernel loads, when it starts or at the end of its step: done here once.
LOADED = (
    "nb2pipe.execution.session",
    "nb2pipe.execution.session.results",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
)
# And what its shell loads as it is made, as far as an image has it: IPython does without some of it.
OF_SHELL = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
)

DEBUGGER = "debugpy"
"""ipykernel does without it: nobody attaches to a pipeline's kernel, and it takes as long to load as all of IPython."""


@dataclass
class Kernel:
    """A forked kernel: its process, where to connect, and the connection that owns it (None while spare)."""

    pid: int
    connection_file: str
    owner: socket.socket | None = None


@dataclass
class Zygote:
    """All kernels of one run.

    Args:
        folder: private folder for sockets, connection files and kernel logs; its path must be short.
        kernels: living kernels by process id.
        count: kernels forked so far, for unique names.
        released: killed kernels whose end was not yet seen.
    """

    folder: Path
    kernels: dict[int, Kernel] = field(default_factory=dict)
    count: int = 0
    released: set[int] = field(default_factory=set)

    def spare(self) -> Kernel:
        """A kernel that nobody owns; forks one when none waits."""
        for kernel in self.kernels.values():
            if kernel.owner is None:
                return kernel
        return self.fork()

    def fork(self) -> Kernel:
        """Fork a kernel and return at once; it answers about 0.1 s later."""
        self.count += 1
        connection_file = str(self.folder / f"kernel-{self.count}.json")
        write_connection(connection_file, str(self.folder / f"k{self.count}"))
        pid = os.fork()
        if pid == 0:
            become_kernel(connection_file, str(self.folder / f"kernel-{self.count}.log"))
        self.kernels[pid] = Kernel(pid, connection_file)
        return self.kernels[pid]

    def lease(self, owner: socket.socket, more: bool) -> None:
        """Hand a kernel to ``owner`` and fork the next spare if more are expected."""
        kernel = self.spare()
        kernel.owner = owner
        _send(owner, {"pid": kernel.pid, "connection_file": kernel.connection_file})
        if more:
            self.fork()

    def load(self, modules: list[str], cwd: str) -> None:
        """Import modules for all kernels to come, and replace a spare that lacks them.

        Args:
            modules: dotted names; one that cannot be imported is left to the cell that wants it.
            cwd: where the kernels will run: some packages look there for their settings.
        """
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as ipykernel does
        with contextlib.suppress(OSError), contextlib.chdir(cwd), _as_in_a_kernel():
            for name in modules:
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)
        gc.collect()
        gc.freeze()
        for _ in range(self.rest()):
            self.fork()

    def rest(self) -> int:
        """Let the spares go; how many there were."""
        spares = [kernel.pid for kernel in self.kernels.values() if kernel.owner is None]
        for pid in spares:
            del self.kernels[pid]
            kill_group(pid)
        return len(spares)

    def reap(self) -> None:
        """Collect ended children and tell their owners; orphans of user code are collected too."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            sweep(pid)
            self.released.discard(pid)
            kernel = self.kernels.pop(pid, None)
            if kernel is not None:
                kill_group(pid)
                if kernel.owner is not None:
                    _send(kernel.owner, {"status": status, "peak_memory_bytes": usage.ru_maxrss * 1024})

    def release(self, owner: socket.socket) -> None:
        """Kill what ``owner`` had."""
        for kernel in self.kernels.values():
            if kernel.owner is owner:
                kernel.owner = None
                self.kernels.pop(kernel.pid)
                self.released.add(kernel.pid)
                kill_group(kernel.pid)
                break

    def kill_all(self) -> None:
        """Kill every kernel and every process that their cells left behind."""
        for pid in self.kernels:
            kill_group(pid)
        for pid in (*self.kernels, *self.released):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
            sweep(pid)
        for pid in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class _ShellOfAKernel:
    """What packages that look for a notebook while they are imported are to find."""

    kernel = True


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let imports see what they see in a kernel: pandas sets its display options by it."""
    names = {"get_ipython": _ShellOfAKernel, "__IPYTHON__": True}
    vars(builtins).update(names)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (io.TextIOWrapper(stream.buffer, encoding="UTF-8") for stream in streams)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.detach()
        sys.stdout, sys.stderr = streams
        for name in names:
            vars(builtins).pop(name, None)


def main() -> None:
    """Serve kernels of this interpreter until standard input closes."""
    forget_hash_seed()
    if sys.path and sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]  # as ipykernel's own launcher does: the folder of the notebook comes in later
    serve_kernels(Path(sys.argv[1]))


def serve_kernels(folder: Path) -> None:
    """Fork kernels for whoever asks until standard input closes.

    Args:
        folder: private folder whose path is short; it gets the socket ``zygote``.
    """
    with hidden(DEBUGGER), uncollected():
        for name in LOADED:
            importlib.import_module(name)
        for name in OF_SHELL:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    listener.bind(str(folder / "zygote"))
    gc.freeze()  # without looking for garbage first: loading leaves next to none, and looking takes longer than a fork
    zygote = Zygote(folder)
    zygote.fork()
    listener.listen()
    with contextlib.suppress(KeyboardInterrupt):
        _serve(zygote, listener)
    zygote.kill_all()


def _serve(zygote: Zygote, listener: socket.socket) -> None:
    selector = selectors.DefaultSelector()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    os.set_blocking(wake_read, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for source in (0, wake_read, listener):
        selector.register(source, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj == 0:
                text = os.read(0, 65536)
                if not text:
                    return
                for line in text.splitlines():
                    wish = json.loads(line)
                    zygote.rest() if "rest" in wish else zygote.load(wish["modules"], wish["cwd"])
            elif key.fileobj == wake_read:
                os.read(wake_read, 4096)
                zygote.reap()
            elif key.fileobj is listener:
                selector.register(listener.accept()[0], selectors.EVENT_READ)
            elif isinstance(key.fileobj, socket.socket):
                _answer(zygote, selector, key.fileobj)


def _answer(zygote: Zygote, selector: selectors.BaseSelector, client: socket.socket) -> None:
    try:
        text = client.recv(64)
    except ConnectionError:
        text = b""
    if not text:
        selector.unregister(client)
        zygote.release(client)
        client.close()
        return
    zygote.lease(client, more=text.startswith(b"kernel"))


def _send(client: socket.socket, message: dict[str, object]) -> None:
    with contextlib.suppress(OSError):
        client.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main()
