"""``nb2pipe target``: add, list, show, remove, check."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click

from nb2pipe.app.elsewhere import targets as use
from nb2pipe.cli.table import table_text
from nb2pipe.cli.terminal import harmless
from nb2pipe.errors import SettingsError
from nb2pipe.settings.targets import TARGET_KINDS, Target

HELP = {"help_option_names": ["-h", "--help"]}
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.group("target", context_settings=HELP)
def command() -> None:
    """Engines elsewhere that notebooks are sent to; each has a small file, which holds no password or token.

    \b
    nb2pipe target add cluster --kind kfp --host https://kfp.example.com --token-file ~/.kfp-token
    nb2pipe target check cluster
    nb2pipe submit churn.ipynb --to cluster --wait
    """


@command.command("add", context_settings=HELP)
@click.argument("name", metavar="NAME")
@click.option("--kind", type=click.Choice(TARGET_KINDS), required=True, help="Kubeflow (kfp) or Vertex AI (vertex).")
@click.option("--host", metavar="URL", help="API of Kubeflow Pipelines: http://localhost:8888.")
@click.option("--ui", metavar="URL", help="Its pages for people, where that is another address.")
@click.option("--namespace", metavar="NAME", help="Namespace, where Kubeflow serves several users.")
@click.option("--experiment", metavar="NAME", help="Experiment that runs are put in; made where there is none.")
@click.option("--token-file", metavar="FILE", help="File that holds a token; read at each request, never copied.")
@click.option("--ca-file", metavar="FILE", help="Certificates that the server's is held against.")
@click.option("--project", metavar="ID", help="Project of Google Cloud.")
@click.option("--location", metavar="REGION", help="Region of Google Cloud: europe-west4.")
@click.option("--pipeline-root", metavar="URL", help="Where artifacts go: gs://BUCKET/FOLDER.")
@click.option("--service-account", metavar="NAME", help="Service account that steps act as.")
@click.option("--network", metavar="NAME", help="Network of Google Cloud: projects/NUMBER/global/networks/NAME.")
@click.option("--label", "labels", multiple=True, metavar="NAME=TEXT", help="A label for each run; may be repeated.")
@click.option("--timeout-s", type=float, metavar="S", help="Seconds that it may take to answer; default: 30.")
@click.option("--replace", "overwrite", is_flag=True, help="Write over a target of this name.")
@as_json_option
def add_command(
    name: str, kind: str, labels: tuple[str, ...], overwrite: bool, as_json: bool, **values: str | float | None
) -> None:
    """Add a target. Credentials are found as the engine's own tools find them, each time they are needed."""
    given: dict[str, Any] = {**values, "labels": labels_of(labels) or None}
    added = use.add_target(name, kind, given, overwrite=overwrite)
    if as_json:
        click.echo(json.dumps({**use.target_data(added.target), "origin": added.path}, indent=2, ensure_ascii=False))
    else:
        click.echo(f"Target {name!r} added ({added.path}). Ask whether it answers: nb2pipe target check {name}")


@command.command("list", context_settings=HELP)
@as_json_option
def list_command(as_json: bool) -> None:
    """List targets."""
    found = use.list_targets()
    if as_json:
        click.echo(json.dumps([use.target_data(each) for each in found], indent=2, ensure_ascii=False))
    elif found:
        rows = [
            [each.name, each.kind, harmless(_place(each)), harmless(each.namespace or each.location)] for each in found
        ]
        click.echo(table_text(["TARGET", "KIND", "PLACE", "WITHIN"], rows, sys.stdout))
    else:
        click.echo("No targets. Add one: nb2pipe target add NAME --kind kfp --host URL")


@command.command("show", context_settings=HELP)
@click.argument("name", metavar="NAME")
@as_json_option
def show_command(name: str, as_json: bool) -> None:
    """Show what a target's file says."""
    data = use.target_data(use.find_target(name))
    if as_json:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    for key, value in data.items():
        text = ", ".join(f"{name}={text}" for name, text in value.items()) if isinstance(value, dict) else str(value)
        click.echo(harmless(f"{key:16}{text or '(the environment)'}"))


@command.command("remove", context_settings=HELP)
@click.argument("name", metavar="NAME")
def remove_command(name: str) -> None:
    """Forget a target. What was sent there goes on there, and its record stays here."""
    use.drop_target(name)
    click.echo(f"Target {name!r} removed.")


@command.command("check", context_settings=HELP)
@click.argument("name", metavar="NAME")
def check_command(name: str) -> None:
    """Ask a target whether it answers and lets us in."""
    click.echo(harmless(f"{use.check_target(name)}: it answers."))


def labels_of(words: Sequence[str]) -> dict[str, str]:
    """What ``--label`` options say.

    Raises:
        SettingsError: one is not NAME=TEXT.
    """
    found: dict[str, str] = {}
    for word in words:
        name, between, text = word.partition("=")
        if not between or not name.strip():
            raise SettingsError(f"{word!r} is no label.", hint="Write --label NAME=TEXT.")
        found[name.strip()] = text.strip()
    return found


def _place(target: Target) -> str:
    return target.host or target.project or "(the environment)"
