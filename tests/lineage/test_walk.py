"""What something was made of, and what used it."""

from __future__ import annotations

import pytest

from nb2pipe.lineage.graph import RunRecord, build_graph
from nb2pipe.lineage.target import Target, starts_of
from nb2pipe.lineage.walk import Direction, walk
from tests.lineage.graphs import a_record

FIRST = a_record(1, "load < /in#aa > df@d1", "fit < df@d1 > model@d2 auc=1", "save < df@d1 > /out#bb")
AGAIN = a_record(2, "load* < /in#aa > df@d1", "fit < df@d1 > model@d3 auc=2", "save* < df@d1 > /out#bb")
OTHER = a_record(3, "use < /out#bb > n=1", "old < /in#00")
LATER = a_record(4, "make > /out#bb")
RUNS = (FIRST, AGAIN, OTHER, LATER)


def reached(target: Target, direction: Direction, *records: RunRecord) -> set[str]:
    """Ids of the nodes that are reached, short: without what kind they are."""
    graph = build_graph(records)
    found = walk(graph, starts_of(graph, target), direction, target.run_id)
    return {node.partition(":")[2] for node in found.nodes}


@pytest.mark.parametrize(
    ("expected", "target", "direction"),
    [
        # A value is of the run that is meant, or of the one that really made it.
        ({"d1/df", "r2/load", "aa:/in"}, Target("artifact", "r2", "load", "df", "d1"), "upstream"),
        ({"d1/df", "r1/load", "aa:/in"}, Target("artifact", name="df", digest="d1"), "upstream"),
        # A metric is of its run.
        ({"r2/fit/auc", "r2/fit", "d1/df", "r2/load", "aa:/in"}, Target("metric", "r2", "fit", "auc"), "upstream"),
        # A file was made by who wrote this version last before it was read: no cached step, nobody later.
        ({"r3/use", "bb:/out", "r1/save", "d1/df", "r1/load", "aa:/in"}, Target("step", "r3", "use"), "upstream"),
        ({"bb:/out", "r4/make"}, Target("file", path="/out"), "upstream"),
        # Who used a file, by version, by path, by content.
        ({"00:/in", "r3/old"}, Target("file", path="/in", digest="00"), "downstream"),
        ({"bb:/out", "r3/use", "r3/use/n"}, Target("file", digest="bb"), "downstream"),
        # What a run took from the cache is not its own: only its own use of it counts.
        (
            {"r2/load", "d1/df", "r2/fit", "r2/save", "d3/model", "r2/fit/auc", "bb:/out", "r3/use", "r3/use/n"},
            Target("step", "r2", "load"),
            "downstream",
        ),
        # What another run took from the cache was used there.
        (
            {"d1/df", "r1/fit", "r1/save", "d2/model", "r1/fit/auc", "bb:/out", "r3/use", "r3/use/n"}
            | {"r2/fit", "r2/save", "d3/model", "r2/fit/auc"},
            Target("artifact", name="df", digest="d1"),
            "downstream",
        ),
    ],
)
def test_what_is_reached(expected: set[str], target: Target, direction: Direction) -> None:
    """Up and down from every kind of thing."""
    assert expected == reached(target, direction, *RUNS)


def test_all_versions_of_a_file_are_meant_by_its_path() -> None:
    """Every version that was read is followed."""
    found = reached(Target("file", path="/in"), "downstream", *RUNS)
    assert {"aa:/in", "00:/in", "r1/load", "r2/load", "r3/old"} <= found


def test_a_step_that_changes_its_own_file_is_no_circle() -> None:
    """A file that a step reads and writes again was made by an earlier step."""
    record = a_record(1, "a > /f#11", "b < /f#11 > /f#22", "c < /f#22 > /f#11")
    assert {"11:/f", "r1/a"} | {"r1/b"} == reached(Target("step", "r1", "b"), "upstream", record)
