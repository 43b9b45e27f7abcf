"""Plug-ins: found by entry point, refused with reasons."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.plugins import load_plugin, plugin_names


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed distributions, on the path for one test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def distribution(site: Path, name: str, entry_points: str, **modules: str) -> None:
    """Put a distribution with entry points and modules into a folder, as pip would."""
    info = site / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(entry_points)
    for module, text in modules.items():
        (site / f"{module}.py").write_text(text)
        sys.modules.pop(module, None)


def test_a_plugin_is_found(install: Path) -> None:
    """What an installed distribution offers is listed without importing it, and imported when asked for."""
    distribution(install, "far", "[nb2pipe.executors]\nfar = far_away:Executor\n", far_away="class Executor: pass\n")
    assert "far" in plugin_names("executors")
    assert "far_away" not in sys.modules
    assert "Executor" == load_plugin("executors", "far").__name__
    assert "far" not in plugin_names("engines")


def test_an_unknown_plugin(install: Path) -> None:
    """An unknown name is refused with the nearest and all known ones."""
    distribution(install, "far", "[nb2pipe.serializers]\nfar = far_away:X\nparquet = far_away:Y\n")
    with pytest.raises(SettingsError, match=r"no serializer 'parket'.\n.*Did you mean 'parquet'\?.*Installed:.*far"):
        load_plugin("serializers", "parket")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nothing_like_it", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("1/0", "ZeroDivisionError: division by zero"),
        ("", "AttributeError: .*'Executor'"),
    ],
)
def test_a_broken_plugin(install: Path, code: str, message: str) -> None:
    """A plug-in that cannot be imported is refused with its distribution and the reason."""
    distribution(install, "torn", "[nb2pipe.executors]\ntorn = torn_one:Executor\n", torn_one=code)
    with pytest.raises(SettingsError, match=rf"'torn' of torn 1.2 cannot be loaded: {message} \(torn_one:Executor\)"):
        load_plugin("executors", "torn")


def test_two_of_one_name(install: Path) -> None:
    """When two distributions offer the same name, neither is silently taken."""
    distribution(install, "one", "[nb2pipe.executors]\nfar = one_module:X\n")
    distribution(install, "two", "[nb2pipe.executors]\nfar = two_module:X\n")
    with pytest.raises(SettingsError, match=r"'far' is offered by one 1.2 and by two 1.2"):
        load_plugin("executors", "far")
