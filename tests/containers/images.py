"""Images to run steps in, each made once and kept: a fast one that borrows this machine's files, and an honest one."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nb2pipe.images.access import CERTIFICATES_INSIDE, lend_access
from tests.containers.engine import Engine
from tests.containers.host import hidden, interpreter_folders

LOCK = Path(__file__).resolve().parents[2] / ".ci" / "locks" / "dev.txt"
PACKAGES = ("papermill", "ipykernel", "cloudpickle", "pandas", "scikit-learn", "matplotlib", "pyarrow")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

BARE = "docker.io/library/busybox:1.36"
BARE_PROGRAMS = ("awk", "cat", "cp", "env", "head", "id", "ls", "mkdir", "sh", "sleep", "sort", "tail", "wc")
VIBRATION = Path(__file__).resolve().parents[2] / "example_notebooks" / "vibration"

DEBIAN = "bookworm"
DEBIAN_PACKAGES = ("python3", "python3-venv", "ca-certificates")
CONTAINERFILE = f"""\
FROM {{base}}
ENV PATH=/opt/venv/bin:{SYSTEM_PATH}
RUN python3 -m venv /opt/venv \\
 && PIP_CONFIG_FILE=/run/pip/pip.conf pip install --no-cache-dir -c /run/pip/constraints.txt {{packages}}
"""

# A folder sbin, where docker puts its init, hides nothing: its programs are those of /usr/sbin.
_FOLDERS = {"usr": 0o755, "etc": 0o755, "tmp": 0o1777, "root": 0o755, "home": 0o755, "var": 0o755, "var/tmp": 0o1777}
_FOLDERS |= dict.fromkeys(("run", "sbin", "proc", "sys", "dev", "opt", "mnt"), 0o755)
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
}


@dataclass(frozen=True)
class Image:
    """An image with Python and papermill, and without nb2pipe.

    Args:
        tag: by which podman knows it.
        volumes: ``SOURCE:TARGET:ro``, without which it does not work.
    """

    tag: str
    volumes: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """How ``podman run`` is told of it, the command excepted."""
        return [*(word for volume in self.volumes for word in ("--volume", volume)), self.tag]


def fast_image(engine: Engine) -> Image:
    """An image of a few folders, into which this machine's programs, interpreter and virtual environment are mounted.

    Its containers are real ones, with namespaces and a root of their own, and the image is made in no time. ``nb2pipe``
    of the virtual environment is hidden, so that it is as bare as the honest one.
    """
    folders = interpreter_folders()
    path = f"PATH={folders.programs}:{SYSTEM_PATH}"
    archive = archive_of()
    tag = _tag("fast", archive, path.encode())
    with engine.alone("fast"):
        if not engine.has_image(tag):
            engine.run("import", "--quiet", "--change", f"ENV {path}", "-", tag, stdin=archive)
    shown = (f"{folder}:{folder}:ro" for folder in folders.all)
    return Image(tag, (*shown, *hidden("nb2pipe", engine.folder / "nothing")))


def bare_image(engine: Engine) -> Image:
    """A shell with its programs, and neither Python nor papermill: the image that examples name on Docker Hub."""
    program = shutil.which("busybox")
    assert program is not None
    archive = archive_of({"bin/busybox": Path(program).read_bytes()}, dict.fromkeys(BARE_PROGRAMS, "busybox"))
    with engine.alone("bare"):
        if not engine.has_image(BARE):
            engine.run("import", "--quiet", "-", BARE, stdin=archive)
    return Image(BARE)


def vibration_image(engine: Engine) -> Image:
    """The image of the example in C, built from its own Containerfile; this machine's compiler is the builder's."""
    tag = "localhost/vibration-features"
    builder = fast_image(engine).tag
    with engine.alone("vibration"):
        given = ["--network=none", "--pull=never", "--build-arg", f"BUILDER={builder}", "--volume", "/usr:/usr:ro"]
        engine.run("build", "--quiet", *given, "--tag", tag, str(VIBRATION))
    return Image(tag)


def debian_image(engine: Engine) -> Image:
    """Debian with its own Python and pip's means, and nothing that a step needs: a base to build on."""
    tag = _tag("debian", " ".join((DEBIAN, *DEBIAN_PACKAGES)).encode())
    with engine.alone("debian"):
        if not engine.has_image(tag):
            _make_debian(engine, tag)
    return Image(tag)


def honest_image(engine: Engine) -> Image:
    """Debian with papermill and the usual packages, in the versions that this project's lock pins."""
    base = debian_image(engine).tag
    recipe = CONTAINERFILE.format(base=base, packages=" ".join(PACKAGES))
    constraints = _pinned()
    tag = _tag("honest", recipe.encode(), constraints.encode())
    with engine.alone("honest"):
        if not engine.has_image(tag):
            with _scratch() as folder:
                _build(engine, tag, Path(folder), recipe, constraints)
    return Image(tag)


def _pinned() -> str:
    """Constraints for pip: every version of the lock, without the hashes."""
    found = re.findall(r"^([\w.-]+==[^\\\n]+)", LOCK.read_text("utf-8"), re.MULTILINE)
    return "".join(f"{line.strip()}\n" for line in found)


def _tag(name: str, *contents: bytes) -> str:
    digest = hashlib.sha256(b"\0".join(contents)).hexdigest()[:12]
    return f"localhost/nb2pipe-test-{name}:{digest}"


def archive_of(programs: Mapping[str, bytes] | None = None, names: Mapping[str, str] | None = None) -> bytes:
    """A root folder for containers.

    Args:
        programs: path to content; without any there are links where this machine's root has them, so that its programs
            find their files.
        names: further names of programs in ``bin``.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, mode in _FOLDERS.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            archive.addfile(entry)
        found = [path for path in Path("/").iterdir() if path.is_symlink() and _is_in_usr(path) and not programs]
        links = {link.name: str(link.readlink()) for link in sorted(found) if link.name not in _FOLDERS}
        links["sbin/ldconfig"] = "/usr/sbin/ldconfig"
        links |= {f"bin/{name}": target for name, target in (names or {}).items()}
        for name, target in links.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
        for name, data in (programs or {}).items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o755
            archive.addfile(entry, io.BytesIO(data))
        for name, text in _FILES.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text), 0o644
            archive.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def _is_in_usr(link: Path) -> bool:
    return link.resolve().is_relative_to("/usr")


def _make_debian(engine: Engine, tag: str) -> None:
    with _scratch() as folder:
        Path(folder).chmod(0o755)  # apt downloads as a user without rights
        tar = Path(folder) / "debian.tar"
        command = [
            "mmdebstrap",
            "--quiet",
            "--variant=minbase",
            f"--include={','.join(DEBIAN_PACKAGES)}",
            DEBIAN,
            str(tar),
        ]
        env = {**os.environ, "TMPDIR": folder}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stderr
        engine.run("import", "--quiet", str(tar), tag, env={"TMPDIR": folder})


def _build(engine: Engine, tag: str, folder: Path, recipe: str, constraints: str) -> None:
    settings = folder / "pip"
    settings.mkdir()
    (settings / "constraints.txt").write_text(constraints, "utf-8")
    access = lend_access(settings, {})
    volumes = [f"{settings}:/run/pip:ro", *(f"{path}:{inside}:ro" for path, inside in access.folders.items())]
    if "ca.crt" in access.files:
        volumes.append(f"{access.files['ca.crt']}:{CERTIFICATES_INSIDE}:ro")
    given = [word for volume in volumes for word in ("--volume", volume)]
    engine.run("build", "--quiet", "--network=host", "--pull=never", *given, "--tag", tag, "-", stdin=recipe.encode())


def _scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for a few hundred megabytes, in memory where there is enough of it: several times as fast."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.statvfs(memory).f_bavail * os.statvfs(memory).f_frsize > 4 << 30
    return tempfile.TemporaryDirectory(prefix="nb2pipe-image-", dir=memory if roomy else None)
