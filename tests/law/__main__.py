"""``python -m tests.law FOLDER``: holds the notebooks of a folder against the law."""

from __future__ import annotations

import argparse
import json
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

from tests.containers.lent import image_settings
from tests.law.bench import CACHES, Options, hold
from tests.law.sources import find_subjects
from tests.law.subject import Subject
from tests.law.table import as_json, line, summary
from tests.law.tagging import SPLITS


def main() -> int:
    """Run the bench; 0 when every verdict is right, 1 when one is not, 2 when there is nothing to run."""
    arguments = _parser().parse_args()
    subjects = _subjects(arguments)
    if not subjects:
        print("no notebook found", file=sys.stderr)  # noqa: T201
        return 2
    options = Options(
        jobs=tuple(dict.fromkeys((1, arguments.jobs))) if arguments.also_one else (arguments.jobs,),
        caches=tuple(arguments.cache.split(",")),
        executor=arguments.executor,
        settings=image_settings(arguments.image) if arguments.executor == "container" else {},
        split=arguments.split,
        timeout_s=arguments.timeout_s,
        fresh=arguments.fresh,
        workers=arguments.workers,
    )
    findings = []
    for finding in hold(subjects, options):
        findings.append(finding)
        print(line(finding), flush=True)  # noqa: T201
    print(f"\n{summary(findings)}")  # noqa: T201
    if arguments.json:
        arguments.json.write_text(json.dumps(as_json(findings), indent=1) + "\n", encoding="utf-8")
    return 0 if all(finding.right for finding in findings) else 1


def _subjects(arguments: argparse.Namespace) -> list[Subject]:
    subjects = [subject for folder in arguments.folder for subject in find_subjects(folder, arguments.only)]
    if arguments.sklearn:
        from tests.law.sklearn_examples import sklearn_subjects

        subjects += [subject for subject in sklearn_subjects() if fnmatch(subject.name, arguments.only)]
    return subjects


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.law", description=__doc__)
    add = parser.add_argument
    add("folder", nargs="*", type=Path, help="folders with .ipynb or .percent files")
    add("--sklearn", action="store_true", help="scikit-learn's examples as well")
    add("--jobs", type=int, default=os.cpu_count() or 1, help="parallel steps (default: one per processor)")
    add("--only-jobs", dest="also_one", action="store_false", help="not with --jobs 1 as well")
    add("--cache", default=",".join(CACHES), help="cold, warm or both (default)")
    add("--executor", default="process", help="where steps run (default: process)")
    add("--image", choices=("fast", "honest"), default="fast", help="for --executor container (default: fast)")
    add("--split", choices=SPLITS, default="auto", help="how untagged notebooks become steps (default: auto)")
    add("--only", default="*", help="names to run, a pattern")
    add("--timeout-s", type=float, default=120.0, help="for each run of a notebook (default: 120)")
    add("--workers", type=int, default=1, help="notebooks at a time (default: 1)")
    add("--fresh", action="store_true", help="run plainly even where a plain run is remembered")
    add("--json", type=Path, help="write the findings to this file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
