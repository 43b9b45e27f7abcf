"""What engines say when something goes wrong, and what a user can do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nb2pipe.errors import Nb2pipeError


class EngineError(Nb2pipeError):
    """An engine could not do what it was asked for.

    Args:
        message: what could not be done, and why.
        kind: ``missing image``, ``no engine``, ``no answer``, ``engine lost``,
            ``permission``, ``no space``, ``architecture``, ``registry``,
            ``access``, ``program``, ``mount``, ``limits``, ``network``, ``device`` or ``other``.
        hint: what to do.
    """

    def __init__(self, message: str, *, kind: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.kind = kind


@dataclass(frozen=True)
class _Pattern:
    kind: str
    text: str
    meaning: str
    hint: str


# Read from top to bottom; the first that is found in what the engine printed counts. Wordings of podman 4 and 5,
# docker 20 to 28, runc and crun.
_PATTERNS = (
    _Pattern(
        "no answer",
        r"no answer within",
        "the engine does not answer",
        "look whether `{name} ps` answers; if it does not, start the engine again",
    ),
    _Pattern(
        "engine lost",
        r"error waiting for container|cannot remove container .* as it is running",
        "the engine lost hold of it",
        "look whether it runs (`{name} ps`), start it again, and run this again; what it left is removed then",
    ),
    _Pattern(
        "no engine",
        r"cannot connect to the docker daemon|is the docker daemon running|unable to connect to podman"
        r"|error during connect|dial unix .*(connection refused|no such file)",
        "the engine is not running",
        "start it (`sudo systemctl start docker`, or `podman machine start` on a Mac)",
    ),
    _Pattern(
        "permission",
        r"permission denied while trying to connect|dial unix .*permission denied",
        "this user may not speak to the engine",
        "add yourself to its group (`sudo usermod -aG docker $USER`, then log in again), or use podman",
    ),
    _Pattern(
        "no space",
        r"no space left on device|disk quota exceeded",
        "the disk is full",
        "free some space: `{name} system prune` removes what no container uses",
    ),
    _Pattern(
        "access",
        r"unauthorized|authentication required|denied: |403 \(?forbidden|access to the resource is denied",
        "the registry does not let us in",
        "log in with `{name} login REGISTRY`, and look whether the image's name is right",
    ),
    _Pattern(
        "missing image",
        r"no such image|image not known|unable to find image|manifest unknown|name unknown|not found: manifest"
        r"|does not resolve to an image|repository .* not found|short-name .* did not resolve|no such object",
        "there is no such image",
        "look at the name; build it (`nb2pipe image build NOTEBOOK`) or pull it (`{name} pull IMAGE`)",
    ),
    _Pattern(
        "registry",
        r"pinging container registry|no such host|server misbehaving|i/o timeout|connection refused"
        r"|network is unreachable|tls handshake|x509|http response to https client"
        r"|temporary failure in name resolution",
        "the registry cannot be reached",
        "look at the network and at the registry's name",
    ),
    _Pattern(
        "architecture",
        r"exec format error|no image found in .*for architecture|does not match the (?:specified|detected) .*platform",
        "the image is made for another processor",
        "use an image for this machine, or build one with `nb2pipe image build`",
    ),
    _Pattern(
        "program",
        r"executable file .*not found|exec: .*no such file or directory|stat .*: no such file or directory.*oci"
        r"|exec .*: no such file|crun: .*not found|failed to exec pid1: no such file",
        "the image does not have the program",
        "use an image that has it",
    ),
    _Pattern(
        "mount",
        r"statfs .*no such file|bind source path does not exist|error mounting|mount .*permission denied"
        r"|invalid mount|duplicate mount",
        "a volume cannot be mounted",
        "look at the setting `volumes`: does the folder exist, and may you read it?",
    ),
    _Pattern(
        "device",
        r"could not select device driver|unresolvable cdi|nvidia",
        "the GPU cannot be given to a container",
        "install the NVIDIA container toolkit for the engine",
    ),
    _Pattern(
        "limits",
        r"cgroup|minimum memory limit|range of cpus|memory limit",
        "a limit cannot be set",
        "look at the settings `cpus` and `memory_mib`: the machine may have less, or not allow it to this user",
    ),
    _Pattern(
        "network",
        r"network .*not found|unable to find network|netavark|cni ",
        "the network cannot be set up",
        "look at the setting `network`: `{name} network ls` lists those that there are",
    ),
    _Pattern(
        "permission",
        r"permission denied|operation not permitted",
        "permission was denied",
        "look at what is mounted, and whether this user may do it",
    ),
)

# Which part of an image it was that did not get through says nothing to its user.
_BLOBS = re.compile(r"(?:trying to reuse blob \S+ at destination|checking whether a blob \S+ exists in \S+): ")


def fault_of(name: str, code: int, stderr: str, what: str) -> EngineError:
    """The error for what an engine printed.

    Args:
        name: of the engine.
        code: its exit code.
        stderr: what it printed.
        what: what it was to do, behind ``could not``.
    """
    said = _said(stderr)
    for pattern in _PATTERNS:
        if re.search(pattern.text, stderr, re.IGNORECASE):
            hint = pattern.hint.format(name=name)
            return EngineError(f"{name} could not {what}: {pattern.meaning} ({said})", kind=pattern.kind, hint=hint)
    said = said or f"it ended with exit code {code} and said nothing"
    return EngineError(f"{name} could not {what}: {said}", kind="other")


def _said(stderr: str) -> str:
    """The line that matters: the last that speaks of an error, else the last."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower() or "denied" in line.lower()]
    return _BLOBS.sub("", (errors or lines or [""])[-1])
