"""Settings: where each value comes from, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.settings import SettingRow, explain, load_settings
from nb2pipe.settings.load import NOT_SETTINGS, PREFIX
from nb2pipe.settings.values import KEYS
from nb2pipe.urls import mask_url

ROOT = Path(__file__).parents[2]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment whose user has folders of their own."""
    return {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write(path: Path, text: str) -> Path:
    """Write a file, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_defaults(env: dict[str, str], project: Path, tmp_path: Path) -> None:
    """Without any setting there are defaults under the user's folder for data."""
    settings = load_settings({}, env, project)
    assert tmp_path / "data" / "nb2pipe" == settings.home
    assert f"sqlite:///{tmp_path}/data/nb2pipe/store.db" == settings.store_url
    assert ("auto", True, 0, None, "auto") == (
        settings.executor,
        settings.cache,
        settings.retries,
        settings.timeout_s,
        settings.color,
    )
    assert settings.jobs >= 1
    assert dict.fromkeys(KEYS, "default") == settings.origins


def test_each_layer_goes_before_the_last(env: dict[str, str], project: Path, tmp_path: Path) -> None:
    """A flag beats the environment, that the project's file, that the user's; each value tells where it is from."""
    user = write(
        tmp_path / "config" / "nb2pipe" / "config.toml", "jobs = 1\nretries = 1\ncache = false\ncolor = 'never'\n"
    )
    own = write(project / "nb2pipe.toml", "# ours\n\njobs = 2\nretries = 2\ncache = true\n")
    settings = load_settings({"jobs": 4, "cache": None}, env | {"NB2PIPE_JOBS": "3", "NB2PIPE_RETRIES": "3"}, project)
    assert (4, 3, True, "never") == (settings.jobs, settings.retries, settings.cache, settings.color)
    assert {
        "jobs": "flag --jobs",
        "retries": "environment variable NB2PIPE_RETRIES",
        "cache": f"{own}, line 5",
        "color": f"{user}, line 4",
        "executor": "default",
    }.items() <= settings.origins.items()


def test_the_project_is_searched_upward(env: dict[str, str], project: Path) -> None:
    """The nearest file that speaks of nb2pipe counts, and it alone."""
    below = project / "a" / "b"
    below.mkdir(parents=True)
    write(project / "nb2pipe.toml", "jobs = 7\nretries = 7\n")
    write(
        project / "a" / "pyproject.toml", '[project]\nname = "x"\n\n[tool.nb2pipe]\njobs = 5\n[tool.other]\ncache=1\n'
    )
    write(below / "pyproject.toml", '[project]\nname = "about nb2pipe, without settings"\n')
    settings = load_settings({}, env, below)
    assert (5, 0) == (settings.jobs, settings.retries)
    assert f"{project / 'a' / 'pyproject.toml'}, line 5" == settings.origins["jobs"]


def test_nb2pipe_toml_goes_before_pyproject(env: dict[str, str], project: Path) -> None:
    """In one folder the file of our own counts."""
    write(project / "nb2pipe.toml", "jobs = 7\n")
    write(project / "pyproject.toml", "[tool.nb2pipe]\njobs = 5\n")
    assert 7 == load_settings({}, env, project).jobs


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("JOBS", " 3 ", 3),
        ("CACHE", "off", False),
        ("CACHE", "TRUE", True),
        ("CACHE", "0", False),
        ("TIMEOUT_S", "1.5", 1.5),
        ("TIMEOUT_S", "60", 60.0),
        ("TIMEOUT_S", "none", None),
        ("EXECUTOR", "container", "container"),
        ("COLOR", "always", "always"),
        ("STORE_URL", "postgresql://ann@db/team", "postgresql://ann@db/team"),
    ],
)
def test_values_as_text(env: dict[str, str], project: Path, key: str, text: str, expected: Any) -> None:
    """The environment gives text, read by the kind of setting."""
    settings = load_settings({}, env | {PREFIX + key: text}, project)
    assert expected == getattr(settings, key.lower())
    assert type(expected) is type(getattr(settings, key.lower()))


def test_an_empty_variable_is_none(env: dict[str, str], project: Path) -> None:
    """A variable that is empty is as good as not set."""
    assert "default" == load_settings({}, env | {"NB2PIPE_JOBS": ""}, project).origins["jobs"]


def test_relative_paths(env: dict[str, str], project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Paths in a file are relative to that file, all others to the working directory; ``~`` is the user's home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "ann"))
    write(project / "nb2pipe.toml", 'home = "../runs"\nstore_url = "sqlite:///team/store.db"\n')
    settings = load_settings({}, env, project)
    assert tmp_path / "runs" == settings.home
    assert f"sqlite:///{project}/team/store.db" == settings.store_url
    assert tmp_path / "here" == load_settings({"home": Path("here")}, env, project).home
    assert tmp_path / "ann" / "x" == load_settings({}, env | {"NB2PIPE_HOME": "~/x"}, project).home


def test_the_store_goes_with_home(env: dict[str, str], project: Path, tmp_path: Path) -> None:
    """Naming a home moves the store there, unless the store is named itself."""
    settings = load_settings({"home": str(tmp_path / "h")}, env, project)
    assert f"sqlite:///{tmp_path}/h/store.db" == settings.store_url
    assert "default" == settings.origins["store_url"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jobs = 2\njob = 3", r"There is no setting 'job' \(.*nb2pipe.toml, line 2\).\n.*Did you mean 'jobs'\?"),
        ("wibble = 3", r"There is no setting 'wibble'.*\n.*Known: home, store_url, executor"),
        ("jobs = '2'", r"'jobs' cannot be '2' \(.*nb2pipe.toml, line 1\).\n.*a whole number, 1 or more"),
        ("jobs = 0", "'jobs' cannot be 0"),
        ("jobs = true", "'jobs' cannot be True"),
        ("jobs = 1.5", "'jobs' cannot be 1.5"),
        ("retries = -1", r"'retries' cannot be -1 .*\n.*0 or more"),
        ("cache = 1", r"'cache' cannot be 1 .*\n.*true or false"),
        ("cache = 'on'", "'cache' cannot be 'on'"),
        ("timeout_s = 0", r"'timeout_s' cannot be 0 .*\n.*seconds above 0"),
        ("keep_values_days = -1", r"'keep_values_days' cannot be -1 .*\n.*number of days"),
        ("timeout_s = inf", "'timeout_s' cannot be inf"),
        ("timeout_s = nan", "'timeout_s' cannot be nan"),
        ("color = 'blue'", r"'color' cannot be 'blue' .*\n.*auto, always or never"),
        ("home = 3", "'home' cannot be 3"),
        ("home = ''", "'home' cannot be ''"),
        ("executor = []", r"'executor' cannot be \[\]"),
        ("store_url = 'store.db'", r"'store_url' cannot be 'store.db' .*\n.*must be a URL such as sqlite:///PATH"),
        ("[jobs]\nx = 1", "'jobs' cannot be {'x': 1}"),
        ("jobs = ", r"nb2pipe.toml is not TOML: Invalid value \(at (line 1, column 8|end of document)\)"),
    ],
)
def test_wrong_files(env: dict[str, str], project: Path, text: str, message: str) -> None:
    """A wrong key or value in a file names the file, the line, what is wrong and what would be right."""
    write(project / "nb2pipe.toml", text)
    with pytest.raises(SettingsError, match=message):
        load_settings({}, env, project)


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("NB2PIPE_JOB", "2", r"no setting for the environment variable NB2PIPE_JOB.\n.*Did you mean NB2PIPE_JOBS\?"),
        ("NB2PIPE_WIBBLE", "2", r"no setting for .*\n.*Known: NB2PIPE_HOME, NB2PIPE_STORE_URL"),
        ("NB2PIPE_jobs", "2", r"no setting for .*\n.*Did you mean NB2PIPE_JOBS\?"),
        ("NB2PIPE_JOBS", "many", r"'jobs' cannot be 'many' \(environment variable NB2PIPE_JOBS\)"),
        ("NB2PIPE_CACHE", "maybe", "'cache' cannot be 'maybe'"),
        ("NB2PIPE_JOBS", "1.5", "'jobs' cannot be '1.5'"),
    ],
)
def test_wrong_environment(env: dict[str, str], project: Path, variable: str, text: str, message: str) -> None:
    """A wrong variable or value in the environment is named, with the nearest right one."""
    with pytest.raises(SettingsError, match=message):
        load_settings({}, env | {variable: text}, project)


@pytest.mark.parametrize(("key", "value"), [("jobs", 0), ("cache", "yes"), ("colour", "auto")])
def test_wrong_flags(env: dict[str, str], project: Path, key: str, value: Any) -> None:
    """A wrong flag is refused as such."""
    with pytest.raises(SettingsError, match=f"flag --{key}"):
        load_settings({key: value}, env, project)


def test_a_table_that_is_none(env: dict[str, str], project: Path) -> None:
    """``tool.nb2pipe`` must be a table."""
    write(project / "pyproject.toml", "[tool]\nnb2pipe = 3\n")
    with pytest.raises(SettingsError, match=r"'tool.nb2pipe' in .*pyproject.toml is not a table"):
        load_settings({}, env, project)


def test_a_file_in_another_encoding(env: dict[str, str], project: Path) -> None:
    """A file that is not UTF-8 is refused by name."""
    (project / "nb2pipe.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(SettingsError, match=r"nb2pipe.toml is not text in UTF-8"):
        load_settings({}, env, project)


def test_explain(env: dict[str, str], project: Path, tmp_path: Path) -> None:
    """Every setting is shown with its origin, and no secret."""
    env |= {"NB2PIPE_STORE_URL": "postgresql://ann:s3cret@db/team?sslpassword=x1&sslmode=require", "NB2PIPE_JOBS": "2"}
    rows = explain(load_settings({"cache": False, "home": tmp_path}, env, project))
    assert list(KEYS) == [row.key for row in rows]
    variable = "environment variable NB2PIPE_"
    url = "postgresql://ann:***@db/team?sslpassword=***&sslmode=require"
    assert {
        SettingRow("home", str(tmp_path), "flag --home"),
        SettingRow("store_url", url, f"{variable}STORE_URL"),
        SettingRow("jobs", "2", f"{variable}JOBS"),
        SettingRow("cache", "false", "flag --cache"),
        SettingRow("timeout_s", "none", "default"),
    } <= set(rows)


def test_a_wrong_url_is_shown_without_its_password(env: dict[str, str], project: Path) -> None:
    """An error about a URL does not tell its password."""
    with pytest.raises(SettingsError) as caught:
        load_settings({}, env | {"NB2PIPE_STORE_URL": "postgresql:/ann:s3cret@db"}, project)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////home/store.db", "sqlite:////home/store.db"),
        ("postgresql://ann@db/x", "postgresql://ann@db/x"),
        ("postgresql://ann:a:b@c@db:5432/x", "postgresql://ann:***@db:5432/x"),
        ("postgresql://:pw@db/x", "postgresql://:***@db/x"),
        ("postgresql://ann:p/w?#@db/x", "postgresql://ann:***@db/x"),
        ("postgresql://db/x?user=ann&password=pw", "postgresql://db/x?user=ann&password=***"),
        ("ann:pw@db", "ann:***@db"),
        ("postgresql:/ann:pw@db", "postgresql:/ann:***@db"),
        ("sqlite:////data/a:b@c/store.db", "sqlite:////data/a:b@c/store.db"),
    ],
)
def test_masking(url: str, expected: str) -> None:
    """Whatever may be a password is masked, in malformed URLs too; other URLs stay as they are."""
    assert expected == mask_url(url)


def test_every_variable_of_ours_is_known() -> None:
    """Each NB2PIPE_ variable that the code speaks of is a setting, or listed as something else, so none is refused."""
    known = {PREFIX + key.upper() for key in KEYS} | NOT_SETTINGS
    spoken = {
        name
        for path in (ROOT / "nb2pipe").rglob("*.py")
        for name in re.findall(r"\bNB2PIPE_[A-Z_]*[A-Z]\b", path.read_text())
    }
    assert set() == spoken - known
