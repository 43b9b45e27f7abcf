"""Modules that kernels have from the start are as if the step had imported them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nb2pipe.execution.preload import loadable_modules
from nb2pipe.execution.process import ProcessExecutor
from tests.execution.running import plan, printed, run

IMPORTS = """
import json, warnings
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import sklearn.linear_model
"""
LOOK = """
def shown(options):
    return {name: repr(value) for name, value in sorted(options.items())}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    options = {name: pd.get_option(name) for name in sorted(pd._config.config._registered_options)}
print(json.dumps({
    "pandas": shown(options),
    "matplotlib": shown(dict(plt.rcParams)),
    "backend": plt.get_backend(),
    "numpy": shown(np.get_printoptions()),
    "sklearn": shown(sklearn.get_config()),
    "filters": sorted(map(repr, warnings.filters)),
}))
"""


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessExecutor]:
    """One executor for all tests of this file."""
    made = ProcessExecutor(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def test_settings_of_packages_are_those_of_a_kernel(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Options that packages set while they are imported are the same in the step that imports them first and later."""
    pipeline = plan(
        tmp_path, [("setup", IMPORTS), ("step:a", LOOK), ("step:b after:a", LOOK), ("step:c after:b", LOOK)]
    )

    runs = run(pipeline, tmp_path / "home", executor)

    _, first, second, third = printed(pipeline, runs)
    assert len(first) > 1000
    assert first == second == third


def test_a_module_of_the_notebook_s_own_is_never_loaded_ahead(tmp_path: Path) -> None:
    """A file beside the notebook that is named like a package is the step's to import."""
    (tmp_path / "pandas.py").write_text("")
    pipeline = plan(tmp_path, [("step:a", "import pandas, numpy"), ("step:b after:a", "pass")])

    assert ["numpy"] == loadable_modules(pipeline, pipeline.step("a"))


def test_nothing_is_loaded_ahead_where_the_environment_changes(tmp_path: Path) -> None:
    """Packages read some variables once, when they are imported: a notebook that sets any imports for itself."""
    pipeline = plan(
        tmp_path,
        [("step:a", "import os\nos.environ['OMP_NUM_THREADS'] = '1'\nimport numpy"), ("step:b after:a", "pass")],
    )

    assert [] == loadable_modules(pipeline, pipeline.step("a"))


def test_magics_beside_imports_do_not_hide_them(tmp_path: Path) -> None:
    """The cell that most notebooks begin with imports its packages behind `%matplotlib inline`."""
    source = "%matplotlib inline\nimport numpy as np\n!echo ready\nfrom sklearn.linear_model import Ridge"
    pipeline = plan(tmp_path, [("setup", source), ("step:a", "pass"), ("step:b", "pass")])

    assert ["numpy", "sklearn.linear_model"] == loadable_modules(pipeline, pipeline.step("a"))
