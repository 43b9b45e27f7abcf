"""Schedules that Kubeflow Pipelines fires, beside those of our own scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.elsewhere.keep import keep_current
from nb2pipe.app.history import list_runs
from nb2pipe.app.parameters import Given
from nb2pipe.app.schedules import keeping as use
from nb2pipe.app.schedules.triggers import TriggerWords
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.errors import ConflictError, RefusedError, RemoteError, SettingsError
from nb2pipe.kubeflow.remote.abilities import CANNOT
from nb2pipe.kubeflow.remote.kfp_cron import six_fields
from nb2pipe.model import CronTrigger, Missed, Overlap, ScheduleEntry, Source, Standing, State
from nb2pipe.scheduling.cron import cron_times, read_cron
from nb2pipe.scheduling.triggers import When
from nb2pipe.settings import Settings
from tests.kubeflow.remote.sending import notebook
from tests.kubeflow.remote.standin import StandIn
from tests.kubeflow.remote.workflow import Task

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAILY = When(cron="30 6 * * 1-5", zone="UTC")


def added(settings: Settings, folder: Path, **words: Any) -> ScheduleEntry:
    """A schedule on the target."""
    given = {"when": DAILY, "target": "cloud", "name": "daily", **words}
    return use.add_schedule(ScheduleWords(notebook=str(notebook(folder)), **given), settings, NOW)


def test_a_schedule_from_its_beginning_to_its_end(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """It is listed, paused, resumed and removed with the others, and the engine does the same."""
    entry = added(settings, tmp_path, given=Given({"n": 9}), tags=("x",), notify=("none",))
    (made,) = kfp.schedules.values()
    assert {"cron": "0 30 6 * * 1,2,3,4,5"} == made["trigger"]["cron_schedule"]
    assert ({"n": 9}, "1", True) == (
        made["runtime_config"]["parameters"],
        made["max_concurrency"],
        made["no_catchup"],
    )
    assert entry.schedule is not None and ("cloud", Source.SNAPSHOT) == (entry.schedule.target, entry.schedule.source)
    assert datetime(2026, 3, 2, 6, 30, tzinfo=UTC) == entry.next_due_at
    assert Standing.PAUSED == use.pause_schedule("daily", settings).standing and "DISABLED" == made["status"]
    assert Standing.ACTIVE == use.resume_schedule("daily", settings).standing and "ENABLED" == made["status"]
    assert ["daily"] == [each.name for each in use.list_schedules(settings)[0]]
    assert 5 == len(use.show_schedule("daily", settings).next_times)
    use.remove_schedule("daily", settings)
    assert {} == kfp.schedules and [] == use.list_schedules(settings)[0]


def test_runs_that_it_made(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """Runs that the engine started come into the store once, and are followed as any run there."""
    entry = added(settings, tmp_path)
    run_id = kfp.fire(next(iter(kfp.schedules)))
    kfp.move(run_id, "RUNNING", load=Task("SUCCEEDED"))
    keep_current(settings)
    keep_current(settings)
    ((run,), _) = list_runs(settings)
    assert (run_id, entry.id, "cloud", State.RUNNING) == (run.remote_id, run.schedule_id, run.target, run.state)
    kfp.move(run_id, "SUCCEEDED", train_it=Task("SUCCEEDED"))
    keep_current(settings)
    _, states, _ = use.list_schedules(settings)
    (firing,) = use.show_schedule("daily", settings).firings
    assert {entry.id: State.SUCCEEDED} == states and (run.id, State.SUCCEEDED) == (firing.run_id, firing.state)


def test_what_happens_there_is_seen_here(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """A schedule that somebody paused or deleted there is so here too."""
    added(settings, tmp_path)
    (made,) = kfp.schedules.values()
    made["status"] = "DISABLED"
    keep_current(settings)
    assert Standing.PAUSED == use.show_schedule("daily", settings).entry.standing
    kfp.schedules.clear()
    keep_current(settings)
    entry = use.show_schedule("daily", settings).entry
    assert Standing.ENDED == entry.standing and "deleted there" in entry.reason
    use.remove_schedule("daily", settings)


POLICIES: list[tuple[dict[str, Any], str, bool]] = [
    ({}, "1", True),
    ({"missed": Missed.ONCE}, "1", True),
    ({"missed": Missed.ALL}, "1", False),
    ({"overlap": Overlap.QUEUE}, "1", False),
    ({"overlap": Overlap.ALLOW, "at_once": 3}, "3", True),
    ({"overlap": Overlap.ALLOW, "missed": Missed.ALL}, "4", False),
]


@pytest.mark.parametrize(("policy", "at_once", "no_catchup"), POLICIES)
def test_policies(
    kfp: StandIn, settings: Settings, tmp_path: Path, policy: dict[str, Any], at_once: str, no_catchup: bool
) -> None:
    """What is missed and what overlaps go as the engine has it."""
    added(settings, tmp_path, policy=policy)
    (made,) = kfp.schedules.values()
    assert (at_once, no_catchup) == (made["max_concurrency"], made["no_catchup"])


def unable() -> Iterator[tuple[str, dict[str, Any]]]:
    """For each setting of the table, words that ask for it."""
    value: dict[str, Any] = {"missed=skip": Missed.SKIP, "overlap=skip": Overlap.SKIP, "source=follow": Source.FOLLOW}
    triggers: dict[str, Any] = {
        "on_change": ("*.csv",),
        "after": ("x",),
        "on_call": True,
        "settle_s": 1.0,
        "poll_s": 1.0,
    }
    for setting in CANNOT["kfp"]:
        name = setting.partition("=")[0]
        if "," in setting:
            yield setting, {"policy": {"overlap": Overlap.QUEUE, "missed": Missed.ONCE}}
        elif setting == "at":
            yield setting, {"when": When(at="2030-01-01T00:00")}
        elif setting == "no_clock":
            yield setting, {"when": When(is_never=True)}
        elif setting == "new_token":
            yield setting, {"triggers": TriggerWords(is_new_token=True)}
        elif name in triggers:
            yield setting, {"triggers": TriggerWords(**{name: triggers[name]})}
        elif name == "notify":
            yield setting, {"notify": ("team",)}
        elif name == "source":
            yield setting, {"source": value[setting]}
        elif name in ("executor", "jobs", "container_engine"):
            yield setting, {"flags": {name: "process"}}
        else:
            yield setting, {"policy": {name: value.get(setting, 5)}}


@pytest.mark.parametrize(("setting", "words"), list(unable()), ids=lambda each: each if isinstance(each, str) else "")
def test_what_it_cannot_do(
    kfp: StandIn, settings: Settings, tmp_path: Path, setting: str, words: dict[str, Any]
) -> None:
    """Each setting of the table is refused by name, and nothing is sent."""
    with pytest.raises(RefusedError) as caught:
        added(settings, tmp_path, **words)
    (found,) = caught.value.diagnostics
    assert "N2P963" == found.code and CANNOT["kfp"][setting] in found.message
    assert all(f"`{part}`" in found.message for part in setting.split(","))
    assert {} == kfp.schedules


def test_other_refusals(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """A zone whose clocks change, a name that is taken, an edit, a run by hand."""
    with pytest.raises(SettingsError, match="Europe/Berlin"):
        added(settings, tmp_path, when=When(cron="0 6 * * *", zone="Europe/Berlin"))
    added(settings, tmp_path)
    with pytest.raises(ConflictError, match="already"):
        added(settings, tmp_path)
    for change in (
        lambda: use.edit_schedule("daily", ScheduleWords(name="x"), settings),
        lambda: use.trigger_schedule("daily", settings),
    ):
        with pytest.raises(SettingsError, match="cannot have"):
            change()
    assert 1 == len(kfp.schedules)


def test_a_server_that_does_not_answer(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """Removing is refused then, unless it is forced: the engine may go on firing it."""
    added(settings, tmp_path)
    kfp.fault = lambda operation: (500, "")
    with pytest.raises(RemoteError):
        use.remove_schedule("daily", settings)
    assert ["daily"] == [each.name for each in use.list_schedules(settings)[0]]
    use.remove_schedule("daily", settings, is_forced=True)
    assert [] == use.list_schedules(settings)[0]


CRONS = [
    ("30 6 * * mon-fri", "UTC"),
    ("*/7 */3 * * *", "UTC"),
    ("0 0 1,15 * *", "UTC"),
    ("0 12 1-7 * 1", "UTC"),
    ("5 4 * jan,jul *", "UTC"),
    ("0 9 * * *", "Asia/Tokyo"),
    ("15 6 * * 7", "Asia/Kolkata"),
    ("0 1 * * mon-fri", "Asia/Tokyo"),
    ("0 1,13 * * *", "Asia/Tokyo"),
    ("*/10 * * * *", "Asia/Kathmandu"),
    ("0 0 13 * 0-6", "UTC"),
]


@pytest.mark.parametrize(("text", "zone"), CRONS)
def test_six_fields_mean_the_same_times(text: str, zone: str) -> None:
    """The six fields, read as the server reads them, give the due times of our own scheduler."""
    trigger = CronTrigger(read_cron(text), zone)
    ours = cron_times(trigger, NOW)
    theirs = as_the_server_reads(six_fields(trigger, NOW), NOW)
    assert [next(ours) for _ in range(40)] == [next(theirs) for _ in range(40)]


def as_the_server_reads(cron: str, after: datetime) -> Iterator[datetime]:
    """Due times of six fields of numbers (robfig/cron 1.2: either kind of day fits where both are given)."""
    sets = [None if field == "*" else {int(each) for each in field.split(",")} for field in cron.split()]
    seconds, minutes, hours, days, months, weekdays = sets
    assert {0} == seconds
    moment = after.replace(second=0, microsecond=0)
    while True:
        moment += timedelta(minutes=1)
        fits = [days is None or moment.day in days, weekdays is None or moment.isoweekday() % 7 in weekdays]
        is_day = all(fits) if None in (days, weekdays) else any(fits)
        others = ((minutes, moment.minute), (hours, moment.hour), (months, moment.month))
        if is_day and all(each is None or value in each for each, value in others):
            yield moment


@pytest.mark.parametrize("text", ["0 0 L * *", "0 0 * * 1#2", "0 0 LW * *", "0 0 * * 5L", "0 0 */2 * 1", "0 0 1 * */2"])
def test_cron_texts_without_a_word_there(text: str) -> None:
    """What the server has no words for, or reads otherwise, is refused with the text."""
    with pytest.raises(SettingsError) as caught:
        six_fields(CronTrigger(read_cron(text), "UTC"), NOW)
    assert text in caught.value.message


@pytest.mark.parametrize(
    ("text", "zone"),
    [("0 6 * * *", "Europe/Berlin"), ("0 1 1 * *", "Asia/Tokyo"), ("0 1,13 * * 1", "Asia/Tokyo")],
)
def test_zones_that_are_not_the_same_all_year(text: str, zone: str) -> None:
    """A zone is turned into UTC only where every due time stays the same."""
    with pytest.raises(SettingsError, match=zone):
        six_fields(CronTrigger(text, zone), NOW)
