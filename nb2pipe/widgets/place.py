"""Which notebook a cell belongs to."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb2pipe.errors import NotFoundError, SettingsError
from nb2pipe.widgets.colab import copy_of_notebook
from nb2pipe.widgets.sessions import notebook_of_kernel

VS_CODE = "__vsc_ipynb_file__"
JUPYTER = "JPY_SESSION_NAME"
COLAB = "google.colab"


def notebook_here(shell: Any, env: Mapping[str, str] | None = None, modules: Mapping[str, Any] | None = None) -> Path:
    """The file of the notebook whose cell runs, as VS Code, Jupyter or Colab tell.

    Args:
        shell: IPython's; None outside IPython.
        env: environment; None for the process's own.
        modules: loaded modules; None for the process's own.

    Raises:
        NotFoundError: nobody tells; says to give the path.
    """
    env = os.environ if env is None else env
    modules = sys.modules if modules is None else modules
    if COLAB in modules:
        return copy_of_notebook(_colab_message(modules), Path.cwd())
    named = str(getattr(shell, "user_ns", {}).get(VS_CODE) or "")
    file = _connection_file(shell)
    found = named or (notebook_of_kernel(file) if file else "") or _named_by(env)
    if not found:
        raise NotFoundError("nb2pipe cannot tell which notebook this is", hint=_GIVE)
    if not Path(found).is_file():
        raise NotFoundError(f"the notebook {found!r} is no saved file here", hint=f"Save it. {_GIVE}")
    return Path(found)


_GIVE = "Give its path: nb2pipe.panel('NAME.ipynb'), %nb2pipe run NAME.ipynb."


def notebook_given(path: str | os.PathLike[str]) -> Path:
    """The file of a notebook that the user names, by its absolute path.

    Raises:
        NotFoundError: there is no such file.
        SettingsError: it is not in a folder of this machine.
    """
    text = os.fspath(path)
    if "://" in text or text == "-":
        raise SettingsError(f"the panel shows a notebook in a folder, not {text!r}", hint="Download it first.")
    if not Path(text).is_file():
        raise NotFoundError(
            f"there is no notebook {text!r}", hint=f"Check the path; the kernel's folder is {str(Path.cwd())!r}."
        )
    return Path(text).absolute()


def _colab_message(modules: Mapping[str, Any]) -> Any:
    message = getattr(modules[COLAB], "_message", None)
    if message is None:
        raise NotFoundError("this Colab does not tell which notebook this is", hint=_GIVE)
    return message


def _named_by(env: Mapping[str, str]) -> str:
    """The path that a Jupyter server named when it started the kernel; a console has a name without a file."""
    name = env.get(JUPYTER, "")
    return name if name.endswith(".ipynb") else ""


def _connection_file(shell: Any) -> str:
    """Of the kernel; empty outside one."""
    application = getattr(getattr(shell, "kernel", None), "parent", None)
    file = str(getattr(application, "abs_connection_file", "") or "")
    return file if Path(file).stem.startswith("kernel-") else ""
