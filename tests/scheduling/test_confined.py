"""Data that is watched within a folder: nothing outside of it is looked at, whatever links say."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.scheduling.data.local import LocalPlace
from nb2pipe.scheduling.data.place import Unseen
from nb2pipe.scheduling.data.seen import place_of
from nb2pipe.store import Store
from tests.scheduling.watching import Watching


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with files of its own, links within it, and links out of it, as an outsider may make them."""
    for path in ("root/a.csv", "root/sub/b.csv", "root/sub/deep/c.csv", "root/.git/d.csv", "out/e.csv", "out/in/f.csv"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    root = tmp_path / "root"
    for name, target in (("file.csv", "out/e.csv"), ("folder", "out"), ("up", "."), ("own.csv", "root/a.csv")):
        (root / name).symlink_to(tmp_path / target)
    (root / "near").symlink_to(root / "sub")
    (root / "hidden").symlink_to(root / ".git")
    (root / "loop").symlink_to(root)
    return root


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.csv", {"a.csv", "own.csv"}),
        ("*/*.csv", {"sub/b.csv", "near/b.csv", "loop/a.csv", "loop/own.csv"}),
        ("**/*.csv", {"a.csv", "own.csv", "sub/b.csv", "sub/deep/c.csv"}),
        ("**", {"a.csv", "own.csv", "sub/b.csv", "sub/deep/c.csv"}),
        ("f*", set()),
        ("folder/*.csv", set()),
        ("folder/in/f.csv", set()),
        ("file.csv", set()),
        ("hidden/*", set()),
        ("up/out/*.csv", set()),
        ("up/root/*.csv", {"up/root/a.csv", "up/root/own.csv"}),
        ("", {"a.csv", "own.csv", "sub/b.csv", "sub/deep/c.csv"}),
        ("[as]*", {"a.csv"}),
        ("a.csv/*", set()),
        ("nosuch/*", set()),
    ],
)
def test_what_is_looked_at(root: Path, pattern: str, expected: set[str]) -> None:
    """Files of the folder, also by links that stay in it, and nothing else."""
    found = place_of(str(root / pattern), str(root)).listing(())
    assert {str(root / name) for name in expected} == set(found)


@pytest.mark.parametrize("pattern", ["*.csv", "*/*.csv", "**/*.csv", "sub", "a.csv", "s*/**/*.csv"])
def test_as_without_a_limit(root: Path, pattern: str) -> None:
    """Where no link leads out, the same is found as without a limit."""
    for path in root.iterdir():
        if path.is_symlink():
            path.unlink()
    limited = place_of(str(root / pattern), str(root)).listing(())
    assert limited and set(limited) == set(place_of(str(root / pattern)).listing(()))


def test_a_file_that_turns_into_a_link(root: Path) -> None:
    """What has become a link out of the folder is not read, even between the look and the reading."""
    place = LocalPlace(str(root / "a.csv"), str(root))
    assert [str(root / "a.csv")] == list(place.listing(()))
    (root / "a.csv").unlink()
    (root / "a.csv").symlink_to(root.parent / "out" / "e.csv")
    with pytest.raises(Unseen, match="leads out of"):
        place.digest(str(root / "a.csv"))
    assert {} == place.listing([str(root / "a.csv")])


def test_the_scheduler_keeps_to_it(root: Path, store: Store) -> None:
    """A change behind a link out of the folder sets nothing off; one within it does."""
    watching = Watching(store)
    schedule = watching.add(str(root / "**" / "*.csv"), within=str(root))
    watching.rest()
    (root.parent / "out" / "e.csv").write_text("other")
    (root / "more").symlink_to(root.parent / "out" / "in")
    (root / "more.csv").symlink_to(root.parent / "out" / "e.csv")
    watching.rest()
    assert [] == watching.reasons(schedule)
    (root / "sub" / "b.csv").write_text("other")
    watching.rest()
    assert [f"changed: {root / 'sub' / 'b.csv'}"] == watching.reasons(schedule)
