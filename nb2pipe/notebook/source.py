"""The text of a notebook, from a file, standard input, or anywhere that papermill reads from."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import BinaryIO

from nb2pipe.errors import Diagnostic, NotebookError
from nb2pipe.notebook.nearest import nearest

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def refuse(code: str, message: str, hint: str = "") -> NotebookError:
    """The error, with its one diagnostic, for a notebook that cannot be taken in."""
    return NotebookError(message, hint=hint, diagnostics=(Diagnostic(code, "error", message, hint),))


def is_remote(path: str) -> bool:
    """Whether papermill's readers are asked for ``path``: it has a scheme such as ``s3://``."""
    return "://" in path


def folder_of(path: str) -> str:
    """Absolute folder that relative paths in the notebook refer to; the working directory for remote ones."""
    if path == "-" or is_remote(path):
        return str(Path.cwd())
    return str(Path(path).expanduser().resolve().parent)


def read_text(path: str, *, stdin: BinaryIO | None = None) -> str:
    """The notebook's text exactly as it is, line ends and byte-order mark included.

    Args:
        path: a file, ``-`` for standard input, or a URL (``https://``, ``s3://``, ``gs://`` ...).
        stdin: what to read instead of the process's standard input.

    Raises:
        NotebookError: it cannot be read, or is not UTF-8.
    """
    if path == "-":
        return decode((stdin or sys.stdin.buffer).read(), "standard input")
    if is_remote(path):
        return _read_remote(path)
    return decode(_read_file(Path(path).expanduser()), path)


def decode(data: bytes, path: str) -> str:
    """The UTF-8 text of ``data``.

    Raises:
        NotebookError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        encoding = "UTF-16" if data.startswith(_UTF16_MARKS) else "ENCODING"
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{path!r} is not UTF-8: byte {data[error.start]:#04x} at offset {error.start}, line {line}."
        hint = f"Convert it: iconv -f {encoding} -t UTF-8 OLD.ipynb > NEW.ipynb"
        raise refuse("N2P004", message, hint) from None


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise refuse("N2P001", f"{str(path)!r} is a folder, not a notebook.", _notebooks_in(path)) from None
    except FileNotFoundError:
        raise refuse("N2P001", f"There is no file {str(path)!r}.", _close_file(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "Get the right to read it, or give another path."
        raise refuse("N2P001", f"{str(path)!r} cannot be read: {reason}.", hint) from error


def _notebooks_in(folder: Path) -> str:
    names = sorted(item.name for item in folder.glob("*.ipynb"))[:10]
    return f"Notebooks in it: {', '.join(names)}." if names else "Give the path of an .ipynb file."


def _close_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f"There is no folder {str(path.parent)!r} either."
    close = nearest(path.name, [item.name for item in path.parent.glob("*.ipynb")])
    return f"Did you mean {str(path.with_name(close))!r}?" if close else "Check the path."


def _read_remote(path: str) -> str:
    from papermill.iorw import HttpHandler, papermill_io

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # papermill's, of names that do not end in .ipynb
            handler = papermill_io.get_handler(path)
            text = read_http(path) if handler is HttpHandler else papermill_io.read(path)
    except UnicodeDecodeError as error:
        raise refuse("N2P004", f"{path!r} is not UTF-8: {error.reason} at offset {error.start}.") from None
    except Exception as error:  # papermill's readers raise whatever their libraries raise
        hint = "Check the address, your credentials, and that papermill's package for it is installed."
        said = str(error).partition("\n")[0]
        raise refuse("N2P001", f"{path!r} cannot be read: {type(error).__name__}: {said}", hint) from error
    return str(text)


def read_http(path: str) -> str:
    """As papermill asks for it, but an error page is no text wanted, and it is UTF-8 whatever the header says."""
    import requests

    response = requests.get(path, headers={"Accept": "application/json"}, timeout=60)
    response.raise_for_status()
    return response.content.decode("utf-8")
