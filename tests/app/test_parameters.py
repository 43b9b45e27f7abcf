"""Parameter values from all the places that papermill reads them from."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from nb2pipe.app.parameters import given_parameters, yaml_mapping
from nb2pipe.errors import SettingsError
from nb2pipe.model import Parameter

PARAMETERS = (Parameter("n", "int", 1), Parameter("s", "str", "a"), Parameter("xs", "list", []))


def test_later_places_win(tmp_path: Path) -> None:
    """base64, then files, then YAML, then -p, then -r, as in papermill."""
    path = tmp_path / "p.yaml"
    path.write_text("s: file\nn: 3\nxs: [1]\n", encoding="utf-8")
    given = given_parameters(
        base64_texts=[base64.b64encode(b"{s: base64, n: 2}").decode()],
        files=[str(path)],
        yaml_texts=["{n: 4}"],
        texts=[("n", "5"), ("s", "typed")],
        raw=[("s", "raw")],
    )
    assert ({"n": 5, "s": "raw", "xs": [1]}, {"s": "raw", "n": 5, "xs": [1]}) == given.resolve(PARAMETERS)


def test_defaults_are_not_given() -> None:
    """Values that the user did not give are resolved, but not shown as given."""
    assert ({"n": 7, "s": "a", "xs": []}, {"n": 7}) == given_parameters(texts=[("n", "7")]).resolve(PARAMETERS)


def test_typed_text_is_data() -> None:
    """Text behind -p for a text parameter stays as typed, quotes and all."""
    evil = "'; import os; os.system('x') #\n\"\"\""
    assert evil == given_parameters(texts=[("s", evil)]).resolve(PARAMETERS)[0]["s"]


@pytest.mark.parametrize("name", ["m", "N"])
def test_unknown_names(name: str) -> None:
    """An unknown name is refused with the names there are."""
    with pytest.raises(SettingsError, match="no parameter"):
        given_parameters(texts=[(name, "1")]).resolve(PARAMETERS)


def test_wrong_types() -> None:
    """A value of another type is refused, from wherever it comes."""
    for given in (given_parameters(texts=[("n", "x")]), given_parameters(values={"n": "x"})):
        with pytest.raises(SettingsError, match="'n'"):
            given.resolve(PARAMETERS)


def test_dates_stay_text() -> None:
    """YAML dates are texts, as in papermill, since JSON has no dates."""
    assert {"day": "2026-11-24"} == yaml_mapping("day: 2026-11-24", "it")
    assert {} == yaml_mapping("", "it")


@pytest.mark.parametrize("text", ["[1, 2]", "5", "{1: 2}", "{a: ", "!!python/object/apply:os.getcwd []"])
def test_yaml_that_is_no_mapping(text: str) -> None:
    """Lists, bare values, broken YAML and Python objects are refused."""
    with pytest.raises(SettingsError):
        yaml_mapping(text, "it")


@pytest.mark.parametrize("text", ["n: 1\nn: 2", '{"n": 1, "n": 2}', "s: [{b: 1, b: 1}]"])
def test_a_name_given_twice(text: str) -> None:
    """YAML and JSON that name a value twice are refused: which one is meant cannot be known."""
    with pytest.raises(SettingsError, match=r"it names '[nb]' twice") as caught:
        yaml_mapping(text, "it")
    assert "once" in caught.value.hint


@pytest.mark.parametrize("text", ["n: " + "[" * 5000, "n: " + "1" * 5000])
def test_yaml_that_python_cannot_hold(text: str) -> None:
    """An endless nesting and a number of too many digits are errors of ours."""
    with pytest.raises(SettingsError, match="it cannot be read"):
        yaml_mapping(text, "it")


def test_a_merged_key_may_be_given_anew() -> None:
    """What a YAML merge brings in may be overridden, as YAML has it."""
    assert {"base": {"a": 1}, "n": {"a": 2}} == yaml_mapping("base: &b {a: 1}\nn: {<<: *b, a: 2}", "it")


def test_what_cannot_be_read() -> None:
    """A missing file, an address that nobody answers and text that is not base64 are named."""
    with pytest.raises(SettingsError, match=r"'http://127\.0\.0\.1:9/p\.yaml' cannot be read") as caught:
        given_parameters(files=["http://127.0.0.1:9/p.yaml"])
    assert caught.value.hint
    with pytest.raises(SettingsError, match=r"nosuch\.yaml"):
        given_parameters(files=["nosuch.yaml"])
    with pytest.raises(SettingsError, match="base64"):
        given_parameters(base64_texts=["%%%"])
