"""The grammar of container cells.

``%%container IMAGE [--in NAME[=PATH]]... [--out NAME[=PATH]]... [--entrypoint PROGRAM]``, and below it a script,
or with ``--entrypoint`` the program's arguments.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import NoReturn

from nb2pipe.errors import Nb2pipeError
from nb2pipe.model import ContainerCall, Exchange
from nb2pipe.notebook.nearest import nearest

MAGIC = "container"
IN, OUT = "/in", "/out"
OPTIONS = ("--in", "--out", "--entrypoint")
FORM = "%%container IMAGE [--in NAME[=PATH]]... [--out NAME[=PATH]]... [--entrypoint PROGRAM]"

_FIRST_LINE = re.compile(r"\s*%%container(?:[ \t]+([^\n]*))?(?:\n|\Z)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FIELD = re.compile(r"\{((?:in|out)_[A-Za-z0-9_]+)\}")


class ContainerCellError(Nb2pipeError):
    """A container cell whose first line or arguments are not in the grammar."""


def is_container_cell(source: str) -> bool:
    """Whether a cell runs in a container of its own."""
    return _FIRST_LINE.match(source) is not None


def read_call(line: str, body: str) -> ContainerCall:
    """What a container cell asks for.

    Args:
        line: what stands behind ``%%container``.
        body: the lines below.

    Raises:
        ContainerCellError: it is not in the grammar.
    """
    images: list[str] = []
    given: dict[str, list[str]] = {option: [] for option in OPTIONS}
    words = _split(line, comments=False)
    while words:
        word = words.pop(0)
        option, mark, value = word.partition("=")
        if not word.startswith("-"):
            images.append(word)
        elif option not in OPTIONS:
            _refuse_option(option)
        elif not mark and (not words or words[0].startswith("--")):
            _wrong(f"{option} has no value")
        else:
            given[option].append(value if mark else words.pop(0))
    return _call(images, given, body)


def fill_in(argument: str, paths: dict[str, str]) -> str:
    """An argument with paths in place of ``{in_NAME}`` and ``{out_NAME}``."""
    return _FIELD.sub(lambda found: paths.get(found[1], found[0]), argument)


def _call(images: list[str], given: dict[str, list[str]], body: str) -> ContainerCall:
    if not images:
        _wrong("no image is named")
    if len(images) > 1:
        hint = "Arguments of a program stand below the first line." if given["--entrypoint"] else ""
        _wrong(f"there is a word too much, {images[1]!r}", hint)
    if len(given["--entrypoint"]) > 1:
        _wrong("--entrypoint is given twice")
    inputs = _exchanges("--in", given["--in"], IN)
    outputs = _exchanges("--out", given["--out"], OUT)
    paths = [each.path for each in (*inputs, *outputs) if each.path]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        _wrong(f"two variables have the path {twice}")
    entrypoint = next(iter(given["--entrypoint"]), "")
    if entrypoint:
        arguments = tuple(_split(body, comments=True))
        _check_fields(arguments, inputs, outputs)
        return ContainerCall(images[0], inputs, outputs, entrypoint, arguments)
    if not body.strip():
        _wrong("there is no script below its first line", "Write one, or name a program with --entrypoint.")
    return ContainerCall(images[0], inputs, outputs, script=body if body.endswith("\n") else f"{body}\n")


def _exchanges(option: str, values: list[str], folder: str) -> tuple[Exchange, ...]:
    found: dict[str, Exchange] = {}
    for value in values:
        name, mark, path = value.partition("=")
        if not _NAME.fullmatch(name):
            _wrong(f"{option} {value}: {name!r} is not a variable's name", "Take ASCII letters, digits and '_'.")
        if name in found:
            _wrong(f"{option} {name} is given twice")
        found[name] = Exchange(name, _absolute(option, value, path, folder) if mark else "")
    return tuple(found.values())


def _absolute(option: str, value: str, path: str, folder: str) -> str:
    whole = posixpath.normpath(posixpath.join(folder, path))
    if not path or path.endswith("/") or whole in ("/", folder) or any(ord(sign) < 32 for sign in path):
        _wrong(f"{option} {value}: there is no file's path behind '='")
    if not path.startswith("/") and not whole.startswith(f"{folder}/"):
        _wrong(f"{option} {value}: the path leads out of {folder}", f"A path that is not absolute stands in {folder}.")
    return whole


def _check_fields(arguments: tuple[str, ...], inputs: tuple[Exchange, ...], outputs: tuple[Exchange, ...]) -> None:
    known = [f"in_{each.name}" for each in inputs] + [f"out_{each.name}" for each in outputs]
    for argument in arguments:
        for field in _FIELD.findall(argument):
            if field not in known:
                close = nearest(field, known)
                hint = f"Did you mean {{{close}}}?" if close else f"Name it with --{field.partition('_')[0]}."
                _wrong(f"the arguments name {{{field}}}, which is no variable of this cell", hint)


def _split(text: str, *, comments: bool) -> list[str]:
    try:
        return shlex.split(text, comments=comments)
    except ValueError as error:
        _wrong(f"{str(error)[:1].lower()}{str(error)[1:]}: a quotation mark is missing")


def _refuse_option(option: str) -> NoReturn:
    close = nearest(option, OPTIONS)
    _wrong(f"there is no option {option}", f"Did you mean {close}?" if close else "")


def _wrong(what: str, hint: str = "") -> NoReturn:
    raise ContainerCellError(f"%%container: {what}", hint=hint or f"Write {FORM}.")
