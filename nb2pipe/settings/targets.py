"""Targets: engines elsewhere that notebooks are sent to; each is a file ``targets/NAME.toml`` of the user's own."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from nb2pipe.errors import ConflictError, NotFoundError, SettingsError
from nb2pipe.settings.files import parse_toml, text_of, user_folder
from nb2pipe.settings.target_keys import COMMON, NEEDED, OF_KIND
from nb2pipe.settings.values import WrongValue

TargetKind = Literal["kfp", "vertex"]
TARGET_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")


@dataclass(frozen=True)
class Target:
    """An engine elsewhere. It holds no credential: at most where one is kept.

    Args:
        name: as people name it.
        kind: ``kfp`` (Kubeflow Pipelines) or ``vertex`` (Vertex AI Pipelines).
        host: URL of the API of Kubeflow Pipelines; empty for what the SDK finds itself (in a cluster, or by kubectl).
        ui: URL of its pages for people, where that is another.
        namespace: of Kubernetes, where Kubeflow serves several users.
        experiment: that runs are put in; empty for the service's default.
        token_file: file that holds a token, read at each request; empty for what the SDK finds itself.
        ca_file: certificates that the service's is held against; empty for the usual ones.
        project: of Google Cloud.
        location: of Google Cloud, such as ``europe-west4``.
        pipeline_root: where artifacts go (``gs://BUCKET/FOLDER``); empty for the service's default.
        service_account: that steps act as; empty for the service's default.
        network: of Google Cloud, that steps are in; empty for none.
        labels: for each run.
        timeout_s: seconds that the service may take to answer.
        origin: its file; empty where it comes from the environment.
    """

    name: str
    kind: TargetKind
    host: str = ""
    ui: str = ""
    namespace: str = ""
    experiment: str = ""
    token_file: str = ""
    ca_file: str = ""
    project: str = ""
    location: str = ""
    pipeline_root: str = ""
    service_account: str = ""
    network: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 30.0
    origin: str = ""


def make_target(name: str, kind: str, values: Mapping[str, Any], where: str = "") -> Target:
    """A target of values that somebody gave.

    Args:
        name: its name.
        kind: of which kind it is to be.
        values: its other keys; None for those that were not given.
        where: what an error calls it; empty for its name.

    Raises:
        SettingsError: says which key is wrong, and what to write.
    """
    where = where or f"the target {name!r}"
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"A target cannot be named {name!r}.",
            hint="Use letters, digits, '-', '_' and '.'; no sign first.",
        )
    if kind not in TARGET_KINDS:
        raise SettingsError(f"{where} is of no known kind: {kind!r}.", hint=f"Known: {', '.join(TARGET_KINDS)}.")
    readers = {**COMMON, **OF_KIND[kind]}
    found: dict[str, Any] = {"name": name, "kind": kind}
    for key, value in values.items():
        if value is None:
            continue
        _refuse_unknown(key, tuple(readers), kind, where)
        try:
            found[key] = readers[key](value)
        except WrongValue as error:
            raise SettingsError(f"The key {key!r} of {where} cannot be {value!r}.", hint=f"It {error}.") from None
    for key in NEEDED[kind]:
        if not found.get(key):
            raise SettingsError(f"{where} has no {key!r}.", hint=f"A target of the kind {kind!r} needs it.")
    return Target(**found)


def load_targets(env: Mapping[str, str] | None = None) -> dict[str, Target]:
    """All targets that have a file, by name.

    Raises:
        SettingsError: a file cannot be read, or is wrong.
    """
    folder = _folder(env)
    names = sorted(path.stem for path in folder.glob("*.toml")) if folder.is_dir() else []
    return {name: load_target(name, env) for name in names}


def load_target(name: str, env: Mapping[str, str] | None = None) -> Target:
    """A target that has a file.

    Raises:
        NotFoundError: there is none of this name.
        SettingsError: its file cannot be read, or is wrong.
    """
    path = _folder(env) / f"{name}.toml"
    text = text_of(path) if _NAME.fullmatch(name) else None
    if text is None:
        raise NotFoundError(f"There is no target {name!r}.", hint="nb2pipe target list shows those that there are.")
    values = parse_toml(path, text)
    kind = values.pop("kind", "")
    found = make_target(name, str(kind), values, str(path))
    return replace(found, origin=str(path))


def save_target(target: Target, *, overwrite: bool = False, env: Mapping[str, str] | None = None) -> Path:
    """Keep a target in its file.

    Args:
        target: what to keep.
        overwrite: whether one of this name may be written over.
        env: environment; None for the process's own.

    Raises:
        ConflictError: there is one of this name.
        SettingsError: the file cannot be written.
    """
    path = _folder(env) / f"{target.name}.toml"
    if path.exists() and not overwrite:
        raise ConflictError(f"There is a target {target.name!r} ({path}).", hint="Add --replace to write over it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_toml(target), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}).", hint="Mend its rights.") from error
    return path


def remove_target(name: str, env: Mapping[str, str] | None = None) -> None:
    """Remove a target's file; what was sent there goes on.

    Raises:
        NotFoundError: there is none of this name.
        SettingsError: it cannot be removed.
    """
    path = _folder(env) / f"{name}.toml"
    try:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError
        path.unlink()
    except FileNotFoundError:
        hint = "nb2pipe target list shows those that there are."
        raise NotFoundError(f"There is no target {name!r}.", hint=hint) from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be removed ({error.strerror}).", hint="Mend its rights.") from error


def target_values(target: Target) -> dict[str, Any]:
    """What a target's file says: its kind, and all that is not as it is without being said."""
    usual = Target(target.name, target.kind)
    said = {each.name: getattr(target, each.name) for each in fields(target) if each.name not in ("name", "origin")}
    return {key: value for key, value in said.items() if key == "kind" or value != getattr(usual, key)}


def _toml(target: Target) -> str:
    values = target_values(target)
    labels = values.pop("labels", {})
    lines = [f"{key} = {_text(value)}" for key, value in values.items()]
    if labels:
        lines += ["", "[labels]", *(f"{_text(key)} = {_text(value)}" for key, value in labels.items())]
    return "\n".join(lines) + "\n"


def _text(value: Any) -> str:
    """A value as TOML has it: a text is written as JSON's, which TOML reads alike."""
    return json.dumps(value, ensure_ascii=False)


def _refuse_unknown(key: str, known: tuple[str, ...], kind: str, where: str) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1)
        meant = f"Did you mean {near[0]!r}?" if near else f"Known for {kind!r}: {', '.join(known)}."
        raise SettingsError(f"A target of the kind {kind!r} has no key {key!r} ({where}).", hint=meant)


def _folder(env: Mapping[str, str] | None) -> Path:
    return user_folder(os.environ if env is None else env) / "targets"
