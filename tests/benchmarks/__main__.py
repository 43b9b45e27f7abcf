"""``python -m tests.benchmarks``: measure, print the table, and put it into the README where asked."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from tests.benchmarks.compile_rows import measure_compile
from tests.benchmarks.container_rows import measure_containers
from tests.benchmarks.frame_rows import measure_frame
from tests.benchmarks.kubeflow_rows import measure_pod
from tests.benchmarks.measure import Bench, Result
from tests.benchmarks.papermill_rows import measure_chain, measure_noisy, measure_untagged
from tests.benchmarks.ploomber_rows import measure_ploomber
from tests.benchmarks.start_rows import measure_help, measure_show
from tests.benchmarks.table import as_markdown, as_text, machine_facts, replace_block


def measure_lab(bench: Bench) -> list[Result]:
    """Measured only where it is asked for: it needs the lab and a browser, without which all else is measured."""
    from tests.benchmarks.lab_rows import measure_lab as measure

    return measure(bench)


LAB = "lab"
ROWS = {
    "untagged": measure_untagged,
    "chain": measure_chain,
    "containers": measure_containers,
    "frame": measure_frame,
    "noisy": measure_noisy,
    "ploomber": measure_ploomber,
    "compile": measure_compile,
    "pod": measure_pod,
    "show": measure_show,
    "help": measure_help,
    LAB: measure_lab,
}


def main() -> int:
    """Measure and print; 0 also where a figure is not what it must be, since other work slows a machine down."""
    arguments = _parser().parse_args()
    folder = arguments.folder.resolve()
    bench = Bench(folder, arguments.runs)
    facts = machine_facts(folder.parent)
    results: list[Result] = []
    try:
        for name in arguments.only or [name for name in ROWS if name != LAB]:
            found = ROWS[name](bench)
            results += found
            print(as_text(found), file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table = as_markdown(results, facts, arguments.runs)
    if arguments.markdown:
        print(table)
    if arguments.readme:
        replace_block(arguments.readme, table)
    missed = [result for result in results if result.met is False]
    print(f"{len(results) - len(missed)} of {len(results)} figures are what they must be.", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    add = parser.add_argument
    add("--only", action="append", choices=list(ROWS), help="measure only this; may be given again (lab: only so)")
    add("--runs", type=int, default=5, metavar="N", help="measured runs of each side (default: 5)")
    add("--markdown", action="store_true", help="print the table as Markdown")
    add("--readme", type=Path, metavar="FILE", help="write the table between its two marks in this file")
    add(
        "--folder",
        type=Path,
        default=Path(".cache/benchmarks/work"),
        metavar="DIR",
        help="scratch folder, on the disk measured",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
