"""``nb2pipe image``: build an image for a notebook, and look into one."""

from __future__ import annotations

import json
import sys
from pathlib import PurePath

import click

from nb2pipe.app.images.data import build_data, check_data
from nb2pipe.app.images.making import (
    BuildRequest,
    BuildResult,
    ImageCheck,
    build_image,
    check_images,
    plan_for,
    write_containerfile,
)
from nb2pipe.cli.context import command_settings
from nb2pipe.cli.diagnostics import print_diagnostics
from nb2pipe.cli.table import table_text
from nb2pipe.cli.terminal import harmless, styled, width_of
from nb2pipe.cli.words import value_text
from nb2pipe.containers.engine import ENGINES
from nb2pipe.images.plan import ImagePlan
from nb2pipe.report.words import duration_text

HELP = {"help_option_names": ["-h", "--help"]}
ENGINE = click.option("--engine", type=click.Choice(ENGINES), help="Container engine; default: as the settings say.")

NOISE = ("--> ", "sha256:", "is ignored: it is neither", "\u2501")
"""Lines of a build that tell a person nothing: ids of layers, folders of an index without a package, finished bars."""


@click.group("image", context_settings=HELP)
def command() -> None:
    """Build an image for a notebook, and say what an image lacks for it."""


@command.command("build", short_help="Build an image for a notebook.", context_settings=HELP)
@click.argument("notebook")
@click.option("--base", metavar="IMAGE", help="Base image; default: the setting image_base, Python's own slim image.")
@click.option("--tag", metavar="TAG", help="A further tag; the image always has one made of its content.")
@click.option("--push", metavar="NAME", help="Push it to REGISTRY/NAME[:TAG] and record the digest.")
@click.option("--containerfile", metavar="PATH", help="Write the Containerfile there (- prints it) and build nothing.")
@ENGINE
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build_command(
    notebook: str,
    base: str | None,
    tag: str | None,
    push: str | None,
    containerfile: str | None,
    engine: str | None,
    as_json: bool,
) -> None:
    """Build an image with what NOTEBOOK and the modules beside it import, in the versions that are installed here.

    requirements.txt beside it, else pyproject.toml, else environment.yml, is taken in. Nothing is built when nothing
    has changed. What can be looked into first: nb2pipe image build NOTEBOOK --containerfile -
    """
    settings = command_settings(notebook, image_base=base)
    if containerfile is not None:
        if push or tag:
            raise click.UsageError("--containerfile builds nothing, so there is nothing to tag or push.")
        plan, text = write_containerfile(notebook, settings, containerfile)
        print_diagnostics(notebook, plan.diagnostics, sys.stderr)
        click.echo(text if containerfile == "-" else f"Written to {containerfile}", nl=containerfile != "-")
        return
    plan = plan_for(notebook)
    print_diagnostics(notebook, plan.diagnostics, sys.stderr)
    click.echo(_needs_text(plan), err=True)
    result = build_image(plan, BuildRequest(notebook, tag, push, engine), settings, _show)
    click.echo(json.dumps(build_data(result), indent=2, ensure_ascii=False) if as_json else _build_text(result))


def _show(line: str) -> None:
    text = harmless(line).rstrip()
    if text.strip() and not any(mark in text for mark in NOISE):
        click.echo(f"  {styled(value_text(text, width_of(sys.stderr) - 2), sys.stderr, dim=True)}", err=True)


def _needs_text(plan: ImagePlan) -> str:
    name = PurePath(plan.notebook.path).name
    packages = list(dict.fromkeys(f"{need.distribution or need.module} {need.version}".strip() for need in plan.needs))
    modules = list(dict.fromkeys(file.target.partition("/")[0] for file in plan.modules))
    text = f"{name} imports {', '.join(packages)}" if packages else f"{name} imports nothing but Python's own modules"
    return f"{text}; from beside it {', '.join(modules)}" if modules else text


def _build_text(result: BuildResult) -> str:
    image = result.image
    if result.built:
        lines = [f"Built {image.tag} in {duration_text(result.duration_s)} ({image.engine})"]
    else:
        lines = [f"{image.tag} is up to date: nothing has changed since it was built"]
    if image.reference:
        lines.append(f"In the registry as {image.reference}")
    return "\n".join(lines)


@command.command("check", short_help="Say what images lack for a notebook.", context_settings=HELP)
@click.argument("notebook")
@click.option("--image", metavar="IMAGE", help="Image to look into; default: those that its steps name, or was built.")
@ENGINE
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check_command(notebook: str, image: str | None, engine: str | None, as_json: bool) -> None:
    """Say what images lack for NOTEBOOK's steps, with the line to add to their Containerfile.

    Exit code 1 when a step would fail for it.
    """
    checks = check_images(notebook, command_settings(notebook), image, engine)
    click.echo(json.dumps([check_data(check) for check in checks], indent=2) if as_json else _checks_text(checks))
    if not all(check.is_enough for check in checks):
        sys.exit(1)


def _checks_text(checks: tuple[ImageCheck, ...]) -> str:
    several = len(checks) > 1
    return "\n\n".join(_check_text(check, f" (steps {', '.join(check.steps)})" if several else "") for check in checks)


def _check_text(check: ImageCheck, steps: str) -> str:
    if not check.lacks:
        return f"{check.image}{steps}: nothing lacks"
    rows = [
        ["lacks" if not lack.inside else "differs", lack.what, lack.here or "-", lack.inside or "-", lack.why]
        for lack in check.lacks
    ]
    text = f"{check.image}{steps}\n{table_text(['', 'WHAT', 'HERE', 'INSIDE', 'WHY'], rows, sys.stdout)}"
    lines = dict.fromkeys(lack.line for lack in check.lacks if lack.line)
    return "\n".join([text, "Add to its Containerfile:", *(f"  {line}" for line in lines)]) if lines else text
