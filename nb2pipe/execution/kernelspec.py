"""Which kernel specs are installed, and which of them mean this very interpreter."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nb2pipe.errors import SettingsError

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpecManager

NATIVE_KERNEL = "python3"
"""The kernel spec that ipykernel itself brings, for the interpreter that it is installed for."""


def is_installed(kernel_name: str) -> bool:
    """Whether there is a kernel spec of this name."""
    return kernel_name == NATIVE_KERNEL or kernel_name in kernel_specs().find_kernel_specs()


def kernel_specs() -> KernelSpecManager:
    """All kernel specs that Jupyter finds by itself.

    Where IPython once kept some is said here: to ask IPython for it loads the whole of it.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_core.paths import jupyter_path

    ipython = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser()
    return KernelSpecManager(kernel_dirs=[*jupyter_path("kernels"), str(ipython / "kernels")])


def is_our_own(kernel_name: str) -> bool:
    """Whether a kernel spec means ipykernel in this very interpreter, so that a forked kernel is the same thing.

    Raises:
        SettingsError: no such kernel spec; the known ones are listed.
    """
    from jupyter_client.kernelspec import KernelSpec

    known = kernel_specs().find_kernel_specs()  # to ask for one reads the metadata of every distribution
    if kernel_name.lower() not in known:
        raise SettingsError(
            f"kernel {kernel_name!r} is not installed; known kernels: {', '.join(sorted(known)) or 'none'}",
            hint=f"install it (python -m ipykernel install --user --name {kernel_name}) or choose one with --kernel",
        )
    folder = known[kernel_name.lower()]
    if kernel_name == NATIVE_KERNEL and not (Path(folder) / "kernel.json").exists():
        return True  # written nowhere: ipykernel itself brings it
    spec = KernelSpec.from_resource_dir(folder)
    argv = [str(word) for word in spec.argv]
    ours = {sys.executable, os.path.realpath(sys.executable), "python", "python3"}
    return "ipykernel_launcher" in argv and not spec.env and (argv[0] in ours or os.path.realpath(argv[0]) in ours)


def check_kernel(kernel_name: str) -> None:
    """Refuse a kernel that is not installed; the one that ipykernel itself brings needs no look.

    Raises:
        SettingsError: no such kernel spec; the known ones are listed.
    """
    if kernel_name != NATIVE_KERNEL:
        is_our_own(kernel_name)
