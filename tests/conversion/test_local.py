"""Modules beside the notebook: what their files do counts as if it stood in the cells that use it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.conversion import build_pipeline
from nb2pipe.model import Pipeline
from tests.conversion.table import codes_of, notebook_of, orders_of

# name: (the module `mod`, cells, codes)
FINDINGS = {
    "drawn at import": ("import uuid\nRUN = uuid.uuid4()", "mod.RUN", "print(mod.RUN)", ["N2P212"]),
    "drawn through a function": ("import time\nT = time.time()\ndef f(): return T", "mod.f()", "mod.f()", ["N2P212"]),
    "drawn and put into a dict": (
        "import time\nC = {}\nC['t'] = time.time()\nD = f'{C}'",
        "mod.D",
        "print(mod.D)",
        ["N2P212"],
    ),
    "drawn, but only one step looks": (
        "import time\nT = time.time()\ndef f(): return 1",
        "mod.T",
        "mod.f()",
        [],
    ),
    "drawn behind a seed of its own": ("import random\nrandom.seed(1)\nX = random.random()", "mod.X", "mod.X", []),
    "read from a file that nobody changes": ("X = open('c.txt').read()", "mod.X", "mod.X", []),
    "read from a file that a step changes": (
        "import json\nX = json.load(open('c.txt'))",
        "mod.X; open('c.txt', 'w').write('1')",
        "mod.X",
        ["N2P212", "N2P305"],
    ),
    "read from the environment in a setup cell": (
        "import os\nX = os.environ.get('K', '')",
        "import os; mod.X; os.environ['K'] = '1'",
        "mod.X",
        [],
    ),
    "writes a file at import": (
        "open('log.txt', 'a').write('x')\ndef f(): pass",
        "mod.f()",
        "mod.f()",
        ["N2P212", "N2P305"],
    ),
    "element set": ("C = {}\ndef f(): return C", "mod.C['a'] = 1", "mod.f()", ["N2P213"]),
    "element of an element set": ("C = {'x': {}}\ndef f(): return C", "mod.C['x']['a'] = 1", "mod.f()", ["N2P213"]),
    "handed out and changed": ("C = {}\ndef f(): return C", "mod.f()['a'] = 1", "print(mod.C)", ["N2P213"]),
    "under another name": ("C = {}\ndef f(): return C", "c = mod.C; c['a'] = 1", "mod.f()", ["N2P213"]),
    "attribute of an object": ("class S: pass\ns = S()\ndef f(): return s.x", "mod.s.x = 1", "mod.f()", ["N2P213"]),
    "method on a class": ("class S: pass\ns = S()", "mod.S.f = lambda self: 1", "mod.s.f()", ["N2P213"]),
    "changed in a function of the notebook": (
        "C = []",
        "def f(x): x.append(1)\nf(mod.C)",
        "print(mod.C)",
        ["N2P213"],
    ),
    "set by setattr": ("C = 1", "setattr(mod, 'C', 2)", "print(mod.C)", ["N2P208"]),
    "function registered": (
        "R = {}\ndef reg(f):\n    if f.__name__ in R: raise ValueError\n    R[f.__name__] = f\n    return f\n"
        "def run(): return [f() for f in R.values()]",
        "@mod.reg\ndef one(): return 1",
        "mod.run()",
        ["N2P213"],
    ),
    "object made of its class": (
        "class M:\n    def __init__(self, n): self.n, self.xs = n, []\n    def add(self): self.xs.append(self.n)\n"
        "def make(n): return M(n)",
        "x = mod.make(1); x.n += 1; x.xs.append(2); x.add()",
        "print(mod.make(2).xs, x.n)",
        [],
    ),
    "another object of a class changed": (
        "class C:\n    x, tags = 0, ()\n    def set(self, x):\n        self.x = x\n        return self\n"
        "BASE = C()\ndef fresh():\n    import copy\n    return copy.copy(BASE)",
        "c = mod.fresh(); c.set(1); c.tags += ('x',); c.set(2)",
        "print(c.x, mod.BASE.x)",
        [],
    ),
    "the module's own object changed by its method": (
        "class C:\n    x = 0\n    def set(self, x): self.x = x\nBASE = C()",
        "mod.BASE.set(1)",
        "print(mod.BASE.x)",
        ["N2P211"],
    ),
    "only read": ("C = {'a': 1}\ndef f(): return dict(C)", "mod.f()['a'] = 2", "print(mod.C, {**mod.C, 'b': 1})", []),
    "a copy changed": ("C = {'a': 1}", "c = mod.C.copy(); c['a'] = 2", "print(mod.C)", []),
    "another variable changed": ("C, D = [], []", "mod.C.append(1)", "print(mod.D)", []),
    "given to a library": ("C = {'a': 1}", "import numpy as np; np.array(mod.C)", "print(mod.C)", []),
    "fitted": (
        "from sklearn.linear_model import LinearRegression\nm = LinearRegression()",
        "mod.m.fit([[1]], [1])",
        "mod.m.predict([[1]])",
        ["N2P213"],
    ),
    "what it hands a grid": (
        "G = {'alpha': [1, 2]}",
        "from sklearn.linear_model import Ridge\nfrom sklearn.model_selection import GridSearchCV\n"
        "GridSearchCV(Ridge(), mod.G).fit([[1]] * 9, [1] * 9)",
        "print(mod.G)",
        [],
    ),
}


def pipeline_beside(folder: Path, module: str, cells: str) -> Pipeline:
    """The pipeline of a notebook beside a module ``mod``."""
    (folder / "mod.py").write_text(module)
    return build_pipeline(replace(notebook_of(cells), folder=str(folder)))


@pytest.mark.parametrize("case", FINDINGS)
def test_findings_about_modules(case: str, tmp_path: Path) -> None:
    """What two steps would see differently of a module beside the notebook is refused, and nothing else is."""
    module, first, second, codes = FINDINGS[case]
    pipeline = pipeline_beside(tmp_path, module, f"--- setup\nimport mod\n--- step:a\n{first}\n--- step:b\n{second}")
    assert codes == codes_of(pipeline), pipeline.diagnostics


# name: (the module `mod`, cells, orders)
ORDERS = {
    "files of its functions": (
        "from pathlib import Path\nOUT = Path(__file__).parent / 'out'\n"
        "def save(n): (OUT / f'{n}.txt').write_text('x')\ndef read(n): return (OUT / f'{n}.txt').read_text()",
        "--- step:a\nmod.save('one')\n--- step:b\nmod.save('two')\n--- step:c\nmod.read('one')",
        {"a>c"},
    ),
    "random numbers of its functions": (
        "import random\ndef draw(): return random.random()",
        "--- step:a\nimport random; random.seed(1)\n--- step:b\nx = mod.draw()\n--- step:c\ny = mod.draw()",
        {"a>b", "b>c"},
    ),
    "arguments that its functions change": (
        "def add(xs): xs.append(1)\ndef size(xs): return len(xs)",
        "--- step:a\nxs = []\n--- step:b\nmod.add(xs)\n--- step:c\nmod.size(xs)\n--- step:d\nprint(xs)",
        {"a>b", "b>c", "b>d"},
    ),
    "what its import says": (
        "print('loaded')\ndef f(): return 1",
        "--- step:a\nfrom mod import f\n--- step:b\nx = 1\n--- step:c\nfrom mod import f as g",
        {"a>c"},
    ),
    "functions of the notebook that it calls": (
        "def apply(f, x): return f(x)",
        "--- step:a\nk = 1\n--- step:b\nprint(mod.apply(lambda x: x + k, 1))",
        {"a>b"},
    ),
}


@pytest.mark.parametrize("case", ORDERS)
def test_orders_by_modules(case: str, tmp_path: Path) -> None:
    """Files, random numbers and changes of arguments are followed into modules beside the notebook."""
    module, cells, orders = ORDERS[case]
    head = "" if "import mod" in cells or "from mod" in cells else "--- setup\nimport mod\n"
    assert orders == orders_of(pipeline_beside(tmp_path, module, head + cells))


def test_a_module_is_made_of_the_environment_that_a_step_changes(tmp_path: Path) -> None:
    """A step imports a module that looks at the environment, the environment changes, and a later step uses it."""
    cells = "--- step:a\nimport mod, os\nmod.X\nos.environ['K'] = '1'\n--- step:b\nmod.X"
    assert ["N2P212"] == codes_of(pipeline_beside(tmp_path, "import os\nX = os.getenv('K', '')", cells))


def test_an_edited_module_is_read_again(tmp_path: Path) -> None:
    """What a long-lived process says of a module is said of its file as it is now."""
    cells = "--- step:a\nfrom mod import *\n--- step:b\nprint(X)"
    assert [] == codes_of(pipeline_beside(tmp_path, "X = 1", cells))
    assert ["N2P202"] == codes_of(pipeline_beside(tmp_path, "Y = 1", cells))


def test_a_module_that_a_cell_writes_is_known_by_what_is_written(tmp_path: Path) -> None:
    """``%%writefile`` and an import of it: the text in the cell counts, not what the file was before."""
    cells = (
        "--- step:w\n%%writefile mod.py\nimport time\nT = time.time()\n--- step:a\nimport mod\nmod.T\n--- step:b\nmod.T"
    )
    pipeline = pipeline_beside(tmp_path, "T = 1", cells)
    assert (["N2P212"], {"w>a", "a>b"}) == (codes_of(pipeline), orders_of(pipeline))


def test_modules_in_a_folder_on_the_path_are_found(tmp_path: Path) -> None:
    """A folder that a cell puts on ``sys.path`` is looked into, for what a module keeps and changes as well."""
    (tmp_path / "src").mkdir()
    module = "C = {}\nn = 0\ndef f(): return C\ndef count():\n    global n\n    n += 1\n"
    (tmp_path / "src" / "deep.py").write_text(module)
    path = "--- step:p\nimport os, sys\nsys.path.insert(0, os.path.abspath('src'))\nimport deep\n"
    cells = "--- step:a\ndeep.f()['a'] = 1\n--- step:b\nprint(deep.f())"
    assert ["N2P213"] == codes_of(pipeline_beside(tmp_path, "", path + cells))
    cells = "--- step:a\ndeep.count()\n--- step:b\ndeep.count()"
    assert ["N2P211"] == codes_of(pipeline_beside(tmp_path, "", path + cells))
