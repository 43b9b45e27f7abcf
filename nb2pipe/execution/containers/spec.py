"""What a container of a step is made of; equal specifications can be served by the same spare container."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nb2pipe.containers.engine import Engine
from nb2pipe.execution.containers.agreed import KIT, PRIVATE
from nb2pipe.execution.containers.places import Mount, Places
from nb2pipe.execution.hash_seed import hash_seed_environment
from nb2pipe.execution.limits import KEPT_BY_ENGINE
from nb2pipe.model import StepSettings, Volume

OWNER_LABEL = "nb2pipe.owner"
WORKER_MIB = 256
"""Memory for the worker, beside what the step may use."""

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - of the system, only measured
NAMED_VOLUME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
PYTHON = "python3"
# Nothing of the notebook's folder may stand in for a module of Python's while the worker loads.
BOOT = (
    f"import gc, sys; gc.disable(); sys.path[0] = {KIT!r}; import nb2pipe; del sys.path[0]; "
    "from nb2pipe.execution.containers.inside import main; main()"
)


@dataclass(frozen=True)
class Spec:
    """A container.

    Args:
        image: id of the image.
        cpus: processors.
        memory_mib: memory of the step in MiB.
        gpus: number of GPUs.
        network: ``none`` or a network of the engine; None for the engine's default.
        volumes: further mounts; a source without ``/`` is a volume of the engine.
        labels: of the step.
        secrets: environment variable and the name of a secret that the engine keeps.
    """

    image: str
    cpus: float | None
    memory_mib: int | None
    gpus: int | None
    network: str | None
    volumes: tuple[Mount, ...]
    labels: tuple[tuple[str, str], ...]
    secrets: tuple[tuple[str, str], ...]


def spec_of(settings: StepSettings, image: str, folder: str) -> Spec:
    """The container for a step.

    Args:
        settings: the step's.
        image: id of its image.
        folder: the notebook's, which relative volumes start from.
    """
    return Spec(
        image=image,
        cpus=settings.resources.cpus,
        memory_mib=settings.resources.memory_mib,
        gpus=settings.resources.gpus or None,
        network=settings.network,
        volumes=tuple(mount_of(volume, folder) for volume in settings.volumes),
        labels=tuple(sorted(settings.labels.items())),
        secrets=tuple(sorted(engine_secrets(settings))),
    )


def mount_of(volume: Volume, folder: str) -> Mount:
    """A volume with its source as an absolute path, or as the name of a volume of the engine."""
    source = volume.source
    if not is_named(volume, folder):
        source = str((Path(folder) / Path(source).expanduser()).absolute())
    return Mount(source, volume.target.rstrip("/") or "/", volume.read_only)


def is_named(volume: Volume, folder: str) -> bool:
    """Whether the source is a volume that the engine keeps: a plain name, and nothing in the notebook's folder."""
    return NAMED_VOLUME.fullmatch(volume.source) is not None and not (Path(folder) / volume.source).exists()


def engine_secrets(settings: StepSettings) -> Iterator[tuple[str, str]]:
    """Secrets that the engine keeps: environment variable and name."""
    for variable, reference in settings.secrets.items():
        if reference.startswith(KEPT_BY_ENGINE):
            yield variable, reference.removeprefix(KEPT_BY_ENGINE)


def run_arguments(
    spec: Spec, places: Places, engine: Engine, *, name: str, owner: str, cwd: str, hash_seed: str
) -> list[str]:
    """The words behind the engine's program that start a container with a worker in it.

    Args:
        spec: the container.
        places: what it sees of this machine.
        engine: who starts it.
        name: of the container.
        owner: the executor that it belongs to, for the label that it is found by.
        cwd: working directory.
        hash_seed: of Python's hashes, one for all steps, so that sets keep their order.
    """
    words = ["run", "--interactive", "--rm", "--init", "--pull=never", "--log-driver=none", "--name", name]
    words += ["--label", f"{OWNER_LABEL}={owner}"]
    words += [word for key, value in spec.labels for word in ("--label", f"{key}={value}")]
    words += user_words(engine)
    words += ["--workdir", cwd, "--entrypoint", PYTHON, "--tmpfs", f"{PRIVATE}:rw,mode=1777"]
    words += [word for mount in places.mounts(spec.volumes) for word in ("--mount", mount.argument())]
    words += volume_words(spec.volumes)
    words += ["--env", f"HOME={places.home}"]
    words += [word for item in hash_seed_environment(hash_seed).items() for word in ("--env", "=".join(item))]
    if "TZ" in os.environ:
        words += ["--env", f"TZ={os.environ['TZ']}"]
    words += limit_words(spec, WORKER_MIB)
    for variable, secret in spec.secrets:
        words += ["--secret", f"{secret},type=env,target={variable}"]
    return [*words, spec.image, "-c", BOOT]


def user_words(engine: Engine) -> list[str]:
    """The caller's user id, so that files written are the caller's, and access to the caller's files."""
    words = ["--user", f"{os.getuid()}:{os.getgid()}"]
    if engine.is_rootless:
        words += ["--userns=keep-id"]
    if Path("/sys/fs/selinux/enforce").exists():
        words += ["--security-opt", "label=disable"]
    return words


def volume_words(volumes: tuple[Mount, ...]) -> list[str]:
    """The mounts that the user asked for."""
    words = []
    for mount in volumes:
        if mount.source.startswith("/"):
            words += ["--mount", mount.argument()]
        else:
            words += ["--volume", f"{mount.source}:{mount.target}:{'ro' if mount.read_only else 'rw'}"]
    return words


def shared_memory_words() -> list[str]:
    """As much room in ``/dev/shm`` as there is on this machine: with an engine's own 64 MiB PyTorch's loaders die."""
    try:
        there = os.statvfs(SHARED_MEMORY)
    except OSError:
        return []
    return ["--shm-size", f"{there.f_blocks * there.f_frsize // 1024}k"]


def limit_words(spec: Spec, more_mib: int = 0) -> list[str]:
    """What the container may use.

    Args:
        spec: the container.
        more_mib: memory beside that of the step, in MiB.
    """
    words = shared_memory_words()
    if spec.cpus is not None:
        words += ["--cpus", f"{spec.cpus:g}"]
    if spec.memory_mib is not None:
        words += ["--memory", f"{spec.memory_mib + more_mib}m"]
    if spec.gpus is not None:
        words += ["--gpus", str(spec.gpus)]
    if spec.network is not None:
        words += ["--network", spec.network]
    return words
