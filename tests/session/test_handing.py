"""Code that is not ours looks for the notebook's names without asking for them."""

from __future__ import annotations

from collections.abc import Callable

from tests.session.stepping import Kernel, Steps

Fresh = Callable[[], Kernel]


def test_cloudpickle_finds_what_functions_use(fresh: Fresh, steps: Steps) -> None:
    """A function that joblib sends to another process takes along the globals that it uses, and what these use."""
    steps.run(fresh(), ["k = 3\ndef inner(x): return x * k\ndef outer(x): return inner(x) + 1"])
    send = "from joblib import Parallel, delayed; print(Parallel(2)(delayed(outer)(i) for i in range(2)))"
    result = steps.run(fresh(), [send])
    assert ["[1, 4]\n"] == result.outputs
    assert {"outer", "inner", "k"} <= set(result.seen["reads"])


def test_pickle_finds_classes_of_the_notebook(fresh: Fresh, steps: Steps) -> None:
    """``pickle`` looks a class up in ``__main__``, which has what stands ready; afterwards it is as it was."""
    steps.run(fresh(), ["class P: pass\np = P()"])
    kernel = fresh()
    code = "import pickle, types; print(type(pickle.loads(pickle.dumps(p))))"
    assert ["<class '__main__.P'>\n"] == steps.run(kernel, [code]).outputs
    assert "True\n" == kernel.run("import sys, types; print(type(sys.modules['__main__']) is types.ModuleType)")[1]
    assert "has no attribute 'nope'" in kernel.run("sys.modules['__main__'].nope")[1]


def test_state_comes_back_with_modules_that_other_state_needs(fresh: Fresh, steps: Steps) -> None:
    """A warnings filter for a library's class imports that library: its random state is put in place then."""
    seed = (
        "import numpy as np, warnings\nfrom sklearn.exceptions import ConvergenceWarning as W\n"
        "warnings.simplefilter('ignore', W); np.random.seed(1)"
    )
    steps.run(fresh(), [seed])
    plain = fresh()
    plain.run(seed)
    assert [plain.run("print(np.random.rand())")[1]] == steps.run(fresh(), ["print(np.random.rand())"]).outputs


def test_threads_that_ask_for_one_name_all_get_it(fresh: Fresh, steps: Steps) -> None:
    """Threads that meet a name while another is loading it wait for it, rather than not finding it."""
    steps.run(fresh(), ["data = list(range(300_000))\ndef f(i): return len(data) + i"])
    ask = (
        "from threading import Barrier, Thread\nbarrier, found = Barrier(8), []\n"
        "def ask(i):\n    barrier.wait()\n    found.append(f(i) - i)\n"
        "threads = [Thread(target=ask, args=(i,)) for i in range(8)]\n"
        "for t in threads: t.start()\nfor t in threads: t.join()\nprint(found == [300_000] * 8)"
    )
    assert ["True\n"] == steps.run(fresh(), [ask]).outputs
