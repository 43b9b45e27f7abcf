"""The README is true: its commands run, its output is what they print, and it knows every command, tag and setting."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
import yaml

import nb2pipe
from nb2pipe.cli.main import COMMANDS
from nb2pipe.notebook.settings import SETTINGS
from nb2pipe.notebook.tags import ROLES
from nb2pipe.settings.values import KEYS
from tests.house.source import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>runs|prints) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
BLOCKS = list(BLOCK.finditer(README))
COMMAND = re.compile(r"^(?:- run: )?\s*nb2pipe ((?:[a-z]+|--[a-z-]+)\b[^#\n]*)", re.MULTILINE)


def test_marked_blocks_run(tmp_path: Path) -> None:
    """Every block marked as running does, in order, in one folder; and prints what the block behind it shows."""
    shutil.copytree(ROOT / "example_notebooks", tmp_path / "example_notebooks")
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NB2PIPE_HOME": str(tmp_path / "home"),
        "COLUMNS": "120",
    }
    printed = ""
    for block in BLOCKS:
        if block["mark"] == "prints":
            missing = [line for line in block["text"].splitlines() if _shape(line) not in _shape(printed)]
            assert [] == missing, printed
        elif block["mark"] == "runs":
            printed = _run(block["language"], block["text"], tmp_path, env)


def _run(language: str, text: str, folder: Path, env: dict[str, str]) -> str:
    programs = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}
    done = subprocess.run(
        [*programs[language], text],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, f"{text}\n{done.stdout}"
    return done.stdout


def _shape(text: str) -> str:
    """Text without what differs from run to run: times, sizes, identifiers and the width of blanks."""
    masked = re.sub(r"\b[0-9a-z]*\d[0-9a-z.:-]*\b", "N", text)
    return re.sub(r"[ \t─-╿]+", " ", masked).strip()


def test_workflow_commands_run(tmp_path: Path) -> None:
    """The nb2pipe commands of the CI workflow run as they stand there."""
    shutil.copytree(ROOT / "example_notebooks", tmp_path / "example_notebooks")
    [workflow] = [
        data for block in BLOCKS if block["language"] == "yaml" and "jobs" in (data := yaml.safe_load(block["text"]))
    ]
    steps = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    commands = [command for command in steps if command.startswith("nb2pipe")]
    assert 2 <= len(commands)
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in commands:
        _run("bash", command, tmp_path, env)
    assert "<testsuite" in (tmp_path / "results.xml").read_text("utf-8")


def test_pre_commit_hook_is_the_one_offered() -> None:
    """The README's hook is in .pre-commit-hooks.yaml, and its entry is a command of ours."""
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    used = [block["text"] for block in BLOCKS if block["language"] == "yaml" and "hooks:" in block["text"]]
    assert [hook["id"]] == [
        item["id"] for text in used for repo in yaml.safe_load(text)["repos"] for item in repo["hooks"]
    ]
    assert ["nb2pipe", "check"] == hook["entry"].split()


def test_every_command_is_in_the_readme() -> None:
    """Each command has its place in the README."""
    assert [] == [name for name in COMMANDS if f"nb2pipe {name}" not in README]


def test_commands_in_the_readme_exist() -> None:
    """Every ``nb2pipe COMMAND --option`` that the README writes is one that nb2pipe has."""
    code = [block["text"] for block in BLOCKS] + re.findall(r"`([^`\n]+)`", BLOCK.sub("", README))
    wrong = [match.group() for text in code for match in COMMAND.finditer(text) if not _exists(match.group(1))]
    assert [] == wrong


def _exists(words: str) -> bool:
    name = words.split()[0]
    if name.startswith("-"):
        return name in ("--help", "--version")
    if name not in COMMANDS:
        return False
    command: click.Command = import_module(f"nb2pipe.cli.{name}").command
    known = {"--help", *_options(command)}
    return set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", words)) <= known


def _options(command: click.Command) -> set[str]:
    own = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*(_options(child) for child in inner))


@pytest.mark.parametrize("known", [ROLES, SETTINGS, KEYS], ids=["tags", "step settings", "settings"])
def test_every_name_is_explained(known: tuple[str, ...]) -> None:
    """The README names every tag, every step setting and every setting."""
    assert [] == [name for name in known if f"`{name}`" not in README and name != "injected-parameters"]
    assert [] == [key for key in KEYS if f"`NB2PIPE_{key.upper()}`" not in README]


def test_the_python_names_are_explained() -> None:
    """Each name that ``import nb2pipe`` offers is in the README."""
    assert [] == [name for name in vars(nb2pipe)["__all__"] if name not in README]


def test_links_lead_somewhere() -> None:
    """Links within the README and to files of the project have a target."""
    headings = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    }
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    wrong = [to for to in targets if not (to[1:] in headings if to.startswith("#") else (ROOT / to).exists())]
    assert [] == wrong
