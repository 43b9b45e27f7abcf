"""Reading a value does not count as changing it; changing it does."""

# ruff: noqa: E501 - a row is a row

from __future__ import annotations

from pathlib import Path

import pytest

from tests.session.stepping import Kernel, Steps, clean

READS = {
    "list": ("x = [1, {'a': 2}]", "repr(x); x[1]['a']; sorted(x[1]); len(x)"),
    "frame of two blocks": (
        "import pandas as pd\nx = pd.DataFrame({'a': [1, 2]}); x['b'] = [3, 4]",
        "x.sum(axis=1); x.values",
    ),
    "put together": (
        "import pandas as pd\nx = pd.DataFrame({'a': range(9)}); x['b'] = 1",
        "x._mgr._consolidate_inplace()",
    ),
    "big frame": (
        "import pandas as pd, numpy as np\nx = pd.DataFrame(np.zeros((30000, 3))); x['b'] = 1.5",
        "x.describe(); x.groupby('b').sum(); x.merge(x.head(), on='b'); x.sort_values(0); x._mgr._consolidate_inplace()",
    ),
    "strings and categories": (
        "import pandas as pd\nx = pd.DataFrame({'s': ['a', 'b'], 'c': pd.Categorical(['u', 'v'])})",
        "x.s.str.upper(); x.c.cat.codes; x.s.unique(); x.set_index('s').loc['a']; x.to_string(); x.to_csv()",
    ),
    "dates": (
        "import pandas as pd\nx = pd.Series(range(9), pd.date_range('2024', periods=9))",
        "x.resample('2D').sum(); x.loc['2024-01-02':]; x.index.is_unique; x.rolling(2).mean()",
    ),
    "index of tuples": (
        "import pandas as pd\nx = pd.Series(range(4), pd.MultiIndex.from_product([[1, 2], ['a', 'b']]))",
        "x.loc[1]; x.unstack(); x.index.is_monotonic_increasing; x.index.get_level_values(0)",
    ),
    "array": (
        "import numpy as np\nx = np.arange(50000.)",
        "x.sum(); x @ x; x[x > 3]; x.reshape(2, -1).T.copy(); sorted(x[:9])",
    ),
    "sparse matrix": (
        "import scipy.sparse as sp\nx = sp.csr_matrix([[0, 1], [2, 0]])",
        "x.has_sorted_indices; x.has_canonical_format; x @ x; x.toarray()",
    ),
    "estimator": (
        "from sklearn.linear_model import LogisticRegression\nx = LogisticRegression().fit([[0], [1]], [0, 1])",
        "x.predict([[1]]); x.score([[0]], [0]); repr(x); x.get_params(); x.predict_proba([[1]])",
    ),
    "forest": (
        "from sklearn.ensemble import RandomForestClassifier as R\nx = R(3, random_state=0).fit([[0], [1]], [0, 1])",
        "x.predict([[1]]); x.feature_importances_; x.estimators_[0].predict([[1]])",
    ),
    "neighbours": (
        "from sklearn.neighbors import KNeighborsClassifier as K\nx = K(1).fit([[0], [1]], [0, 1])",
        "x.predict([[1]]); x.kneighbors([[1]])",
    ),
    "function": (
        "def x(a: int = 1): return a\nx.note = 1",
        "x(); x.__annotations__; import inspect; inspect.signature(x); help",
    ),
    "class": (
        "class x:\n    def f(self): return 1",
        "x().f(); x.__doc__; import copy; copy.copy(x()); import inspect; inspect.getmembers(x)",
    ),
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int\nx = C(1)",
        "x == C(1); repr(x); hash",
    ),
    "enum": ("from enum import Enum\nclass C(Enum):\n    A = 1\nx = C.A", "C(1); C['A']; x.name; list(C)"),
    "pattern": ("import re\nx = [re.compile('a')]", "x[0].match('a')"),
}
CHANGES = {
    "list": ("x = [1]", "x.append(2)"),
    "deep": ("x = {'a': [{'b': 1}]}", "x['a'][0]['b'] = 2"),
    "frame": ("import pandas as pd\nx = pd.DataFrame({'a': [1, 2]})", "x.loc[0, 'a'] = 9"),
    "frame attrs": ("import pandas as pd\nx = pd.DataFrame({'a': [1, 2]})", "x.attrs['k'] = 1"),
    "column dropped": ("import pandas as pd\nx = pd.DataFrame({'a': [1, 2], 'b': 1})", "x.pop('b')"),
    "index name": ("import pandas as pd\nx = pd.DataFrame({'a': [1, 2]})", "x.index.name = 'n'"),
    "one number of many": ("import numpy as np\nx = np.zeros(100000)", "x[77] = 1"),
    "in a big frame": ("import pandas as pd, numpy as np\nx = pd.DataFrame(np.zeros((30000, 3)))", "x.iloc[5, 1] = 2"),
    "read only flag": ("import numpy as np\nx = np.zeros(5)", "x.flags.writeable = False"),
    "fit again": ("from sklearn.linear_model import LinearRegression\nx = LinearRegression().fit([[0], [1]], [0, 1])", "x.fit([[0], [1]], [0, 2])"),
    "generator": ("import numpy as np\nx = np.random.default_rng(1)", "x.random()"),
    "label of a line": ("import matplotlib.pyplot as plt\nx, ax = plt.subplots(); ax.plot([1]); plt.close(x)", "x.axes[0].lines[0].set_label('n')"),
    "attribute of a function": ("def x(): ...", "x.n = 1"),
    "class attribute": ("class x: n = 0", "x.n = 1"),
    "closure": ("def mk():\n    n = 0\n    def f():\n        nonlocal n; n += 1\n    return f\nx = mk()", "x()"),
    "iterator": ("x = iter([1, 2])", "next(x)"),
}  # fmt: skip


@pytest.mark.parametrize("case", READS)
def test_reading_changes_nothing(case: str, kernels: tuple[Kernel, Kernel, Kernel], tmp_path: Path) -> None:
    """A step that only reads a value saves nothing and reports no change."""
    make, read = READS[case]
    seen = _second(case, make, read, kernels, tmp_path)
    assert ([], []) == (seen["changed"], [name for name in seen["bound"] if name == "x"])
    assert "x" in seen["reads"]


@pytest.mark.parametrize("case", CHANGES)
def test_changing_is_seen(case: str, kernels: tuple[Kernel, Kernel, Kernel], tmp_path: Path) -> None:
    """A step that changes a value in place reports it."""
    make, change = CHANGES[case]
    assert "x" in _second(f"changed {case}", make, change, kernels, tmp_path)["changed"]


def _second(
    case: str, make: str, use: str, kernels: tuple[Kernel, Kernel, Kernel], folder: Path
) -> dict[str, list[str]]:
    _, first, second = kernels
    steps = Steps(folder, case)
    clean(first)
    assert [""] == steps.run(first, [make]).outputs
    clean(second)
    result = steps.run(second, [use + "; None"])
    assert [""] == result.outputs
    return result.seen
