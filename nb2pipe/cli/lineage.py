"""``nb2pipe lineage``."""

from __future__ import annotations

import json

import click

from nb2pipe.app.lineage.walks import BOTH, MOST_RUNS, Lineage, lineage_of
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.terminal import CONTROL, without_ansi
from nb2pipe.lineage.graph import StepNode
from nb2pipe.lineage.walk import Direction
from nb2pipe.report.lineage import lineage_text, shown_path
from nb2pipe.report.lineage_data import lineage_data, lineage_mermaid
from nb2pipe.report.words import local_time


@click.command("lineage", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name")
@click.option("--upstream", "direction", flag_value="upstream", help="Only what it was made from.")
@click.option("--downstream", "direction", flag_value="downstream", help="Only what used it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "json"]),
    default="text",
    help="As text (default), Mermaid or JSON.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--code", is_flag=True, help="Print the code of all steps, too.")
def command(name: str, direction: Direction | None, form: str, as_json: bool, code: bool) -> None:
    """Show what NAME was made from, and what used it, over all runs.

    NAME is a file or URL that a run read or wrote, a run, RUN/STEP, RUN/STEP/VARIABLE, RUN/VARIABLE (metrics too), or
    the beginning of a digest, of a value or of a file's content.

    \b
    nb2pipe lineage latest                          what the last run read, made and wrote
    nb2pipe lineage latest/train/model --upstream   which data, code and parameters made a model
    nb2pipe lineage data/in.csv --downstream        who used this data set
    """
    found = lineage_of(command_settings(), name, BOTH if direction is None else (direction,))
    if as_json or form == "json":
        data = lineage_data(found.target, found.starts, found.parts)
        data |= {"digest_now": found.now, "is_cut": found.is_cut}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif form == "mermaid":
        click.echo(lineage_mermaid(found.parts), nl=False)
    else:
        click.echo(_harmless("\n\n".join([_head(found), *_text(found, code)])))
    if found.is_cut:
        click.echo(f"There is more: the newest {MOST_RUNS} runs were followed.", err=True)


def _text(found: Lineage, code: bool) -> list[str]:
    return [lineage_text(found.starts, found.parts, run_id=found.target.run_id, with_code=code)]


def _head(found: Lineage) -> str:
    target = found.target
    if target.kind == "run":
        return f"Run {target.label}  {_run_words(found)}".rstrip()
    if target.kind != "file":
        return f"{target.kind.capitalize()} {target.label}"
    if not target.path:
        return f"Content {target.digest[:12]}"
    lines = [f"{'URL' if '://' in target.path else 'File'} {shown_path(target.path)}"]
    if "://" not in target.path:
        known = any(f"data:{found.now}:" in start for start in found.starts)
        now = f"now {found.now[:8]}" + ("" if known else ", which no run has seen") if found.now else "not there now"
        versions = len(found.starts)
        lines[0] += f"  ({versions} {'version' if versions == 1 else 'versions'} in runs; {now})"
    return "\n".join(lines)


def _run_words(found: Lineage) -> str:
    nodes = [graph.nodes.get(start) for graph in found.parts.values() for start in found.starts]
    run = next((node.run for node in nodes if isinstance(node, StepNode)), None)
    if run is None:
        return "(no step of it was recorded)"
    who = f" by {run.user}@{run.host}" if run.user else ""
    return f"({shown_path(run.notebook_path)}, {run.state.value}, {local_time(run.created_at)}{who})"


def _harmless(text: str) -> str:
    """Text from notebooks without what a terminal would obey; the line ends stay."""
    return "\n".join(CONTROL.sub("", line) for line in without_ansi(text).split("\n"))
