"""Loading the engine of a worker, without what takes long and is of no use to it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from nb2pipe.execution.loading import hidden, instead, postpone, uncollected

# What papermill loads where it is installed, to read and write files elsewhere: a worker's files are all here.
ELSEWHERE = ("azure", "boto3", "gcsfs", "github", "pyarrow", "pyarrow.fs")
# What jsonschema loads where it is installed, to check kinds of text that no notebook has: a host's name, a URI, a
# period of time. Beside JupyterLab all of it is, and what is for IRIs makes a parser of a whole grammar as it loads,
# which takes longer than all the rest of the engine.
FORMATS = (
    "fqdn",
    "idna",
    "isoduration",
    "jsonpointer",
    "rfc3339_validator",
    "rfc3986_validator",
    "rfc3987",
    "rfc3987_syntax",
    "uri_template",
    "webcolors",
)
# What papermill imports in any case, for files on the web and for its own command line.
UNUSED = ("click", "requests")
ENGINE = "nb2pipe.execution.engine"


def _real_validator(schema: Any) -> Any:
    """A validator of jsonschema's, which is loaded by the few outputs that have to be looked at more closely."""
    with hidden(*FORMATS):
        return importlib.import_module("jsonschema").Draft4Validator(schema)


class _InvalidError(Exception):
    """Stands for jsonschema's ValidationError, which nbformat gives more parts than its message."""

    def __init__(self, message: str = "", **parts: Any) -> None:
        super().__init__(message)
        self.schema_path = ()


# What papermill uses as it is imported: to find its plug-ins in the metadata of every distribution, twice, and to read
# parameters from files. A worker has its engine, and its parameters are in its task.
# And what nbformat holds whole notebooks against a schema with: a worker makes them part by part, see ``outputs``.
STAND_INS: Mapping[str, Mapping[str, Any]] = {
    "entrypoints": {"get_group_all": lambda group: ()},
    "yaml": {"SafeLoader": type("SafeLoader", (), {"yaml_implicit_resolvers": {}})},
    "jsonschema": {"Draft4Validator": _real_validator},
    "jsonschema.exceptions": {"ErrorTree": object, "ValidationError": _InvalidError},
}


def load_engine() -> None:
    """Load the engine with all that it needs, and without what takes long and is of no use to a worker."""
    postpone(*UNUSED)
    with hidden(*ELSEWHERE), uncollected():
        try:
            with instead(STAND_INS):
                importlib.import_module(ENGINE)
        except (ImportError, AttributeError, TypeError):  # an image's version of a library uses more than stands there
            with hidden(*FORMATS):
                importlib.import_module(ENGINE)
