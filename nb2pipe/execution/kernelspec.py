"""Which kernel specs are installed, and which of them mean this very interpreter."""

from __future__ import annotations

import os
import sys

from nb2pipe.errors import SettingsError


def is_our_own(kernel_name: str) -> bool:
    """Whether a kernel spec means ipykernel in this very interpreter, so that a forked kernel is the same thing.

    Raises:
        SettingsError: no such kernel spec; the known ones are listed.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(kernel_name)
    except NoSuchKernel:
        known = ", ".join(sorted(manager.find_kernel_specs())) or "none"
        raise SettingsError(
            f"kernel {kernel_name!r} is not installed; known kernels: {known}",
            hint=f"install it (python -m ipykernel install --user --name {kernel_name}) or choose one with --kernel",
        ) from None
    argv = [str(word) for word in spec.argv]
    ours = {sys.executable, os.path.realpath(sys.executable), "python", "python3"}
    return "ipykernel_launcher" in argv and not spec.env and (argv[0] in ours or os.path.realpath(argv[0]) in ours)


def check_kernel(kernel_name: str) -> None:
    """Refuse a kernel that is not installed; the one that ipykernel itself brings needs no look.

    Raises:
        SettingsError: no such kernel spec; the known ones are listed.
    """
    if kernel_name != "python3":
        is_our_own(kernel_name)
