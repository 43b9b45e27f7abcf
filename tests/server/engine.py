"""A program that answers as podman does where the service only looks whether an engine was asked and what it said.

It keeps its images as files and runs ``python3`` of this machine; it builds nothing. Builds with real engines are
tested beside the images. A file ``fail`` in its folder makes builds fail; a FIFO ``hold`` makes them wait.
"""

from __future__ import annotations

import sys
from pathlib import Path

PROGRAM = """#!{python}
import json, pathlib, subprocess, sys, urllib.parse
folder, words = pathlib.Path({folder!r}), sys.argv[1:]

def image(name):
    return folder / ("image-" + urllib.parse.quote(name, safe=""))

if words[0] == "version":
    print("4.3.1")
elif words[:2] == ["image", "inspect"]:
    if not image(words[2]).exists():
        sys.exit(f"Error: {{words[2]}}: image not known")
    print("[" + image(words[2]).read_text() + "]")
elif words[0] == "run":
    sys.exit(subprocess.run([sys.executable, *words[words.index("python3") + 1 :]]).returncode)
elif words[0] == "tag":
    image(words[2]).write_text(image(words[1]).read_text())
elif words[0] == "build":
    print("STEP 1/2: FROM base", flush=True)
    if (folder / "hold").exists():
        (folder / "hold").read_text()
    if (folder / "fail").exists():
        print("ERROR: No matching distribution found for nosuch==1")
        sys.exit(1)
    label, tag = words[words.index("--label") + 1], words[words.index("--tag") + 1]
    name, _, value = label.partition("=")
    image(tag).write_text(json.dumps({{"Id": "sha256:" + value, "Labels": {{name: value}}}}))
    print("COMMIT " + tag, flush=True)
else:
    sys.exit("unknown: " + words[0])
"""


def write_engine(folder: Path) -> Path:
    """Put the program into a folder, with one image, ``example.org/base:1``; gives the folder for PATH."""
    programs = folder / "bin"
    programs.mkdir(parents=True)
    program = programs / "podman"
    program.write_text(PROGRAM.format(python=sys.executable, folder=str(folder)), encoding="utf-8")
    program.chmod(0o755)
    (folder / "image-example.org%2Fbase%3A1").write_text('{"Id": "sha256:1"}', encoding="utf-8")
    return programs
