"""What pip is told to install: what files beside the notebook ask for, and the versions that are installed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

from nb2pipe.errors import Diagnostic
from nb2pipe.images.codes import finding
from nb2pipe.images.declared import Declared
from nb2pipe.images.installed import Environment, Installed
from nb2pipe.images.projects import Project, project_in
from nb2pipe.images.requirements import Asked, Requirements
from nb2pipe.images.tables import RUNTIME

NEVER = frozenset({"nb2pipe", "pip"})
"""Not installed: the one comes in with each task, the other is there."""


@dataclass(frozen=True)
class Choice:
    """What pip is told.

    Args:
        file: name of the file beside the notebook that was taken in; empty for none.
        asked: requirements of that file, pinned to the versions here where it allows them.
        hashed: the same as lines with hashes, for a file that has them; ``asked`` is then empty.
        constraints: lines that limit versions.
        direct: pins of what the notebook imports or uses, and of what projects need.
        runtime: pins of what nb2pipe needs.
        rest: pins of what these need in turn.
        options: pip's options that the file gives.
        projects: of this machine, to install from a copy.
        diagnostics: findings.
    """

    file: str = ""
    asked: tuple[str, ...] = ()
    hashed: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    runtime: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass
class _Settled:
    """What a file beside the notebook settles.

    Args:
        lines: for pip.
        others: names whose versions are the file's, not those from here.
        same: names that have the versions from here, with their extras.
        projects: that are not installed here.
        diagnostics: findings.
    """

    lines: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    same: dict[str, frozenset[str]] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def choose(needed: Iterable[str], declared: Declared, environment: Environment) -> Choice:
    """Choose what to install.

    Args:
        needed: canonical names of what the notebook imports and uses.
        declared: what the file beside it says.
        environment: what is installed here.
    """
    requirements = declared.requirements
    settled = _settle(declared, environment)
    wanted = {**dict.fromkeys((*needed, *RUNTIME), frozenset[str]()), **settled.same}
    _constrain(declared, environment, settled, wanted)
    closure = environment.closure(wanted, without=settled.others | NEVER)
    found, projects, problems = _by_origin(closure, requirements.names)
    found |= {name: name for name in wanted if name in settled.others - requirements.names}
    needed_by_projects = {name for project in projects for name, _ in environment.installed[project.name].needs()}
    direct = {name: pin for name, pin in found.items() if name in wanted or name in needed_by_projects}
    return Choice(
        declared.file,
        () if requirements.hashed else tuple(dict.fromkeys(settled.lines)),
        _with_hashes(requirements) if requirements.hashed else (),
        tuple(item.text for item in requirements.constraints),
        tuple(pin for name, pin in sorted(direct.items()) if name not in RUNTIME),
        tuple(direct[name] for name in RUNTIME if name in direct),
        tuple(pin for name, pin in sorted(found.items()) if name not in direct),
        requirements.options,
        (*settled.projects, *projects),
        (*settled.diagnostics, *problems),
    )


def _with_hashes(requirements: Requirements) -> tuple[str, ...]:
    lines = (item for item in requirements.asked if item.path is None)
    return tuple(" ".join([item.text, *(f"--hash={digest}" for digest in item.hashes)]) for item in lines)


def _settle(declared: Declared, environment: Environment) -> _Settled:
    settled = _Settled()
    for item in declared.requirements.asked:
        if item.path is not None:
            _settle_project(item.path, environment, settled)
            continue
        here = _same(item, environment, settled)
        if here is None:
            settled.lines.append(item.text)
        elif here.origin == "index":
            settled.lines.append(_pinned(item.requirement, here))
        elif here.name in NEVER:
            settled.diagnostics.append(finding("N2P606", what=f"{here.name} comes in with each task, as it is here."))
    return settled


def _settle_project(path: Path, environment: Environment, settled: _Settled) -> None:
    project = project_in(path)
    installed = environment.get(project.name)
    if installed is not None and installed.source == str(path):
        settled.same[installed.name] = frozenset()
    else:
        settled.projects.append(project)
        settled.others.add(project.name)


def _constrain(
    declared: Declared, environment: Environment, settled: _Settled, wanted: Mapping[str, frozenset[str]]
) -> None:
    """Let constraints settle versions of what is installed anyway."""
    closure = environment.closure(wanted, without=settled.others | NEVER)
    for item in declared.requirements.constraints:
        if item.name in closure:
            limits = _Settled()
            _same(item, environment, limits)
            settled.others |= limits.others
            settled.diagnostics += limits.diagnostics


def _same(item: Asked, environment: Environment, settled: _Settled) -> Installed | None:
    """What is installed here, if a requirement allows it; else the requirement settles the version."""
    requirement = item.requirement
    here = environment.get(item.name) if item.name else None
    if here is None or not item.applies:
        return None
    if requirement is None or requirement.url:
        settled.others.add(item.name)
        return None
    fits = requirement.specifier.contains(here.version.partition("+")[0], prereleases=True)
    if here.origin in ("folder", "file") or (here.origin == "index" and fits):
        settled.same[item.name] = frozenset(requirement.extras)  # a project of this machine is no index's affair
        return here
    settled.others.add(item.name)
    if here.origin == "index":
        settled.diagnostics.append(finding("N2P604", where=item.where, asked=repr(item.text), here=here.version))
    return None


def _pinned(requirement: Requirement | None, here: Installed) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement is not None and requirement.extras else ""
    name, _, version = here.pin.partition("==")
    return f"{name}{extras}=={version}"


def _by_origin(
    closure: Mapping[str, Installed], named: frozenset[str]
) -> tuple[dict[str, str], list[Project], list[Diagnostic]]:
    """Pins of what an index has, projects of this machine, and what neither has."""
    pins: dict[str, str] = {}
    projects, problems = [], []
    needed = {name for item in closure.values() if item.origin == "index" for name, _ in item.needs()}
    for name, item in closure.items():
        if item.origin in ("folder", "file"):
            projects.append(_project(item, first=name in needed))
        elif name in named:
            continue
        elif item.origin == "index":
            pins[name] = item.pin
        elif item.origin == "url" and "@" not in item.source:
            pins[name] = f"{name} @ {item.source}"
        else:
            what = f"{name} {item.version} was installed here from {item.origin} {item.source}"
            text = f"{name} @ {item.source}{f'@{item.revision}' if item.revision else ''}"
            advice = (
                f"Write '{text}' into requirements.txt beside the notebook, and take a base image with git (--base)."
            )
            problems.append(finding("N2P603", what=what, advice=advice))
    return pins, projects, problems


def _project(item: Installed, *, first: bool) -> Project:
    return Project(item.name, Path(item.source), item.version, first)
