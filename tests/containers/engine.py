"""A podman of the tests' own: its images and containers are nobody else's, and one call removes them all."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "containers"
PROGRAMS = ("podman", "runc", "conmon", "catatonit")
# podman refuses longer paths than this gives, and what runs must not outlive a restart: hence a file system in memory.
RUN_FOLDERS = Path("/dev/shm")
PATIENCE_S = 10.0

# Without the right to raise limits (CAP_SYS_RESOURCE), podman's own defaults cannot be set: name lower ones.
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=16384:16384", "nproc=32768:32768"]
netns = "host"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "{run}/libpod"
volume_path = "{folder}/volumes"
"""
STORAGE_CONF = """\
[storage]
driver = "overlay"
graphroot = "{folder}/storage"
runroot = "{run}/storage"
"""


@dataclass(frozen=True)
class Engine:
    """A podman with files of its own; several processes may use it at once.

    Args:
        folder: where images, containers and settings live; kept from one run of the tests to the next.
    """

    folder: Path

    def environment(self) -> dict[str, str]:
        """Variables by which a podman that anyone starts is this one."""
        return {
            "CONTAINERS_CONF": str(self.folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }

    def run(
        self, *arguments: str, stdin: bytes = b"", check: bool = True, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run ``podman ARGUMENTS``.

        Args:
            arguments: behind the word podman.
            stdin: what it reads.
            check: whether a failure fails the test, with what podman printed.
            env: further environment variables.

        Raises:
            AssertionError: when it fails and ``check`` is true.
        """
        done = subprocess.run(
            ["podman", *arguments],
            input=stdin,
            capture_output=True,
            cwd=self.folder / "run",  # where conmon leaves an empty file "oom" when a container has taken too much
            env={**os.environ, **self.environment(), **(env or {})},
            check=False,
        )
        out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        assert not check or 0 == done.returncode, f"podman {' '.join(arguments)}: {done.returncode}\n{out}{err}"
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def has_image(self, tag: str) -> bool:
        """Whether there is an image of this tag."""
        return 0 == self.run("image", "exists", tag, check=False).returncode

    def containers_left(self, label: str) -> list[Mapping[str, object]]:
        """Containers that bear a label (``NAME`` or ``NAME=VALUE``), in any state, as podman describes them."""
        found = self.run("ps", "--all", "--format", "json", "--filter", f"label={label}").stdout
        listed: list[Mapping[str, object]] = json.loads(found)
        return listed

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Keep other processes from making the same thing at the same time."""
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def open_engine(folder: Path = FOLDER) -> Engine:
    """The engine whose files are in a folder; made there if need be.

    What was made for another place or with other settings is removed first: podman would refuse it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    engine = Engine(folder)
    with engine.alone("settings"):
        wanted = _settings(folder)
        if any(path.is_file() and text != path.read_text("utf-8") for path, text in wanted.items()):
            _remove_all(engine)
            wanted = _settings(folder)
        for path, text in wanted.items():
            if not path.is_file():  # another process may be reading it
                path.write_text(text, "utf-8")
    return engine


def remove_engine(folder: Path = FOLDER) -> None:
    """Remove every container, every image and every file of the engine in a folder."""
    if folder.is_dir():
        _remove_all(Engine(folder))
        shutil.rmtree(folder)


def why_not(folder: Path = FOLDER) -> str | None:
    """Why there can be no engine here; None if there can."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (.ci/system-packages installs them)"
    done = open_engine(folder).run("info", "--format", "{{.Store.GraphRoot}}", check=False)
    return f"podman says {done.stderr.strip()!r}" if done.returncode else None


def _settings(folder: Path) -> dict[Path, str]:
    run = _run_folder(folder)
    texts = {"containers.conf": CONTAINERS_CONF, "storage.conf": STORAGE_CONF}
    return {folder / name: text.format(folder=folder, run=run) for name, text in texts.items()}


def _run_folder(folder: Path) -> Path:
    """Folder of what runs, made once: a link keeps its name, and after a restart of the machine it is made again."""
    link = folder / "run"
    if not link.is_symlink():
        parent = RUN_FOLDERS if os.access(RUN_FOLDERS, os.W_OK) else Path(tempfile.gettempdir())
        link.symlink_to(tempfile.mkdtemp(prefix="nb2pipe-", dir=parent))
    run = link.readlink()
    run.mkdir(mode=0o700, exist_ok=True)
    return run


def _remove_all(engine: Engine) -> None:
    if (engine.folder / "storage.conf").is_file() and shutil.which("podman"):
        engine.run("rm", "--all", "--force", "--time", "0", check=False)
    link = engine.folder / "run"
    if link.is_symlink():
        _wait_for_users(link.readlink())
        _remove_tree(engine, link.readlink())
        link.unlink()
    for name in ("storage", "volumes", "cache"):
        _remove_tree(engine, engine.folder / name)
    for name in ("containers.conf", "storage.conf"):
        (engine.folder / name).unlink(missing_ok=True)


def _wait_for_users(run: Path) -> None:
    """Wait for what podman leaves behind it to clean up after containers; it mounts the folder of images meanwhile."""
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and str(run).encode() in (process / "cmdline").read_bytes():
                ended = os.pidfd_open(int(process.name))
                select.select([ended], [], [], PATIENCE_S)
                os.close(ended)


def _remove_tree(engine: Engine, path: Path) -> None:
    """Remove a folder; files in images belong to user ids that only podman can act for, unless we are root.

    Two podmans that end at the same moment leave the folder of layers mounted on itself.
    """
    if os.geteuid() != 0:
        if path.is_dir():
            engine.run("unshare", "rm", "-rf", str(path), check=False)
    else:
        for target in reversed(mounts_in(path)):
            subprocess.run(["umount", "--lazy", target], capture_output=True, check=False)
    shutil.rmtree(path, ignore_errors=True)


def mounts_in(folder: Path) -> list[str]:
    """What is mounted at a folder or in it, in the order of mounting."""
    lines = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    targets = [line.split()[1].encode("latin-1", "backslashreplace").decode("unicode_escape") for line in lines]
    return [target for target in targets if Path(target).is_relative_to(folder)]
