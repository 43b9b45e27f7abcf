"""Holds notebooks against the law, one after the other or several at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.law.runs import Result, run_pipeline, run_plain_twice
from tests.law.subject import Subject
from tests.law.tagging import tag_document
from tests.law.verdict import EQUAL, KINDS, LAWFUL, REFUSED, UNUSABLE, Verdict, judge

CACHES = ("cold", "warm")


@dataclass(frozen=True)
class Options:
    """How to hold the bench.

    Args:
        jobs: numbers of parallel steps to try, each with a home of its own.
        caches: ``cold`` and ``warm`` runs, in this order within one home.
        executor: where steps run.
        split: how steps are made, see :func:`tests.law.tagging.tag_document`.
        timeout_s: for each run of a notebook.
        fresh: run plainly even where an earlier plain run is remembered.
        workers: notebooks at a time.
    """

    jobs: tuple[int, ...] = (1, 2)
    caches: tuple[str, ...] = CACHES
    executor: str = "process"
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
        scratch = Path(name).resolve()
        first, second = run_plain_twice(subject, scratch, options.timeout_s, fresh=options.fresh)
        tagged = replace(subject, document=tag_document(subject.document, options.split))
        verdict, configuration = _worst(tagged, first, second, scratch, options)
    right = verdict.kind in (subject.expect or LAWFUL)
    return Finding(subject.name, verdict, configuration, right)


def _worst(subject: Subject, first: Result, second: Result, scratch: Path, options: Options) -> tuple[Verdict, str]:
    worst, where = Verdict(EQUAL), ""
    for jobs in options.jobs:
        for cache in options.caches:
            run = run_pipeline(subject, scratch, options.timeout_s, jobs, options.executor)
            verdict = judge(first, second, run, counts=not subject.parameters)
            if not where or KINDS.index(verdict.kind) > KINDS.index(worst.kind):
                worst, where = verdict, f"jobs {jobs} {cache}"
            if verdict.kind in (REFUSED, UNUSABLE):
                return worst, where
    return worst, where
