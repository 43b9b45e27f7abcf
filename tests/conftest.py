"""What all tests share: a home of their own, and skips that count.

A test that cannot run for lack of something skips with a reason that names it: ``needs postgresql: ...``. Where
``NB2PIPE_REQUIRE=kernel,postgresql,cases`` names the thing, as CI does, that skip is a failure.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

REQUIRED = tuple(name.strip() for name in os.environ.get("NB2PIPE_REQUIRE", "").split(",") if name.strip())


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither read nor write the settings, the store or the IPython profile of whoever runs them."""
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("NB2PIPE_") and name != "NB2PIPE_REQUIRE"]:
            patch.delenv(name)
        for name in ("NB2PIPE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "IPYTHONDIR"):
            patch.setenv(name, str(folder / name.lower()))
        yield


@pytest.fixture(autouse=True)
def nb2pipe_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for each test, so that no test finds the cache or the runs of another."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("NB2PIPE_HOME", str(home))
    return home


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of something required into a failure."""
    report = yield
    _refuse_required_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for modules that skip themselves whole."""
    report = yield
    _refuse_required_skip(report)
    return report


def _refuse_required_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    for name in REQUIRED:
        if re.search(rf"\b{re.escape(name)}\b", reason, re.IGNORECASE):
            report.outcome = "failed"
            report.longrepr = f"NB2PIPE_REQUIRE names {name!r}, but: {reason}"
            return
