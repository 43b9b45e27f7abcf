"""Holds notebooks against the law, one after the other or several at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.law.runs import Result, run_pipeline, run_plain
from tests.law.subject import Subject
from tests.law.tagging import tag_document
from tests.law.verdict import DIFFERENT, EQUAL, KINDS, LAWFUL, REFUSED, UNUSABLE, Verdict, judge

CACHES = ("cold", "warm")
PLAIN_RUNS = 4


@dataclass(frozen=True)
class Options:
    """How to hold the bench.

    Args:
        jobs: numbers of parallel steps to try, each with a home of its own.
        caches: ``cold`` and ``warm`` runs, in this order within one home.
        executor: where steps run.
        settings: for all steps, such as the image that they run in.
        split: how steps are made, see :func:`tests.law.tagging.tag_document`.
        timeout_s: for each run of a notebook.
        fresh: run plainly even where an earlier plain run is remembered.
        workers: notebooks at a time.
    """

    jobs: tuple[int, ...] = (1, 2)
    caches: tuple[str, ...] = CACHES
    executor: str = "process"
    settings: Mapping[str, Any] = field(default_factory=dict)
    split: str = "auto"
    timeout_s: float = 120.0
    fresh: bool = False
    workers: int = 1


@dataclass(frozen=True)
class Finding:
    """The worst verdict on one notebook, in which configuration it was given, and whether it is right."""

    name: str
    verdict: Verdict
    configuration: str
    right: bool


def hold(subjects: Iterable[Subject], options: Options) -> Iterator[Finding]:
    """Findings in the order of the notebooks, each as soon as it is known."""
    with ThreadPoolExecutor(options.workers) as pool:
        yield from pool.map(lambda subject: hold_one(subject, options), subjects)


def hold_one(subject: Subject, options: Options) -> Finding:
    """Run one notebook plainly and as pipelines, and give the worst verdict."""
    with tempfile.TemporaryDirectory(prefix="law_") as name:
        verdict, configuration = _worst(subject, Path(name).resolve(), options)
    return Finding(subject.name, verdict, configuration, verdict.kind in (subject.expect or LAWFUL))


def _worst(subject: Subject, scratch: Path, options: Options) -> tuple[Verdict, str]:
    plain = Plain(subject, scratch, options)
    tagged = replace(subject, document=_with_settings(tag_document(subject.document, options.split), options.settings))
    worst, where = Verdict(EQUAL), ""
    for jobs in options.jobs:
        for cache in options.caches:
            run = run_pipeline(tagged, scratch, options.timeout_s, jobs, options.executor)
            verdict = plain.judge(run)
            if not where or KINDS.index(verdict.kind) > KINDS.index(worst.kind):
                worst, where = verdict, f"jobs {jobs} {cache}"
            if verdict.kind in (REFUSED, UNUSABLE):
                return worst, where
    return worst, where


def _with_settings(document: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = document.get("metadata", {})
    said = metadata.get("nb2pipe", {})
    if not settings or not isinstance(said, Mapping):
        return document
    return {**document, "metadata": {**metadata, "nb2pipe": {**said, **settings}}}


class Plain:
    """The plain runs of one notebook: a second and further ones only when something differs from the first."""

    def __init__(self, subject: Subject, scratch: Path, options: Options) -> None:
        self.subject, self.scratch, self.options = subject, scratch, options
        self.results: list[Result] = []

    def judge(self, pipeline: Result) -> Verdict:
        """The verdict on a pipeline's run: what differs must differ from what several plain runs agree on."""
        counts = not self.subject.parameters
        verdict = judge(self._results(1), pipeline, counts=counts)
        for number in range(2, PLAIN_RUNS + 1):
            if verdict.kind != DIFFERENT and (number > 2 or verdict.kind in (EQUAL, REFUSED, UNUSABLE)):
                break
            verdict = judge(self._results(number), pipeline, counts=counts)
        return verdict

    def _results(self, number: int) -> list[Result]:
        while len(self.results) < number:
            options, next_number = self.options, len(self.results) + 1
            run = run_plain(self.subject, self.scratch, options.timeout_s, next_number, fresh=options.fresh)
            self.results.append(run)
        return self.results[:number]
