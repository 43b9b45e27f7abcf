"""Google Colab keeps notebooks where the kernel cannot read them; it hands their text over when asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nb2pipe.errors import SettingsError

TIMEOUT_S = 20
SUFFIX = ".nb2pipe.ipynb"


def copy_of_notebook(message: Any, folder: Path) -> Path:
    """Write the notebook that is open in Colab beside the kernel, as it is now.

    Args:
        message: Colab's module ``google.colab._message``.
        folder: where the copy goes, a file that ends in ``.nb2pipe.ipynb``.

    Raises:
        SettingsError: Colab did not answer, or the copy cannot be written.
    """
    try:
        answer = message.blocking_request("get_ipynb", request="", timeout_sec=TIMEOUT_S)
    except Exception as error:  # foreign code
        raise SettingsError(f"Colab did not hand over the notebook: {error}", hint=_HINT) from error
    notebook = answer.get("ipynb") if isinstance(answer, dict) else None
    if not isinstance(notebook, dict):
        raise SettingsError("Colab did not hand over the notebook", hint=_HINT)
    path = folder / f"{_name(notebook)}{SUFFIX}"
    try:
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"the copy {str(path)!r} cannot be written: {error.strerror}", hint=_HINT) from error
    return path


_HINT = "Download the notebook, put it beside the kernel, and give its path: nb2pipe.panel('NAME.ipynb')."


def _name(notebook: dict[str, Any]) -> str:
    """The notebook's name as Colab notes it in the metadata, fit for a file's name."""
    metadata = notebook.get("metadata")
    own = metadata.get("colab") if isinstance(metadata, dict) else None
    name = str(own.get("name") or "") if isinstance(own, dict) else ""
    kept = "".join(c if c.isalnum() or c in " -_." else "_" for c in name.removesuffix(".ipynb"))
    return kept.strip(" .")[:100] or "notebook"
