"""What a kernel carries besides variables, and what a step does outside it, each in fresh kernels."""

# ruff: noqa: E501 - a row is a row

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.session.stepping import Kernel, Steps

Fresh = Callable[[], Kernel]
CARRIED = {
    "random": ("import random; random.seed(1); random.random()", "import random; print(random.random())"),
    "numpy.random": ("import numpy as np; np.random.seed(1); np.random.rand()", "import numpy as np; print(np.random.rand())"),
    "environ": (
        "import os; os.environ['N2P_T'] = 'x y'; os.environ.pop('HOME')",
        "import os; print(os.environ['N2P_T'], 'HOME' in os.environ)",
    ),
    "cwd": ("import os; os.makedirs('sub', exist_ok=True); os.chdir('sub')", "import os; print(os.path.basename(os.getcwd()))"),
    "pandas.options": (
        "import pandas as pd; pd.set_option('display.max_rows', 3); pd.options.display.float_format = '{:.1f}'.format",
        "import pandas as pd; print(pd.options.display.max_rows, pd.DataFrame({'a': [1.23]}))",
    ),
    "matplotlib.rcParams": (
        "import matplotlib as mpl; mpl.rcParams['lines.linewidth'] = 7",
        "import matplotlib.pyplot as plt; print(plt.rcParams['lines.linewidth'])",
    ),
    "warnings": (
        "import warnings; warnings.filterwarnings('ignore', 'hush')",
        "import warnings; warnings.warn('hush'); warnings.warn('loud', stacklevel=9); print('end')",
    ),
    "sys.path": ("import sys; sys.path.insert(0, '/first'); sys.path.append('/last')", "import sys; print(sys.path[0], sys.path[-1])"),
    "calendar": ("import calendar; calendar.setfirstweekday(6)", "import calendar; print(calendar.firstweekday())"),
    "annotations": ("from __future__ import annotations", "def f(a: Missing): return a\nprint(f.__annotations__)"),
    "extensions": ("%load_ext autoreload", "print('autoreload' in get_ipython().extension_manager.loaded)"),
    "locale": ("import locale; locale.setlocale(locale.LC_ALL, 'C.UTF-8')", "import locale; print(locale.setlocale(locale.LC_ALL))"),
    "numpy.errstate": ("import numpy as np; np.seterr(divide='raise')", "import numpy as np; print(np.geterr())"),
    "sklearn": (
        "import sklearn; sklearn.set_config(assume_finite=True)",
        "import sklearn; print(sklearn.get_config()['assume_finite'])",
    ),
    "recursion": ("import sys; sys.setrecursionlimit(4321)", "import sys; print(sys.getrecursionlimit())"),
    "switches": ("import sys; sys.setswitchinterval(0.25)", "import sys; print(sys.getswitchinterval())"),
    "gc": ("import gc; gc.disable(); gc.set_threshold(5)", "import gc; print(gc.isenabled(), gc.get_threshold()); gc.enable()"),
    "umask": ("import os; _ = os.umask(0o027)", "import os; open('new', 'w').close(); print(oct(os.stat('new').st_mode))"),
    "sys.argv": ("import sys; sys.argv = ['program', '-x']", "import sys; print(sys.argv)"),
    "csv": ("import csv; _ = csv.field_size_limit(7)", "import csv; print(csv.field_size_limit())"),
    "socket": ("import socket; socket.setdefaulttimeout(9)", "import socket; print(socket.getdefaulttimeout())"),
    "numpy.printoptions": (
        "import numpy as np; np.set_printoptions(precision=2)",
        "import numpy as np; print(np.array([1.23456]))",
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", CARRIED)
def test_surroundings_are_carried(key: str, fresh: Fresh, steps: Steps) -> None:
    """State set in one step is in force in the next, although that one imports the library anew."""
    change, show = CARRIED[key]
    plain, first, second = fresh(), fresh(), fresh()
    plain.run(change)
    expected = plain.run(show)[1]
    assert [key] == steps.run(first, [change], env={"HOME": "/root"}).seen["ambient_changed"]
    assert [expected] == steps.run(second, [show], env={}).outputs


def test_imports_alone_change_nothing(fresh: Fresh, steps: Steps) -> None:
    """What libraries set up when they are imported or used without changing anything is not the step's doing."""
    code = "import random, numpy, pandas, matplotlib.pyplot as plt, sklearn.linear_model, scipy.stats, decimal, locale"
    use = "print(pandas.DataFrame({'a': [1]}).a.sum()); fig, ax = plt.subplots(); ax.plot([1, 2]); plt.show()"
    assert [] == steps.run(fresh(), [code, use]).seen["ambient_changed"]


def test_own_filters_outrank_those_of_later_imports_as_before(fresh: Fresh, steps: Steps) -> None:
    """Importing a library again in a later step does not put its warning filters before the user's own."""
    first = "import sklearn.base, warnings; warnings.simplefilter('ignore')"
    show = "import sklearn.base, warnings; print([f[0] for f in warnings.filters][:1])"
    steps.run(fresh(), [first])
    assert ["['ignore']\n"] == steps.run(fresh(), [show]).outputs


def test_files_read_and_written_are_told(fresh: Fresh, steps: Steps, tmp_path: Path) -> None:
    """Files are told by path and content, temporary ones left out; folders by the names in them."""
    data, out, listed = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "listed"
    data.write_text("a\n1\n")
    listed.mkdir()
    code = (
        "import pandas as pd, os, tempfile, glob\ndf = pd.read_csv('in.csv'); df.to_csv('out.csv')\n"
        "p = 'tmp.bin'; open(p, 'wb').close(); os.remove(p); glob.glob('listed/*')"
    )
    seen = steps.run(fresh(), [code]).seen
    assert hashlib.sha256(b"a\n1\n").hexdigest() == seen["files_read"].pop(str(data))
    assert {f"{listed}/"} == set(seen["files_read"])
    assert {str(out): hashlib.sha256(out.read_bytes()).hexdigest()} == seen["files_written"]
    assert (False, False) == (seen["used_network"], seen["used_shell"])


def test_folders_made_and_removed_are_told(fresh: Fresh, steps: Steps, tmp_path: Path) -> None:
    """A folder that a step makes counts as written, and files removed through an open folder are told where they are."""
    seen = steps.run(fresh(), ["import os; os.makedirs('work/in'); open('work/in/f.txt', 'w').close()"]).seen
    assert {f"{tmp_path}/work/.": "folder", f"{tmp_path}/work/in/.": "folder"}.items() <= seen["files_written"].items()
    seen = steps.run(fresh(), ["import shutil; shutil.rmtree('work')"]).seen
    gone = ("work/.", "work/in/.", "work/in/f.txt")
    assert {f"{tmp_path}/{name}": "" for name in gone} == seen["files_written"]


def test_databases_programs_and_machines_are_seen(fresh: Fresh, steps: Steps, tmp_path: Path) -> None:
    """An SQLite file counts as read and written; started programs and connections to other machines are noted."""
    kernel = fresh()
    seen = steps.run(
        kernel, ["import sqlite3; sqlite3.connect('d.db').execute('create table t (a)').connection.commit()"]
    ).seen
    assert [str(tmp_path / "d.db")] == list(seen["files_written"])
    assert steps.run(kernel, ["!true"]).seen["used_shell"]
    assert steps.run(kernel, ["import subprocess; subprocess.run(['true'])"]).seen["used_shell"]
    code = (
        "import socket; s = socket.socket(); s.setblocking(False)\ntry:\n    s.connect((%r, 9))\nexcept OSError: pass"
    )
    assert not steps.run(kernel, [code % "127.0.0.1"]).seen["used_network"]
    assert steps.run(kernel, [code % "192.0.2.1"]).seen["used_network"]


def test_imported_code_is_told(fresh: Fresh, steps: Steps, tmp_path: Path) -> None:
    """Modules beside the notebook are told by content, installed ones by distribution and version."""
    import numpy
    import sklearn

    module = tmp_path / "helpers_of_mine.py"
    module.write_text("def f(): return 1\n")
    seen = steps.run(fresh(), ["import helpers_of_mine, sklearn; print(helpers_of_mine.f())"]).seen
    assert {str(module): hashlib.sha256(module.read_bytes()).hexdigest()} == seen["local_modules"]
    assert sklearn.__version__ == seen["distributions"]["scikit-learn"]
    assert numpy.__version__ == seen["distributions"]["numpy"]
    assert {} == seen["files_read"]


def test_a_damaged_bundle_is_an_error_in_the_cell(fresh: Fresh, steps: Steps, tmp_path: Path) -> None:
    """A carried value whose bundle is damaged or gone is an error where it is read, never another value."""
    made = steps.run(fresh(), ["a = list(range(100))"]).artifact("a")
    path = tmp_path / "artifacts" / made["digest"][:2] / f"{made['digest']}.bundle"
    data = path.read_bytes()
    kernel = fresh()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert "is damaged" in steps.run(kernel, ["a"], after=[0]).outputs[0]
    path.unlink()
    assert "is missing" in steps.run(kernel, ["a"], after=[0]).outputs[0]


def test_big_frames_are_not_written_again(fresh: Fresh, steps: Steps, tmp_path: Path) -> None:
    """A step that only reads a big frame writes nothing; one that adds a column writes only the column."""
    steps.run(fresh(), ["import pandas as pd, numpy as np; df = pd.DataFrame(np.random.rand(200_000, 5))"])
    kernel = fresh()
    assert [] == steps.run(kernel, ["df.sum(); df.describe(); None"]).report["artifacts"]
    (artifact,) = steps.run(fresh(), ["df['new'] = 1.0"]).report["artifacts"]
    digest = artifact["digest"]
    assert (tmp_path / "artifacts" / digest[:2] / f"{digest}.bundle").stat().st_size < 2_000_000
    assert ["(200000, 6)\n"] == steps.run(fresh(), ["print(df.shape)"]).outputs
