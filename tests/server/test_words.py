"""Messages as the service says them: no client of it is told to type a command or an option."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from nb2pipe.cli.main import cli
from nb2pipe.server.routes import ROUTES
from nb2pipe.server.words import COMMANDS, OPTIONS, in_words_of_the_service
from tests.app.samples import write_notebook
from tests.house.source import modules
from tests.notebook.building import code
from tests.server.calling import Api

OF_NOTEBOOKS = (
    "nb2pipe.execution.programs.",
    "nb2pipe.notebook.container_cells",
    "nb2pipe.conversion.codes",
    "nb2pipe.analysis.own",
)
"""Modules that speak of the words of a ``%%container`` cell or of ``%nb2pipe``, which are the same everywhere."""
OF_OTHERS = {"--to", "--format", "--in", "--out", "--user", "--output", "--help", "--entrypoint", "--all"}
"""Options of other programs in messages, as of jupyter nbconvert and ipykernel, and those of cells."""
NOT_HERE = {
    "--parameters_base64",
    "--parameters_yaml",
    "--approve",
    "--no-clock",
    "--listen",
    "--file",
    "--cwd",
    "--report",
    "--junit",
    "--local-images",
}
"""Options of what the service does not offer: its messages never name them, as a test of its bodies holds."""


def commands(group: click.Command = cli, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands of the command line by name."""
    if not isinstance(group, click.Group):
        yield name, group
        return
    context = click.Context(group)
    for each in group.list_commands(context):
        found = group.get_command(context, each)
        assert found is not None
        yield from commands(found, f"{name} {each}".strip())
        if isinstance(found, click.Group):
            yield f"{name} {each}".strip(), found


def options() -> set[str]:
    """All long options of the command line."""
    return {
        word
        for _, command in commands()
        for option in command.params
        for word in (*option.opts, *option.secondary_opts)
        if word.startswith("--")
    }


def hints() -> Iterator[tuple[str, str]]:
    """Where and what: texts of nb2pipe, but of the command line itself, that may be a hint; no docstrings."""
    for module in modules("nb2pipe"):
        if module.name.startswith(("nb2pipe.cli", "nb2pipe.server.words", *OF_NOTEBOOKS)):
            continue
        tree = ast.parse(module.path.read_text("utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if id(node) in docs | parts:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{module.path}:{node.lineno}", node.value
            elif isinstance(node, ast.JoinedStr):
                texts = (str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
                yield f"{module.path}:{node.lineno}", "".join(texts)


def fields(schema: Any) -> Iterator[str]:
    """Names of all fields in schemas."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for each in schema.values():
            yield from fields(each)
    elif isinstance(schema, (list, tuple)):
        for each in schema:
            yield from fields(each)


def test_the_tables_are_true() -> None:
    """Each command and option is there, and each operation and field."""
    operations = {f"{route.method.upper()} {route.path}" for route in ROUTES}
    assert set() == set(COMMANDS.values()) - operations
    assert set() == {name.partition(" --")[0] for name in COMMANDS} - {name for name, _ in commands()}
    assert set() == {word.split()[0] for word in OPTIONS if word.startswith("--")} - options()
    known = {name for route in ROUTES for name in (*fields(route.body), *route.query)}
    assert set() == {field.partition("=")[0] for field in OPTIONS.values()} - known


def test_all_that_messages_name_is_in_them() -> None:
    """Each option and command that a message names has its word here; a new one fails until it has."""
    own = options() - OF_OTHERS - NOT_HERE
    missing = [
        (place, option)
        for place, text in hints()
        for option in re.findall(r"(?<![\w-])--[a-z][a-z_-]*", in_words_of_the_service(text))
        if option in own
        and not re.search(r"podman|docker|pip install|python -m |apt-get|--mount|--label|--network", text)
    ]
    assert [] == missing
    names = "|".join({name.split()[0] for name, _ in commands()})
    left = [
        (place, text)
        for place, text in hints()
        if re.search(rf"(?<![\w/.])nb2pipe ({names})(?![\w-])", in_words_of_the_service(text))
        and not re.search("(where|what) nb2pipe runs|nb2pipe runs steps", text)
    ]
    assert [] == left


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nb2pipe runs lists them all.", "GET /runs lists them all."),
        ("Stop it first: nb2pipe cancel 20261128-1-a", "Stop it first: POST /runs/20261128-1-a/cancel"),
        ("Build one (`nb2pipe image build NOTEBOOK`), or", "Build one (POST /images/builds), or"),
        ("or name one with --image.", "or name one with `image`."),
        ("run it by hand with `--force`.", "run it by hand with `force=true`."),
        ("nb2pipe schedule trigger daily-7 --force runs", "POST /schedules/daily-7/trigger `force=true` runs"),
        ("(nb2pipe schedule edit NAME --after none)", "(PATCH /schedules/NAME `after=[]`)"),
        ("Give 1 s or more, such as --every 15m.", "Give 1 s or more, such as `every_s`."),
        ("run with --executor process", "run with `executor=process`"),
        ("--cron '0 7 * * mon-fri', --every 15m", "`cron='0 7 * * mon-fri'`, `every_s`"),
        ("not installed where nb2pipe runs.", "not installed where nb2pipe runs."),
        ("nb2pipe check /a/n.ipynb says more", "POST /notebooks/check says more"),
        ("Ask for it with `nb2pipe run --report OUT.html`.", "Ask for it with GET /runs/RUN/report."),
        (
            "(python -m ipykernel install --user --name x) or --kernel",
            "(python -m ipykernel install --user --name x) or `kernel_name`",
        ),
        ("Mend that, then nb2pipe notices retry 0a1b.", "Mend that, then POST /notices/0a1b/retry."),
        ("and --at 2026-12-01T07:00.", "and `at=2026-12-01T07:00`."),
        ("There is no file '--force nb2pipe runs'.", "There is no file '--force nb2pipe runs'."),
        ("the notebook's --name is wrong", "the notebook's `name` is wrong"),
        ("jupyter nbconvert --to notebook --inplace FILE", "jupyter nbconvert --to notebook --inplace FILE"),
        ("/srv/nb2pipe runs and nb2pipe left it", "/srv/nb2pipe runs and nb2pipe left it"),
        ("nb2pipe scheduler", "POST /scheduler/start"),
        ("--after-all and --names", "--after-all and --names"),
    ],
)
def test_words(text: str, expected: str) -> None:
    """Commands are operations, options are fields; what users wrote and other programs' words stay."""
    assert expected == in_words_of_the_service(text)


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("GET", "/runs/nosuch", None, "GET /runs lists them all."),
        ("GET", "/schedules/nosuch", None, "GET /schedules shows them all."),
        ("PATCH", "/schedules/spoken", {"new_token": True}, "`on_call=true`"),
        ("PATCH", "/schedules/spoken", {"settle_s": 3}, "`on_change`"),
        ("POST", "/due-times", {"cron": "@often", "zone": "UTC"}, "`every_s`"),
        ("POST", "/due-times", {"every_s": 0, "zone": "UTC"}, "`every_s`"),
        ("POST", "/runs/nosuch/steps/x/approve", {"why": "fine"}, "GET /runs"),
        ("POST", "/notices/nosuch/retry", None, "GET /notices"),
    ],
)
def test_hints_of_the_service(api: Api, folder: Any, method: str, path: str, body: Any, said: str) -> None:
    """What a client is told to do it can do here."""
    write_notebook(folder / "n.ipynb", code("x = 1"))
    made = {"path": f"{folder.name}/n.ipynb", "name": "spoken", "cron": "@yearly", "zone": "UTC"}
    assert api("POST", "/schedules", made).status in (201, 409)
    problem = api(method, path, body).json
    assert said in problem["hint"], problem
    text = json.dumps(problem)
    assert "--" not in text and not re.search(r"nb2pipe [a-z]", text)
