"""The tag grammar: a table to add rows to."""

from __future__ import annotations

from typing import Any

import pytest

from nb2pipe.model.notebook import Role, Tag
from nb2pipe.notebook import notebook_diagnostics
from nb2pipe.notebook.tags import is_legal_name, parse_tags
from tests.notebook.building import code, codes, markdown, notebook

GRAMMAR: list[tuple[list[str], Tag]] = [
    ([], Tag()),
    (["parameters"], Tag(Role.PARAMETERS)),
    (["pipeline-parameters"], Tag(Role.PARAMETERS, kale=True)),
    (["injected-parameters"], Tag(Role.PARAMETERS)),
    (["setup"], Tag(Role.SETUP)),
    (["imports"], Tag(Role.SETUP, kale=True)),
    (["functions"], Tag(Role.SETUP, kale=True)),
    (["imports", "functions"], Tag(Role.SETUP, kale=True)),
    (["skip"], Tag(Role.SKIP)),
    (["skip", "step:load"], Tag(Role.SKIP)),
    (["metrics"], Tag(Role.METRICS)),
    (["pipeline-metrics"], Tag(Role.METRICS, kale=True)),
    (["parameters", "imports"], Tag(Role.PARAMETERS, kale=True)),
    (["step:load"], Tag(Role.STEP, "load")),
    (["step:load", "step:load"], Tag(Role.STEP, "load")),
    (["step:train-model_2"], Tag(Role.STEP, "train-model_2")),
    (["step:2"], Tag(Role.STEP, "2")),
    (["step:prüfen"], Tag(Role.STEP, "prüfen")),
    (["step:cafe\u0301"], Tag(Role.STEP, "caf\u00e9")),
    (["step:हिन्दी"], Tag(Role.STEP, "हिन्दी")),
    (["block:load"], Tag(Role.STEP, "load", kale=True)),
    (["block:"], Tag(kale=True)),
    (["block: "], Tag(kale=True)),
    (["step:b", "after:a"], Tag(Role.STEP, "b", ("a",))),
    (["after:a"], Tag(after=("a",))),
    (["block:c", "prev:a", "prev:b"], Tag(Role.STEP, "c", ("a", "b"), kale=True)),
    (["step:c", "prev:a:b"], Tag(Role.STEP, "c", ("a", "b"), kale=True)),
    (["step:c", "after:a", "prev:a"], Tag(Role.STEP, "c", ("a",), kale=True)),
    (["hide-input", "step:a", "remove_cell"], Tag(Role.STEP, "a")),
    (["step:a", "image:python:3.12-slim"], Tag(Role.STEP, "a", settings={"image": "python:3.12-slim"}, kale=True)),
    (["step:a", "image:host:5000/x@sha256:0a"], Tag(Role.STEP, "a", (), {"image": "host:5000/x@sha256:0a"}, True)),
    (["step:a", "limit:cpu:500m"], Tag(Role.STEP, "a", (), {"cpus": "500m"}, True)),
    (["step:a", "limit:memory:1Gi"], Tag(Role.STEP, "a", (), {"memory_mib": "1Gi"}, True)),
    (["step:a", "limit:memory:1048576"], Tag(Role.STEP, "a", (), {"memory_mib": "1048576B"}, True)),
    (
        ["step:a", "limit:nvidia.com/gpu:2"],
        Tag(Role.STEP, "a", (), {"gpus": "2", "gpu_type": "nvidia.com/gpu"}, True),
    ),
    (["step:a", "cache:disabled"], Tag(Role.STEP, "a", (), {"cache": "disabled"}, True)),
    (
        ["step:a", "label:team:risk", "label:example.org/stage:dev"],
        Tag(Role.STEP, "a", (), {"labels": {"team": "risk", "example.org/stage": "dev"}}, True),
    ),
    (["step:a", "annotation:url:http://x:1/"], Tag(Role.STEP, "a", (), {"annotations": {"url": "http://x:1/"}}, True)),
    (
        ["step:a", "secret:db:password:DB_PASSWORD"],
        Tag(Role.STEP, "a", (), {"secrets": {"DB_PASSWORD": "secret:db/password"}}, True),
    ),
]


@pytest.mark.parametrize(("tags", "expected"), GRAMMAR, ids=[" ".join(row[0]) or "none" for row in GRAMMAR])
def test_grammar(tags: list[str], expected: Tag) -> None:
    """Tags in nb2pipe's, papermill's and Kale's grammar mean what the table says, without a finding."""
    assert (expected, ()) == parse_tags(tags)


FINDINGS: list[tuple[list[str], str, str, str]] = [
    # tags, code, severity, part of message and hint
    (["step:my step"], "N2P101", "error", "step:my-step"),
    (["step:a/b"], "N2P101", "error", "step:a-b"),
    (["step:../x"], "N2P101", "error", "'../x'"),
    (["step:a:b"], "N2P101", "error", "'a:b'"),
    (["step:" + "x" * 101], "N2P101", "error", "at most 100"),
    (["step:a", "after:b c"], "N2P101", "error", "after:b-c"),
    (["step:a", "prev:b:"], "N2P101", "error", "prev:NAME with the name of the step to wait for"),
    (["step:a", "prev:"], "N2P101", "error", "'prev:' lacks a step's name"),
    (["step:a", "after:"], "N2P101", "error", "after:NAME"),
    (["step:"], "N2P101", "error", "Write step:NAME, or take the tag away."),
    (["step:  "], "N2P101", "error", "'step:' lacks a step's name"),
    (["setup", "step:a"], "N2P102", "error", "'setup' and 'step:a'"),
    (["metrics", "step:a"], "N2P102", "error", "two roles"),
    (["parameters", "step:a"], "N2P102", "error", "two roles"),
    (["imports", "pipeline-metrics"], "N2P102", "error", "two roles"),
    (["step:a", "block:b"], "N2P103", "error", "'a' and 'b'"),
    (["stpe:x"], "N2P104", "warning", "'step:x'"),
    (["Step:x"], "N2P104", "warning", "'step:x'"),
    (["steps:x"], "N2P104", "warning", "'step:x'"),
    (["step x"], "N2P104", "warning", "'step:x'"),
    (["step=x"], "N2P104", "warning", "'step:x'"),
    (["step"], "N2P104", "warning", "'step:NAME'"),
    (["step: x"], "N2P104", "warning", "read as step:x"),
    (["blok:x"], "N2P104", "warning", "'block:x'"),
    (["afetr:x"], "N2P104", "warning", "'after:x'"),
    (["parameter"], "N2P104", "warning", "'parameters'"),
    (["Parameters"], "N2P104", "warning", "'parameters'"),
    (["pipeline_parameters"], "N2P104", "warning", "'pipeline-parameters'"),
    (["import"], "N2P104", "warning", "'imports'"),
    (["set-up"], "N2P104", "warning", "'setup'"),
    (["limits:cpu:2"], "N2P104", "warning", "'limit:cpu:2'"),
    (["imports", "limit:cpu:2"], "N2P108", "error", "'cpus'"),
    (["parameters", "after:a"], "N2P109", "error", "'a'"),
    (["notebook:other"], "N2P110", "error", "another notebook"),
    (["step:a", "report:disabled"], "N2P111", "info", "no effect"),
    (["step:a", "limit:cpu"], "N2P112", "error", "limit:NAME:VALUE"),
    (["step:a", "limit:ephemeral-storage:1Gi"], "N2P112", "error", "'ephemeral-storage'"),
    (["step:a", "image:"], "N2P112", "error", "image:NAME"),
    (["step:a", "cache:perhaps"], "N2P112", "error", "cache:enabled"),
    (["step:a", "label:fig-1"], "N2P112", "warning", "left alone"),
    (["step:a", "secret:db:password"], "N2P112", "error", "secret:SECRET:KEY:VARIABLE"),
    (["step:a", "limit:cpu:1", "limit:cpu:2"], "N2P122", "error", "'1' and '2'"),
    (["step:a", "label:team:a", "label:team:b"], "N2P122", "error", "'labels.team'"),
]


@pytest.mark.parametrize(
    ("tags", "expected", "severity", "words"), FINDINGS, ids=[" ".join(row[0]) for row in FINDINGS]
)
def test_findings(tags: list[str], expected: str, severity: str, words: str) -> None:
    """What is wrong with tags is found once, with its code, and says what to write."""
    found = parse_tags(tags, cell_index=3, cell_id="abc")[1]
    assert [(expected, severity)] == [(item.code, item.severity) for item in found]
    assert (3, "abc") == (found[0].cell_index, found[0].cell_id)
    assert words in f"{found[0].message} {found[0].hint}"


FOREIGN = (
    "hide-input remove_cell raises-exception nbval-skip solution slide export test exercise table:x figure:1 "
    "nbgrader jupyter:x thebe-init full-width margin popout output_scroll todo important draft setup-teardown a:b"
)


@pytest.mark.parametrize("tag", FOREIGN.split())
def test_tags_of_other_tools_are_left_alone(tag: str) -> None:
    """A tag that is not near ours means nothing and is not spoken of."""
    assert (Tag(), ()) == parse_tags([tag])


def test_a_tag_with_stray_blanks_counts() -> None:
    """``step: x`` is read as ``step:x``, with a warning."""
    assert "x" == parse_tags(["step: x"])[0].step


def test_a_secret_is_never_shown() -> None:
    """Findings about secrets do not repeat what the tag holds."""
    tags = ["step:a", "secret:hunter2", "secret:db:k1:VAR", "secret:db:k2:VAR"]
    found = parse_tags(tags)[1]
    assert ["N2P112", "N2P122"] == codes(found)
    assert "hunter2" not in str(found[0])
    assert "k1" not in str(found[1])


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [({"cpus": 2, "retries": 1}, []), ({"cpus": "2000m"}, []), ({"cpus": 4}, ["N2P122"]), ({"labels": {"b": "c"}}, [])],
)
def test_metadata_joins_tags(metadata: dict[str, Any], expected: list[str]) -> None:
    """Settings come from tags and metadata; two different values are an error, equal ones are not."""
    tag, found = parse_tags(["step:a", "limit:cpu:2", "label:a:b"], metadata)
    assert expected == codes(found)
    assert {"cpus": "2", **metadata, "labels": {"a": "b", **metadata.get("labels", {})}} == tag.settings


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", True), ("A-b_9", True), ("é", True), ("", False), ("a b", False), ("a.b", False), ("🚀", False)],
)
def test_legal_names(name: str, expected: bool) -> None:
    """Letters of any script, digits, ``-`` and ``_`` make a name."""
    assert expected is is_legal_name(name)


@pytest.mark.parametrize("tags", ["step:load", 5, ["step:load", 5], [["step:load"]], {"step": "load"}])
def test_tags_that_are_no_list_of_texts(tags: Any) -> None:
    """Tags of the wrong kind refuse the run, since what they meant is lost."""
    found = notebook_diagnostics(notebook(code(), {**code(), "metadata": {"tags": tags}}))
    assert [("N2P106", "error", 1)] == [(item.code, item.severity, item.cell_index) for item in found]


def test_our_tags_on_other_cells_are_warned_of() -> None:
    """A tag on a Markdown cell does nothing; ``skip`` there means what it says."""
    found = notebook_diagnostics(notebook(markdown("# A", "step:a"), markdown("b", "skip", "toc"), code()))
    assert [("N2P105", "warning", 0)] == [(item.code, item.severity, item.cell_index) for item in found]


def test_metadata_that_is_no_object() -> None:
    """Metadata ``nb2pipe`` must be an object, in a cell and in the notebook."""
    found = notebook_diagnostics(notebook(code("x = 1", "step:a", nb2pipe=["cpus"]), metadata={"nb2pipe": 5}))
    assert ["N2P123", "N2P123"] == codes(found)
