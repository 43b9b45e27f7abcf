"""Lineage in words."""

from __future__ import annotations

from dataclasses import replace

from nb2pipe.lineage.graph import build_graph
from nb2pipe.lineage.walk import walk
from nb2pipe.model import DataUse
from nb2pipe.report.lineage import MOST_BRANCHES, lineage_text
from nb2pipe.report.page import report_html
from tests.lineage.graphs import a_record
from tests.report.samples import DIAMOND, pipeline_of, run_of, step_runs_of


def test_many_users() -> None:
    """Of very many users of a file the latest are named, and the others counted."""
    records = [a_record(number, "use < /in#aa") for number in range(MOST_BRANCHES + 5)]
    graph = walk(build_graph(records), ["data:aa:/in"], "downstream")
    lines = lineage_text(["data:aa:/in"], {"downstream": graph}, run_id="", with_code=False).splitlines()
    assert "  ├─ 5 earlier ones (--format json lists them)" == lines[2]
    assert lines[3].startswith("  ├─ step use of run r5 ") and lines[-1].startswith(
        f"  └─ step use of run r{MOST_BRANCHES + 4} "
    )
    assert MOST_BRANCHES + 3 == len(lines)


def test_what_was_drawn_is_only_named_again() -> None:
    """A value that two steps read has its maker once."""
    record = a_record(1, "make > x@d1", "left < x@d1 > l@d2", "right < x@d1 > r@d3", "join < l@d2 r@d3")
    graph = walk(build_graph([record]), ["step:r1/join"], "upstream")
    text = lineage_text(["step:r1/join"], {"upstream": graph}, run_id="r1", with_code=False)
    assert 2 == text.count("x  d1") and 1 == text.count("x  d1 (see above)") == text.count("step make")


def test_nothing_recorded() -> None:
    """A file that nobody made is said to have no origin."""
    graph = walk(build_graph([a_record(1, "use < /in#aa")]), ["data:aa:/in"], "upstream")
    text = lineage_text(["data:aa:/in"], {"upstream": graph}, run_id="", with_code=False)
    assert "Made from\n  nothing that a run recorded" == text


def test_the_report_names_data() -> None:
    """The page lists what files and URLs the steps used, their names as text."""
    uses = (DataUse("read", "/data/<b>.csv", "ab" * 32, 1500), DataUse("read", "https://host/x"))
    pipeline = pipeline_of(DIAMOND)
    steps = [replace(step, data=uses) for step in step_runs_of(pipeline)[:1]]
    page = report_html(pipeline, run_of(pipeline), steps, pipeline.notebook.document)
    assert all(words in page for words in ("/data/&lt;b&gt;.csv", "1.5 kB", "abababababab<", "https://host/x"))
    assert 'id="data"' not in report_html(
        pipeline, run_of(pipeline), step_runs_of(pipeline), pipeline.notebook.document
    )
