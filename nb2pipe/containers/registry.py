"""What is the same for every command that speaks to a registry."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import fault_of


def pull(engine: Engine, reference: str, what: str, show: Callable[[str], None]) -> None:
    """Fetch an image to this machine.

    Args:
        engine: that gets it.
        reference: of the image.
        what: is done, for the message: ``pull image 'x'``.
        show: gets each line that the engine prints.

    Raises:
        EngineError: the registry is out of reach, does not let us in or has no such image, or there is no room for it.
    """
    done = engine.run("pull", *plain_http(engine, reference), reference, show=show)
    if done.returncode:
        raise fault_of(engine.name, done.returncode, done.stdout, what)


def plain_http(engine: Engine, reference: str) -> list[str]:
    """The option by which podman speaks to a registry on this machine as docker does by itself: without encryption."""
    return ["--tls-verify=false"] if engine.name == "podman" and _is_loopback(reference.partition("/")[0]) else []


def _is_loopback(registry: str) -> bool:
    host = registry.removeprefix("[").partition("]")[0] if registry.startswith("[") else registry.partition(":")[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
