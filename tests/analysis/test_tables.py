"""The tables of library calls are well-formed, and speak of things that exist."""

from __future__ import annotations

import importlib
import inspect

import pytest

from nb2pipe.analysis.tables.learning import SEEDABLE, SEEDABLE_IF
from nb2pipe.analysis.tables.lookup import TABLES, Spec, any_method_spec, function_spec, method_spec, parse_spec
from nb2pipe.analysis.tables.words import words

RESULTS = words(
    """
    frame series index array list dict set tuple scalar str none iterator file buffer path rng connection cursor
    engine lock thread pool socket session spark estimator axes groupby writer pattern match logger hasher
    exception class function module ipython view optimizer graph image styler any arg part self same copy
    copyof split statsmodel result contextvar finalizer display task element archive handler
    """
)
WORDS = words(
    """
    mutates mutates0 mutates1 mutates2 mutates3 overwrites hands stores stores0 holds split flat consumes reads0 reads1
    writes0 writes1 ensures0 shell fits varies chance calls unknown part copy list deep external external0 external1
    names swallows draws-later copied weak boxes opaque unpickles
    own
    """
)
KEYS = {"draws", "seeds", "sets", "sees", "restores"}


def all_specs() -> list[str]:
    """Every specification in every table."""
    found = []
    for table in TABLES:
        for kind in (table.FUNCTIONS, table.METHODS):
            found += [spec for specs in kind.values() for spec in specs]
        found += [*table.DEFAULTS.values(), *table.METHOD_DEFAULTS.values()]
    return found


def test_specifications_use_known_words() -> None:
    """A misspelt word in a table would be no rule at all, so every word is one that the library reader knows."""
    for text in all_specs():
        spec = parse_spec(text)
        unknown = {spec.result} - RESULTS | spec.words - WORDS | {key for key, _ in spec.keys} - KEYS
        assert set() == unknown, text


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        ("frame", "pandas.read_csv"),
        ("frame", "pandas.DataFrame.from_dict"),
        ("split", "sklearn.model_selection.train_test_split"),
        ("estimator", "sklearn.linear_model.LinearRegression"),
        ("estimator", "sklearn.ensemble.RandomForestClassifier"),
        ("array", "numpy.zeros"),
        ("rng", "numpy.random.default_rng"),
        ("axes", "matplotlib.pyplot.subplots"),
        ("scalar", "math.sqrt"),
        ("axes", "plotly.express.scatter"),
    ],
)
def test_functions_are_found(expected: str, path: str) -> None:
    """A function is found by its dotted path: by its own entry, else by its module's default."""
    spec = function_spec(path)
    assert spec is not None
    assert expected == spec.result


def test_unknown_modules_have_no_specification() -> None:
    """Nothing is assumed of code that no table knows."""
    assert function_spec("nosuch.thing") is None
    assert any_method_spec("frobnicate") is None


def test_a_method_that_changes_one_kind_changes_an_unknown_one() -> None:
    """On a value of unknown kind a method is taken to do what it does on any kind that has it."""
    update = any_method_spec("update")
    head = any_method_spec("head")
    assert isinstance(update, Spec)
    assert isinstance(head, Spec)
    assert "mutates" in update.words
    assert "mutates" not in head.words


def test_frames_are_not_changed_by_looking() -> None:
    """Methods that show or derive from a frame are pure."""
    for name in ("head", "describe", "info", "groupby", "plot", "query", "merge", "assign", "drop", "value_counts"):
        spec = method_spec("frame", name)
        assert spec is not None
        assert not {word for word in spec.words if word.startswith("mutates")}, name


def test_seedable_estimators_take_a_seed() -> None:
    """The list of estimators that draw holds every estimator of scikit-learn with a ``random_state``."""
    discovery = importlib.import_module("sklearn.utils.discovery")
    known = SEEDABLE | set(SEEDABLE_IF)
    missing = {
        name for name, made in discovery.all_estimators() if "random_state" in inspect.signature(made).parameters
    }
    assert set() == missing - known
