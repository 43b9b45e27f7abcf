"""The Containerfile of a plan: readable, in an order that lets an edit of code rebuild the last layers alone."""

from __future__ import annotations

import json
import shlex
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from nb2pipe.images.plan import ImagePlan
from nb2pipe.images.projects import Project

PLACE = "/opt/nb2pipe"
WORKER = f"{PLACE}/worker"
MADE = ".nb2pipe"
"""Folder of the build context for what does not stand beside the notebook."""
SETTINGS = "--mount=type=secret,id=pip.conf,target=/run/nb2pipe/pip.conf"
CERTIFICATES = "--mount=type=secret,id=ca.crt,target=/run/nb2pipe/ca.crt"
PIP = "PIP_CONFIG_FILE=/run/nb2pipe/pip.conf python3 -m pip install --no-cache-dir --disable-pip-version-check"
WIDTH = 110


def containerfile(plan: ImagePlan, base: str) -> str:
    """The text of the Containerfile for a plan.

    Args:
        plan: what the image must hold.
        base: reference of the base image.
    """
    parts = [
        _head(plan),
        f"FROM {base}",
        _environment(),
        *(_project(project) for project in plan.projects if project.first),
        *_packages(plan),
        *(_project(project) for project in plan.projects if not project.first),
        _worker(),
        _modules(plan),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(plan: ImagePlan) -> str:
    name = PurePosixPath(plan.notebook.path).name
    return f"# The image for {name}, written by `nb2pipe image build`, which lays files for it out in {MADE}/."


def _environment() -> str:
    return f"""\
# An environment of its own: it sees what the base has installed, and changes nothing of it.
ENV PATH={PLACE}/venv/bin:${{PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}}
RUN python3 -m venv --system-site-packages {PLACE}/venv

# Steps run under the user id of whoever starts them; every user can write to this home.
ENV HOME={PLACE}/home
RUN mkdir -m 1777 {PLACE}/home"""


def _packages(plan: ImagePlan) -> list[str]:
    choice = plan.choice
    parts = []
    lines: list[str] = []
    if choice.hashed:
        parts.append(
            f"# What {choice.file} asks for, each file checked by its hash.\n"
            f"COPY {json.dumps([f'{MADE}/requirements.txt', f'{PLACE}/requirements.txt'])}\n"
            f"{_pip([], ['--require-hashes', f'-r {PLACE}/requirements.txt'])}"
        )
    if choice.constraints:
        parts.append(
            "# Versions that constraints beside the notebook allow.\n"
            f"COPY {json.dumps([f'{MADE}/constraints.txt', f'{PLACE}/constraints.txt'])}"
        )
        lines.append(f"-c {PLACE}/constraints.txt")
    groups = [
        (f"what {choice.file} asks for", choice.asked),
        ("what nb2pipe runs steps by", choice.runtime),
        ("what the notebook imports and uses", choice.direct),
        ("what these need in turn", choice.rest),
    ]
    parts.append(
        "# Packages in the versions of the machine that this was written on. How pip reaches its index there is\n"
        "# lent to this line for the build (pip.conf, certificates) and stays out of the image.\n"
        + _pip([(title, words) for title, words in groups if words], lines)
    )
    return parts


def _pip(groups: Iterable[tuple[str, Sequence[str]]], options: Iterable[str]) -> str:
    lines = [f"RUN {SETTINGS}", CERTIFICATES, PIP, *options]
    text = " \\\n    ".join(lines)
    for title, words in groups:
        wrapped = textwrap.wrap(
            " ".join(shlex.quote(word).replace(" ", "\0") for word in words),
            WIDTH,
            break_long_words=False,
            break_on_hyphens=False,
        )
        body = " \\\n    ".join(line.replace("\0", " ") for line in wrapped)
        text += f" \\\n    # {title}\n    {body}"
    return text


def _project(project: Project) -> str:
    name = f"{MADE}/projects/{project.name}"
    target = f"{PLACE}/projects/{project.name}"
    what = f"{target}/{project.source.name}" if project.is_file else target
    alone = ["--no-deps"] if project.alone else []
    text = _pip([], [*alone, what])
    if project.needs_version:
        text = text.replace("PIP_CONFIG_FILE", f"SETUPTOOLS_SCM_PRETEND_VERSION={project.version} PIP_CONFIG_FILE")
    return (
        f"# {project.name} is a project of the machine that this was written on, so it is installed from a copy.\n"
        f"COPY {json.dumps([name, target])}\n{text}"
    )


def _worker() -> str:
    return f"""\
# What runs a step on a cluster. On a machine that has nb2pipe, its own comes with the step and is used instead.
COPY {json.dumps([f"{MADE}/worker", WORKER])}
RUN python3 -m compileall -q {WORKER}"""


def _modules(plan: ImagePlan) -> str:
    if not plan.modules:
        return ""
    tops: dict[str, str] = {}
    for file in plan.modules:
        top = file.target.partition("/")[0]
        tops[top] = top if file.is_in(plan.notebook.folder) else f"{MADE}/modules/{top}"
    lines = [f"COPY {json.dumps([source, f'{PLACE}/modules/{top}'])}" for top, source in tops.items()]
    return "\n".join(
        [
            "# Modules beside the notebook. Where its folder is mounted, that folder comes first.",
            f"ENV PYTHONPATH={PLACE}/modules",
            *lines,
        ]
    )
