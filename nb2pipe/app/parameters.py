"""Parameter values as a user gives them: typed, in YAML or in files, in papermill's order of precedence."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.app.remote import is_remote, read_remote
from nb2pipe.errors import SettingsError
from nb2pipe.model import Parameter
from nb2pipe.notebook.parameters import resolve_parameters


@dataclass(frozen=True)
class Given:
    """Parameter values as given.

    Args:
        values: name to value, from code, YAML or files; taken as they are.
        texts: name to text as typed behind ``-p``; read as the declared type.
        raw: name to text as typed behind ``-r``; stays text, and wins over the others.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, parameters: Sequence[Parameter]) -> tuple[dict[str, Any], dict[str, Any]]:
        """All values of a run, and those of them that the user gave.

        Raises:
            SettingsError: a name that the notebook does not have, or a value of the wrong type.
        """
        typed = resolve_parameters(tuple(parameters), dict(self.texts), raw=True)
        given = {**self.values, **{name: typed[name] for name in self.texts}, **self.raw}
        resolved = resolve_parameters(tuple(parameters), given, raw=False)
        return resolved, {name: resolved[name] for name in given}


def given_parameters(
    *,
    texts: Sequence[tuple[str, str]] = (),
    raw: Sequence[tuple[str, str]] = (),
    yaml_texts: Sequence[str] = (),
    files: Sequence[str] = (),
    base64_texts: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
) -> Given:
    """Gather parameters from all places; a later place wins: base64, files, YAML, text, raw.

    Raises:
        SettingsError: a file that cannot be read, or YAML that is not a mapping.
    """
    merged: dict[str, Any] = dict(values or {})
    for text in base64_texts:
        merged |= yaml_mapping(_decoded(text), "the value of --parameters_base64")
    for path in files:
        merged |= yaml_mapping(parameter_file(path), f"the parameter file {path!r}")
    for text in yaml_texts:
        merged |= yaml_mapping(text, "the value of --parameters_yaml")
    return Given(merged, dict(texts), dict(raw))


def parameter_file(path: str) -> str:
    """The text of a parameter file, from a folder or from where papermill reads.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return read_remote(path) if is_remote(path) else Path(path).read_text(encoding="utf-8")
    except Exception as error:  # foreign code: any storage client raises its own
        hint = "Check the path; a URL needs credentials and papermill's package for it." if is_remote(path) else ""
        raise SettingsError(f"the parameter file {path!r} cannot be read: {error}", hint=hint) from error


def yaml_mapping(text: str, what: str) -> dict[str, Any]:
    """YAML (and so JSON) of an object; dates stay text, as in papermill.

    Raises:
        SettingsError: it is not YAML, or not an object with names as keys.
    """
    data = yaml_data(text, what)
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise SettingsError(f"{what} is not a mapping of names to values", hint="Write lines such as: rows: 100")
    return data


def yaml_data(text: str, what: str) -> Any:
    """Any YAML without dates, or JSON.

    Raises:
        SettingsError: it is neither.
    """
    import yaml

    class Plain(yaml.SafeLoader):
        """YAML without dates, and without one name twice, of which PyYAML would silently take the last."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - replaces PyYAML's table of the same name
            first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
            for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            own = [key.value for key, _ in node.value if key.tag == "tag:yaml.org,2002:str"]
            for name in own:
                if own.count(name) > 1:
                    raise yaml.constructor.ConstructorError(None, None, f"it names {name!r} twice", node.start_mark)
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(text, Loader=Plain)  # noqa: S506 - a subclass of SafeLoader
    except yaml.YAMLError as error:
        raise SettingsError(f"{what} is not YAML of parameters: {error}", hint=_YAML_HINT) from error
    except (ValueError, RecursionError) as error:  # a number of too many digits, an endless nesting
        raise SettingsError(f"{what} cannot be read: {error}", hint=_YAML_HINT) from error


_YAML_HINT = "Write each name once, on a line such as: rows: 100"


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SettingsError(f"the value of --parameters_base64 is not base64 text: {error}") from error
