"""Targets: what may stand in their files, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import ConflictError, NotFoundError, SettingsError
from nb2pipe.settings.targets import load_target, load_targets, make_target, remove_target, save_target, target_values

KFP: dict[str, Any] = {"host": "https://kfp.example.com"}
VERTEX: dict[str, Any] = {"project": "my-project", "location": "europe-west4", "pipeline_root": "gs://bucket/runs"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the targets' files."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "nb2pipe" / "targets"


def test_there_and_back(folder: Path) -> None:
    """A file says what was given and no more, and gives the same target again."""
    values = {**KFP, "labels": {"team": 'a "b" \\ ü', "x y": ""}, "timeout_s": 5, "namespace": "team-a"}
    target = make_target("cloud", "kfp", values)
    path = save_target(target)
    assert folder / "cloud.toml" == path and {"kind": "kfp", **values} == target_values(target)
    found = load_target("cloud")
    assert {"kind": "kfp", **values} == target_values(found) and str(path) == found.origin
    save_target(make_target("gcp", "vertex", VERTEX))
    assert ["cloud", "gcp"] == list(load_targets())


def test_a_name_is_taken_once() -> None:
    """Another target of a name is refused, unless it is to take its place."""
    save_target(make_target("cloud", "kfp", KFP))
    with pytest.raises(ConflictError, match="There is a target 'cloud'"):
        save_target(make_target("cloud", "kfp", KFP))
    save_target(make_target("cloud", "vertex", VERTEX), overwrite=True)
    assert "vertex" == load_target("cloud").kind
    remove_target("cloud")
    for action in (load_target, remove_target):
        with pytest.raises(NotFoundError, match="no target 'cloud'"):
            action("cloud")
    with pytest.raises(NotFoundError):
        remove_target("../config")


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("-x", "kfp", KFP, "cannot be named"),
    ("x", "argo", KFP, "no known kind"),
    ("x", "kfp", {}, "has no 'host'"),
    ("x", "kfp", {"host": "kfp.example.com"}, "'host'"),
    ("x", "kfp", {"host": "https://me:secret@kfp.example.com"}, "'host'"),
    ("x", "kfp", {"host": "https://kfp.example.com?token=x"}, "'host'"),
    ("x", "kfp", {**KFP, "namespace": "Team A"}, "'namespace'"),
    ("x", "kfp", {**KFP, "project": "p"}, "has no key 'project'"),
    ("x", "kfp", {**KFP, "token": "abc"}, "has no key 'token'"),
    ("x", "kfp", {**KFP, "timeout_s": 0}, "'timeout_s'"),
    ("x", "kfp", {**KFP, "labels": {"a": 1}}, "'labels'"),
    ("x", "vertex", {**VERTEX, "location": "Europe"}, "'location'"),
    ("x", "vertex", {**VERTEX, "network": "default"}, "'network'"),
    ("x", "vertex", {key: VERTEX[key] for key in ("project", "location")}, "has no 'pipeline_root'"),
]


@pytest.mark.parametrize(("name", "kind", "values", "words"), WRONG, ids=[each[3] for each in WRONG])
def test_wrong_values(name: str, kind: str, values: dict[str, Any], words: str) -> None:
    """What is wrong is named, with what to write; a secret that came along is not shown in the hint."""
    with pytest.raises(SettingsError, match=words) as caught:
        make_target(name, kind, values)
    assert caught.value.hint and "secret" not in caught.value.hint


def test_wrong_files(folder: Path) -> None:
    """A file that is no TOML, or holds something unknown, is named."""
    folder.mkdir(parents=True)
    for text, words in (("kind = ", "is not TOML"), ('kind = "kfp"\nhots = "https://x"', "Did you mean 'host'")):
        (folder / "x.toml").write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError) as caught:
            load_target("x")
        assert words in str(caught.value) and "x.toml" in str(caught.value)
