"""What files beside the notebook declare: requirements.txt, else pyproject.toml, else environment.yml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from nb2pipe.errors import SettingsError
from nb2pipe.images.installed import Environment
from nb2pipe.images.requirements import Requirements, asked, parse_requirements, read_requirements
from nb2pipe.images.tables import CONDA, CONDA_ITSELF

FILES = ("requirements.txt", "pyproject.toml", "environment.yml", "environment.yaml")
"""The first of these that names packages counts."""

CONDA_SPEC = re.compile(
    r"(?:[\w/.-]+::)?(?P<name>[\w.-]+)\s*"
    r"(?P<version>[=<>!~]=?[^=,]+(?:,[=<>!~]=?[^=,]+)*)?(?:=[^=]+)?$"
)


@dataclass(frozen=True)
class Declared:
    """What the first file says.

    Args:
        file: its name; empty where there is none.
        requirements: what it asks for.
        left_aside: names of the files after it, which are not read.
        python: version of Python that environment.yml asks for; empty for none.
        conda_only: conda's packages that are no distribution here.
    """

    file: str = ""
    requirements: Requirements = field(default_factory=Requirements)
    left_aside: tuple[str, ...] = ()
    python: str = ""
    conda_only: tuple[str, ...] = ()


def read_declared(folder: Path, environment: Environment) -> Declared:
    """Read the first file beside a notebook that names packages.

    Args:
        folder: the notebook's.
        environment: what is installed here, by which conda's packages are known to be distributions.

    Raises:
        SettingsError: it cannot be read or understood.
    """
    for number, name in enumerate(FILES):
        path = folder / name
        if not path.is_file():
            continue
        found = _read(path, environment)
        if found is not None:
            rest = tuple(other for other in FILES[number + 1 :] if (folder / other).is_file())
            return Declared(name, found.requirements, _with_packages(folder, rest), found.python, found.conda_only)
    return Declared()


def _read(path: Path, environment: Environment) -> Declared | None:
    if path.suffix == ".txt":
        return Declared(path.name, read_requirements(path))
    if path.suffix == ".toml":
        requirements = _pyproject(path)
        return None if requirements is None else Declared(path.name, requirements)
    return _conda(path, environment)


def _with_packages(folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if not name.endswith(".toml") or _pyproject(folder / name) is not None)


def _pyproject(path: Path) -> Requirements | None:
    """The dependencies of ``[project]``; None where there are none."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}", hint="Mend it.") from error
    lines = table.get("project", {}).get("dependencies")
    if lines is None:
        if "dependencies" in table.get("tool", {}).get("poetry", {}):
            raise SettingsError(
                f"{path} has its dependencies in [tool.poetry], which only Poetry reads",
                hint="Move them to [project], or write a requirements.txt beside it: `poetry export`.",
            )
        return None
    return Requirements([asked(str(line), f"{path.name}, dependencies", path.parent) for line in lines])


def _conda(path: Path, environment: Environment) -> Declared:
    import yaml

    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        lines = document.get("dependencies") or []
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path} cannot be read: {error}", hint="Mend it.") from error
    requirements = Requirements()
    python, unknown = "", []
    for line in lines:
        if isinstance(line, dict):
            parse_requirements("\n".join(map(str, line.get("pip") or ())), path, requirements)
            continue
        spec = CONDA_SPEC.match(str(line).strip())
        name = spec["name"] if spec else str(line)
        version = _version(spec["version"] if spec else None)
        if name == "python":
            python = version
        elif name not in CONDA_ITSELF:
            known = environment.get(CONDA.get(name, name))
            if known is None:
                unknown.append(name)
            else:
                requirements.asked.append(asked(f"{known.name}{version}", f"{path.name}, {name}", path.parent))
    named = requirements.names
    return Declared(path.name, requirements, (), python, tuple(n for n in unknown if canonicalize_name(n) not in named))


def _version(text: str | None) -> str:
    """conda's ``=1.2`` is ``==1.2.*``; the rest is written as pip has it."""
    text = (text or "").replace(" ", "")
    if not text or text[0] != "=" or text.startswith("=="):
        return text
    return f"=={text[1:]}" if text.endswith("*") else f"=={text[1:]}.*"
