"""``python -m tests.kubeflow.bytes FOLDER``: digests of compiled pipelines, to be the same in every process."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from nb2pipe.kubeflow.compiling import compile_pipeline, compiled_text
from nb2pipe.kubeflow.options import CompileOptions
from tests.kubeflow.generated import generated
from tests.kubeflow.notebooks import EXAMPLES, pipeline_of, read

CELLS = (
    ("parameters", "more, who, page = [1], 'x', {'a': 1}\nmore = [2]\nwho = 'y'\npage = {'b': 2}"),
    ("step:make", "one = two = three = four = [more, who, page]"),
    ("step:change", "four.append(1)"),
)
"""Names that shadow magics, and several for one object: what is found of them is found in sets."""


def main() -> int:
    """Print them."""
    folder = Path(sys.argv[1])
    pipelines = [read(path) for path in sorted(EXAMPLES.glob("*.ipynb"))]
    pipelines += [pipeline_of(folder, CELLS), *(generated(folder, seed) for seed in range(5))]
    for pipeline in pipelines:
        text = compiled_text(compile_pipeline(pipeline, CompileOptions(local_images=True)))
        sys.stdout.write(f"{pipeline.name} {hashlib.sha256(text.encode()).hexdigest()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
