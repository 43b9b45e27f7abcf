"""Kernels as the worker sees them: leased from a zygote where possible, else started by Jupyter."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import shutil
import signal
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from nb2pipe.errors import ExecutionError
from nb2pipe.execution.kernelspec import is_our_own

IOPUB_WAIT_S = 0.02  # a subscription takes effect a moment after it is made; then the question is asked again


@dataclass(frozen=True)
class KernelExit:
    """How a kernel ended: exit code (None when killed), signal number (None when it exited), peak memory if known."""

    code: int | None
    signal: int | None
    peak_memory_bytes: int | None = None


class LeasedClient(AsyncKernelClient):  # type: ignore[misc]
    """A client whose ``is_alive`` asks the process itself."""

    kernel_process: Kernel | None = None

    async def is_alive(self) -> bool:
        """Whether the kernel's process runs."""
        return self.kernel_process is not None and self.kernel_process.alive()


class LeasedKernel:
    """A kernel that a zygote forked for us; it ends when :meth:`close` is called or when this process ends."""

    def __init__(self, zygote: socket.socket, pid: int, connection_file: str) -> None:
        self.pid = pid
        self._zygote = zygote
        self._pidfd = os.pidfd_open(pid)
        self.client = LeasedClient()
        self.client.load_connection_file(connection_file)
        self.client.kernel_process = self

    def alive(self) -> bool:
        """Whether its process runs."""
        try:
            signal.pidfd_send_signal(self._pidfd, 0)
        except ProcessLookupError:
            return False
        return not _is_zombie(self.pid)

    async def died(self) -> None:
        """Return when its process ends."""
        await _readable(self._pidfd)

    def interrupt(self) -> None:
        """Interrupt the running cell, and programs that it started, as Ctrl-C does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End it now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def exit(self) -> KernelExit:
        """How it ended, as the zygote saw it; waits a moment for the word."""
        self._zygote.settimeout(5)
        try:
            word = json.loads(_read_line(self._zygote))
        except (OSError, ValueError, ExecutionError):  # who made it is gone as well
            return KernelExit(None, None)
        status = int(word["status"])
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        return KernelExit(code, number, word["peak_memory_bytes"])

    def peak_memory_bytes(self) -> int | None:
        """Its largest resident memory so far, None where the system does not tell."""
        return _peak_memory(self.pid)

    async def close(self) -> None:
        """End it and forget it; does not wait for its shutdown."""
        self.client.stop_channels()
        self._zygote.close()
        os.close(self._pidfd)


class StartedKernel:
    """A kernel started from its kernel spec, for interpreters and languages other than our own."""

    def __init__(self, manager: AsyncKernelManager, folder: str) -> None:
        self._manager = manager
        self._folder = folder
        self.pid = int(manager.provisioner.pid)
        self._pidfd = os.pidfd_open(self.pid)
        self.client: LeasedClient = manager.client()
        self.client.kernel_process = self

    def alive(self) -> bool:
        """Whether its process runs."""
        return not _is_zombie(self.pid)

    async def died(self) -> None:
        """Return when its process ends."""
        await _readable(self._pidfd)

    def interrupt(self) -> None:
        """Interrupt the running cell."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.getpgid(self.pid), signal.SIGINT)

    def kill(self) -> None:
        """End it now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.getpgid(self.pid), signal.SIGKILL)

    def exit(self) -> KernelExit:
        """How it ended."""
        process = self._manager.provisioner.process
        code = process.wait(5)
        return KernelExit(code if code >= 0 else None, -code if code < 0 else None)

    def peak_memory_bytes(self) -> int | None:
        """Its largest resident memory so far, None where the system does not tell."""
        return _peak_memory(self.pid)

    async def close(self) -> None:
        """End it and remove what it left."""
        self.client.stop_channels()
        with contextlib.suppress(OSError, RuntimeError):  # the kill below is what counts
            await self._manager.shutdown_kernel(now=True)
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._pidfd)


Kernel = LeasedKernel | StartedKernel


async def open_kernel(kernel_name: str, zygote_folder: str | None, *, cwd: str, more: bool) -> Kernel:
    """A kernel that answers and whose output channel is connected.

    Args:
        kernel_name: kernel spec name.
        zygote_folder: folder of a zygote, None for none.
        cwd: working directory of a kernel that must be started.
        more: whether another kernel will be wanted later.

    Raises:
        SettingsError: no such kernel spec.
        ExecutionError: the kernel does not answer.
    """
    if zygote_folder is not None and is_our_own(kernel_name):
        kernel: Kernel = await asyncio.to_thread(_lease, zygote_folder, more)
    else:
        kernel = await _start(kernel_name, cwd)
    kernel.client.start_channels()
    try:
        await asyncio.wait_for(_ready(kernel), timeout=60)
    except TimeoutError:
        await kernel.close()
        raise ExecutionError(
            f"kernel {kernel_name!r} did not answer within 60 s", hint="see kernel.log in the step's folder"
        ) from None
    return kernel


def _lease(folder: str, more: bool) -> LeasedKernel:
    zygote = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    deadline = time.monotonic() + 60
    while True:
        try:
            zygote.connect(str(Path(folder) / "zygote"))
            break
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > deadline:
                raise ExecutionError("the process that makes kernels did not start") from None
            time.sleep(0.005)
    zygote.sendall(b"kernel" if more else b"last")
    word = json.loads(_read_line(zygote))
    return LeasedKernel(zygote, word["pid"], word["connection_file"])


async def _start(kernel_name: str, cwd: str) -> StartedKernel:
    folder = tempfile.mkdtemp(prefix="nb2p-")  # socket paths must be short, and absolute: the kernel starts elsewhere
    manager = AsyncKernelManager(
        kernel_name=kernel_name,
        transport="ipc",
        ip=f"{folder}/k",
        client_class=f"{LeasedClient.__module__}.{LeasedClient.__name__}",
    )
    await manager.start_kernel(cwd=cwd, extra_arguments=[])
    return StartedKernel(manager, folder)


async def _ready(kernel: Kernel) -> None:
    """Wait until the kernel answers and its output channel reaches us: ask, then look for any message there."""
    client: Any = kernel.client
    while True:
        client.kernel_info()
        answer = asyncio.ensure_future(client.get_shell_msg(timeout=60))
        death = asyncio.ensure_future(kernel.died())
        await asyncio.wait({answer, death}, return_when=asyncio.FIRST_COMPLETED)
        death.cancel()
        if not answer.done():
            answer.cancel()
            raise ExecutionError("the kernel ended before it answered", hint="see kernel.log in the step's folder")
        with contextlib.suppress(queue.Empty):  # nothing came: ask again
            await client.get_iopub_msg(timeout=IOPUB_WAIT_S)
            return


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not future.done():
            future.set_result(None)

    own = os.dup(descriptor)
    loop.add_reader(own, wake)
    try:
        await future
    finally:
        loop.remove_reader(own)
        os.close(own)


def _read_line(source: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = source.recv(4096)
        if not piece:
            raise ExecutionError("the process that makes kernels ended")
        line += piece
    return line


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except OSError:
        return True


def _peak_memory(pid: int) -> int | None:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
