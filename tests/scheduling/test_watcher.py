"""Data that is watched, in real files: a change sets off one run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from nb2pipe.model import State
from nb2pipe.scheduling.data.place import Item, Place, Unseen
from nb2pipe.scheduling.data.seen import place_of
from nb2pipe.scheduling.data.watcher import LANES, SILENCE_S
from nb2pipe.store import Store
from tests.scheduling.watching import Watching, write

YEAR_2000 = 946684800


@pytest.fixture
def watching(store: Store) -> Watching:
    """A watcher on a stage."""
    return Watching(store)


def old(path: str) -> None:
    """Make a file look as if it had been written long ago."""
    os.utime(path, (YEAR_2000, YEAR_2000))


def test_a_file(watching: Watching, tmp_path: Path) -> None:
    """The first look sets off nothing; a change does once it has been still for a while; being touched is none."""
    path = write(tmp_path / "in.csv", "1")
    schedule = watching.add(path, settle_s=5.0)
    watching.rest()
    assert [] == watching.reasons(schedule)
    write(tmp_path / "in.csv", "2")
    assert 1.0 == watching.after(10)
    watching.after(4)
    write(tmp_path / "in.csv", "3")
    watching.after(1)
    watching.after(4.9)
    assert [] == watching.reasons(schedule)
    watching.after(0.1)
    assert [f"changed: {path}"] == watching.reasons(schedule)
    old(path)
    watching.rest()
    assert 1 == len(watching.reasons(schedule))
    run = watching.store.run("latest")
    assert (f"changed: {path}", State.QUEUED) == (run.cause, run.state)
    assert watching.states(schedule)[path].changed_at


def test_the_same_size_and_time(watching: Watching, tmp_path: Path) -> None:
    """A change is seen though size and time of change are as before."""
    path = write(tmp_path / "in.csv", "1")
    old(path)
    schedule = watching.add(path)
    watching.rest()
    write(tmp_path / "in.csv", "2")
    old(path)
    watching.rest()
    assert [f"changed: {path}"] == watching.reasons(schedule)


@pytest.mark.parametrize("is_glanced", [True, False])
def test_a_change_while_nobody_looked(watching: Watching, tmp_path: Path, is_glanced: bool) -> None:
    """What changes between adding a schedule and the first look, or while no scheduler is there, is not lost; without
    a glance at the time of adding, the first look is where it begins."""
    path = write(tmp_path / "in.csv", "1")
    schedule = watching.add(path, is_glanced=is_glanced)
    write(tmp_path / "in.csv", "2")
    watching.rest()
    expected = [f"changed: {path}"] * is_glanced
    assert expected == watching.reasons(schedule)
    for each in watching.store.schedules.firings(schedule.id, 9):
        watching.store.schedules.start([each])
    write(tmp_path / "in.csv", "3")
    watching.restart()
    watching.rest()
    assert [*expected, f"changed: {path}"] == watching.reasons(schedule)


def test_a_folder(watching: Watching, tmp_path: Path) -> None:
    """All files below a folder count, dot files do not; what changed, came and went is one run, and named."""
    folder = tmp_path / "data"
    for name in ("a", "b", "sub/c", ".hidden", ".cache/d"):
        write(folder / name, "1")
    schedule = watching.add(str(folder))
    watching.rest()
    write(folder / ".hidden", "2")
    write(folder / ".cache" / "e", "2")
    watching.rest()
    assert [] == watching.reasons(schedule)
    write(folder / "sub" / "c", "2")
    (folder / "b").unlink()
    for name in ("1", "2", "3", "4", "5"):
        write(folder / "new" / name, "x")
    watching.rest()
    new = ", ".join(str(folder / "new" / name) for name in "123")
    expected = f"changed: {folder / 'sub' / 'c'}; new: {new} and 2 more; gone: {folder / 'b'}"
    assert [expected] == watching.reasons(schedule)


def test_a_pattern(watching: Watching, tmp_path: Path) -> None:
    """Only what fits a pattern counts, and what is yet to come may be watched."""
    schedule = watching.add(str(tmp_path / "data" / "**" / "*.csv"), str(tmp_path / "[x].txt"))
    watching.rest()
    assert all(state.is_empty for state in watching.states(schedule).values())
    path = write(tmp_path / "data" / "x" / "a.csv", "1")
    write(tmp_path / "data" / "x" / "a.txt", "1")
    watching.rest()
    assert [f"new: {path}"] == watching.reasons(schedule)
    write(tmp_path / "[x].txt", "1")
    watching.store.schedules.start(watching.store.schedules.firings(schedule.id, 9))
    watching.rest()
    assert f"new: {tmp_path / '[x].txt'}" == watching.reasons(schedule)[-1]


def test_all_is_gone(watching: Watching, tmp_path: Path) -> None:
    """A folder that is empty all at once, as when its disk is not mounted, is a fault; back again, it is nothing."""
    folder = tmp_path / "data"
    write(folder / "a", "1")
    schedule = watching.add(str(folder))
    watching.rest()
    folder.rename(tmp_path / "elsewhere")
    folder.mkdir()
    watching.rest()
    assert "nothing is there any more" in watching.states(schedule)[str(folder)].fault
    folder.rmdir()
    (tmp_path / "elsewhere").rename(folder)
    watching.rest()
    assert ("", []) == (watching.states(schedule)[str(folder)].fault, watching.reasons(schedule))


def test_faults(watching: Watching, tmp_path: Path) -> None:
    """What cannot be looked at is shown, fires nothing, and hinders no other place; healed, it goes on as it was."""
    loop, pipe, good = tmp_path / "loop", tmp_path / "pipe", tmp_path / "good"
    write(loop, "1")
    os.mkfifo(pipe)
    write(good, "1")
    schedule = watching.add(str(loop), str(pipe), str(good))
    watching.rest()
    loop.rename(tmp_path / "aside")
    loop.symlink_to(loop)
    write(good, "2")
    watching.rest()
    states = watching.states(schedule)
    assert "symbolic links" in states[str(loop)].fault and states[str(loop)].is_seen
    assert "neither a file nor a folder" in states[str(pipe)].fault and not states[str(pipe)].is_seen
    assert [f"changed: {good}"] == watching.reasons(schedule)
    loop.unlink()
    (tmp_path / "aside").rename(loop)
    watching.rest()
    assert ("", 1) == (watching.states(schedule)[str(loop)].fault, len(watching.reasons(schedule)))


class Moving:
    """A place that is written to while it is read."""

    def __init__(self) -> None:
        self.version = 0
        self.is_moving = False

    def listing(self, known: object) -> Mapping[str, Item]:
        """One file."""
        return {"x": Item(str(self.version))}

    def digest(self, name: str) -> str:
        """Its content, after which it is another."""
        found = str(self.version)
        self.version += self.is_moving
        return found


def test_written_while_it_is_read(store: Store) -> None:
    """What moves on while it is read is left to the next look, so that nothing half written is taken."""
    place = Moving()
    watching = Watching(store, lambda *_: place)
    schedule = watching.add("/x", is_glanced=False)
    watching.rest()
    place.version, place.is_moving = 5, True
    watching.rest()
    assert [] == watching.reasons(schedule)
    place.is_moving = False
    watching.rest()
    assert ["changed: x"] == watching.reasons(schedule)


class Slow:
    """A place where a look takes as long as other looks do, as a test says.

    Args:
        place: the place itself.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self.meanwhile: Callable[[], None] | None = None

    def listing(self, known: Iterable[str]) -> Mapping[str, Item]:
        """What is there, once all that happens meanwhile has happened."""
        found = self._place.listing(known)
        work, self.meanwhile = self.meanwhile, None
        if work is not None:
            work()
        return found

    def digest(self, name: str) -> str:
        """As the place says."""
        return self._place.digest(name)


def test_a_place_that_does_not_answer(store: Store, tmp_path: Path) -> None:
    """A look that hangs keeps nobody else waiting and is shown; what it comes to at last does not count twice."""
    path, seen = write(tmp_path / "data" / "a", "1"), list[str]()
    slow_place = Slow(place_of(path))
    watching = Watching(store, lambda place, _: slow_place if place == path else place_of(place))
    slow, other = watching.add(path, name="slow"), watching.add(str(tmp_path / "data"), name="other")
    watching.rest()

    def meanwhile() -> None:
        write(tmp_path / "data" / "a", "2")
        watching.rest()
        watching.after(SILENCE_S)
        seen.extend([watching.states(slow)[path].fault, *watching.reasons(slow), *watching.reasons(other)])

    slow_place.meanwhile = meanwhile
    watching.after(10)
    assert ["no answer for 60 s", f"changed: {path}"] == seen
    watching.rest()
    assert [f"changed: {path}"] == watching.reasons(slow) == watching.reasons(other)
    assert "" == watching.states(slow)[path].fault


def test_many_places(store: Store, tmp_path: Path) -> None:
    """However many are watched, only so many are looked at at once, and each gets its turn."""
    work: list[Callable[[], None]] = []
    watching = Watching(store, spawn=work.append)
    names = [f"n{number}" for number in range(20)]
    schedules = [watching.add(str(tmp_path / name), name=name, is_glanced=False) for name in names]
    watching.after(10)
    watching.after(1)
    assert LANES[False] == len(work)
    for each in work:
        each()
    assert all(state.is_seen for schedule in schedules for state in watching.states(schedule).values())


class Bad:
    """A place that breaks in a way that nobody thought of."""

    def listing(self, known: object) -> Mapping[str, Item]:
        """Break."""
        raise RuntimeError("oops")

    def digest(self, name: str) -> str:
        """Never asked."""
        raise Unseen


def test_a_place_that_breaks(store: Store, tmp_path: Path) -> None:
    """Whatever a look meets, it is told, and the others are looked at."""
    path = write(tmp_path / "a", "1")
    places: dict[str, Place] = {"/bad": Bad()}
    watching = Watching(store, lambda place, _: places.get(place) or place_of(place))
    watching.add("/bad", is_glanced=False, name="bad")
    good = watching.add(path, name="good")
    write(tmp_path / "a", "2")
    watching.rest()
    assert [f"changed: {path}"] == watching.reasons(good)
    assert "bad: RuntimeError('oops')" in watching.told


def test_an_idle_look_writes_nothing(watching: Watching, tmp_path: Path) -> None:
    """Where nothing has changed the store is only asked, however often one looks."""
    path = write(tmp_path / "a", "1")
    old(path)
    schedule = watching.add(path)
    watching.rest()
    before = watching.store.triggers.places(schedule.id)
    for _ in range(5):
        watching.rest()
    assert before == watching.store.triggers.places(schedule.id)
