"""Sets keep their order through a bundle, and go on as they would have."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from nb2pipe.artifacts.context import Context
from nb2pipe.artifacts.scan import scan
from tests.artifacts.making import load, namespace, save, store_in

TEXTS = "[f'{i * 7919 % 1009}x' for i in range(n)]"
MADE = {
    "texts": f"s = set({TEXTS})",
    "grown": "s = {str(i) for i in range(n)} | {str(-i) for i in range(2 * n)}",
    "shrunk": f"s = set({TEXTS})\nfor each in list(s)[::2]: s.discard(each)",
    "popped": f"s = set({TEXTS})\nfor _ in range(min(n, len(s)) // 2): s.pop()",
    "emptied": f"s = set({TEXTS}) | set(range(30))\nwhile s: s.pop()",
    "frozen": f"s = frozenset({TEXTS}) - {{'0x'}}",
    "nested": "s = {frozenset(str(i + k) for k in range(20)) for i in range(n)}",
    "mixed": "s = {None, 'a', 1.5, (2, 'b'), int, len} | set(range(n))",
    "subclass": f"class Tags(set): pass\ns = Tags({TEXTS}); s.discard('1x'); s.kind = [1]",
}


@pytest.mark.parametrize("n", [4, 60, 3000])
@pytest.mark.parametrize("made", MADE)
def test_a_set_comes_back_as_it_was(made: str, n: int, tmp_path: Path) -> None:
    """The order is the same, and so is the one after the same changes."""
    names = namespace(f"n = {n}\n{MADE[made]}")
    loaded = load(store_in(tmp_path), save(store_in(tmp_path), names))
    assert (list(names["s"]), names["s"]) == (list(loaded["s"]), loaded["s"])
    if not isinstance(names["s"], frozenset):
        for each in (names["s"], loaded["s"]):
            each.update(str(i) for i in range(50))
            if each:
                each.discard(each.pop())
        assert list(names["s"]) == list(loaded["s"])


def test_sets_that_hold_what_holds_them(tmp_path: Path) -> None:
    """A graph of objects with sets of each other comes back whole, in the same order, each object once."""
    code = "class N:\n    def __init__(self, n): self.n, self.out = n, set()\nnodes = [N(i) for i in range(9)]"
    names = namespace(code)
    for node in names["nodes"]:
        node.out.update(other for other in names["nodes"] if (node.n + other.n) % 3)
    names["first"] = names["nodes"][0].out
    loaded = load(store_in(tmp_path), save(store_in(tmp_path), names))
    assert loaded["first"] is loaded["nodes"][0].out
    orders = [[[other.n for other in node.out] for node in each["nodes"]] for each in (names, loaded)]
    assert orders[0] == orders[1]
    assert all(other in node.out for node in loaded["nodes"] for other in loaded["nodes"] if (node.n + other.n) % 3)


def test_what_hashes_anew_keeps_its_order(tmp_path: Path) -> None:
    """Where elements have other hashes than they had, a set has its order still, and finds what is in it or is not."""
    (tmp_path / "code.py").write_text("s = {f'word {i}' for i in range(40)}; s.discard('word 0'); t = list(s)")
    folder = str(tmp_path)
    _python("11", WRITE, folder)
    same, found, other = _python("12", READ, folder).split()
    assert ("True", "True", "False") == (same, found, other)


WRITE = """
import pickle, sys
from pathlib import Path
from tests.artifacts.making import namespace, save, store_in
folder = Path(sys.argv[1])
saved = save(store_in(folder), namespace((folder / "code.py").read_text()))
(folder / "saved").write_bytes(pickle.dumps(saved))
"""
READ = """
import pickle, sys
from pathlib import Path
from tests.artifacts.making import load, store_in
folder = Path(sys.argv[1])
names = load(store_in(folder), pickle.loads((folder / "saved").read_bytes()))
print(list(names["s"]) == names["t"], all(each in names["s"] for each in names["t"]), "word 0" in names["s"])
"""


def test_a_set_that_pickle_makes_again_is_left_to_it() -> None:
    """A small set of texts that was only added to is written as pickle writes it."""
    value = {"a"}
    assert pickle.dumps([value], 5) == scan([value], Context({})).data


def _python(seed: str, code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    folder = Path(__file__).parents[2]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True, text=True).stdout
