"""What IPython's magics and shell lines do, once they stand in the tree as calls of ``get_ipython()``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.commands import filled_in, read_names, read_words, run_text, split_options
from nb2pipe.analysis.functions import call_function
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.own import MAGIC as OWN
from nb2pipe.analysis.own import own_magic
from nb2pipe.analysis.paths import go_to, path_text
from nb2pipe.analysis.places import place_of
from nb2pipe.analysis.scripts import run_file
from nb2pipe.analysis.tables.magics import AMBIENT, INSPECTING, NO_CODE, SHELL, STATEMENT, WHOLE
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import ANY, NONE, Value
from nb2pipe.notebook.container_cells import MAGIC, ContainerCellError, read_call

HARMLESS = words("find_magic find_line_magic find_cell_magic show_usage ask_exit enable_gui getoutput")
RUNS_CODE = words("run_cell run_code ex ev")
INSTALLS = re.compile(
    r"^\s*(?:\S*python\S*\s+-m\s+)?(pip3?|conda|mamba|apt|apt-get|uv|npm)\b.*\b(install|add|uninstall|remove)\b"
)


def ipython_call(m: Machine, name: str, node: ast.Call) -> Value | None:
    """A method of ``get_ipython()``."""
    values = [m.eval(item) for item in node.args]
    texts = [item.const if isinstance(item.const, str) else "*" for item in values]
    first, line, body = (*texts, "", "", "")[:3]
    if name in ("system", "getoutput", "system_raw", "system_piped"):
        shell_line(m, first)
        if name == "getoutput":
            return Value("list", m.heap.new(flat=True))
        m.bind_global("_exit_code", Value("scalar"), m.line)
        return NONE
    if name in ("run_line_magic", "magic"):
        if name == "magic":
            first, _, line = first.partition(" ")
        return line_magic(m, first, line)
    if name == "run_cell_magic":
        return cell_magic(m, first, line, body)
    if name in RUNS_CODE and texts and "*" not in first and run_text(m, first):
        return Value(ANY, m.heap.new())
    if name == "push" and _push(m, node, values):
        return NONE
    if name in RUNS_CODE or name in ("push", "user_ns", "reset", "safe_execfile"):
        m.wild(f"`get_ipython().{name}`", binds=True)
        return Value(ANY, m.hidden)
    m.ambient("ipython", sees=True, sets=name not in HARMLESS)
    return Value("ipython")


def _push(m: Machine, node: ast.Call, values: list[Value]) -> bool:
    """``push({"name": value})``."""
    first = node.args[0] if node.args else None
    if not isinstance(first, ast.Dict) or not all(isinstance(key, ast.Constant) for key in first.keys):
        return False
    for key in first.keys:
        if isinstance(key, ast.Constant):
            m.bind_global(str(key.value), m.part(values[0]), m.line)
    return True


def shell_line(m: Machine, text: str) -> None:
    """A shell command: names in ``{...}`` and ``$name`` are read; what it does is out of sight."""
    if INSTALLS.match(text):
        m.effects.installs = m.effects.installs or m.line
    m.effects.shell = m.effects.shell or m.line
    m.impure += 1
    read_names(m, text)


def line_magic(m: Machine, name: str, line: str) -> Value:
    """``%name line``."""
    m.effects.magics.setdefault(name, m.line)
    if name in STATEMENT:
        return _statement(m, name, line)
    read_names(m, line)
    if name in m.magics:
        return _custom(m, name, line)
    if name == OWN:
        return own_magic(m, line)
    if name in INSPECTING:
        read_words(m, line)
    if name in NO_CODE or name in INSPECTING:
        return Value(ANY)
    if name in ("matplotlib", "pylab"):
        return _plotting(m, name, line)
    if name in ("pip", "conda", "mamba", "uv"):
        m.effects.installs = m.effects.installs or m.line
        m.effects.shell = m.effects.shell or m.line
        return NONE
    if name in SHELL:
        shell_line(m, f"{name} {line}")
        return Value("list", m.heap.new(flat=True))
    if name in AMBIENT:
        return _state(m, name, line)
    if name == "run" and run_file(m, filled_in(m, line)):
        return NONE
    if name in WHOLE or name == "reset":
        m.wild(f"`%{name}`", binds=name not in ("who", "who_ls", "whos", "save", "macro"))
        return Value(ANY, m.hidden or m.heap.new())
    m.finding("N2P221", magic=f"%{name}")
    m.wild(f"`%{name}`", binds=True)
    return Value(ANY, m.hidden)


def _custom(m: Machine, name: str, *texts: str) -> Value:
    """A magic of the notebook: its function is called with the line, and with the rest of the cell."""
    args = Arguments([Value("str", const=text) for text in texts])
    result = Value(ANY, m.heap.new())
    for item in sorted(m.magics[name].own):
        if item in m.heap.functions:
            result = call_function(m, m.heap.functions[item], args)
    return result


def _state(m: Machine, name: str, line: str) -> Value:
    where = m.where
    m.ambient(AMBIENT[name], sees=True, sets=bool(line.strip()))
    if name == "cd":
        folder = split_options(line).rest.strip("'\"")
        go_to(m, where, None if folder.startswith(("-", "~")) else filled_in(m, folder))
    return NONE


def _plotting(m: Machine, name: str, line: str) -> Value:
    if line.strip() not in ("", "inline", "--list", "-l"):
        m.ambient("matplotlib.rcParams", sees=True, sets=True)
        m.keeps_figures = True
    if name == "pylab":
        m.star()
    return NONE


def _statement(m: Machine, name: str, line: str) -> Value:
    options = split_options(line, STATEMENT[name])
    for letter in ("D", "T") if name in ("prun", "lprun", "mprun") else ():
        m.access(options.given.get(letter), "write")
    if not options.rest:
        return NONE
    run_text(m, options.rest, binds=name not in ("timeit", "memit"))
    m.impure += 1
    return Value(ANY, m.heap.new())


def cell_magic(m: Machine, name: str, line: str, body: str) -> Value:
    """``%%name line`` over the rest of the cell."""
    m.effects.magics.setdefault(name, m.line)
    handler = _CELLS.get(name)
    if handler is not None:
        handler(m, name, line, body)
        return NONE
    read_names(m, line)
    if name in m.magics:
        return _custom(m, name, line, body)
    if name in SHELL:
        shell_line(m, line)
        if any(INSTALLS.match(text) for text in body.splitlines()):
            m.effects.installs = m.effects.installs or m.line
        _script_options(m, line)
    elif name not in NO_CODE:
        m.finding("N2P221", magic=f"%%{name}")
        m.wild(f"`%%{name}`", binds=True)
    return NONE


def _script_options(m: Machine, line: str) -> None:
    for name in re.findall(r"--(?:out|err|proc)[= ]+([A-Za-z_]\w*)", line):
        m.bind_global(name, Value("str"), m.line)


def _timed(m: Machine, name: str, line: str, body: str) -> None:
    _statement(m, name, line)
    run_text(m, body, offset=1)


def _repeated(m: Machine, name: str, line: str, body: str) -> None:
    run_text(m, f"{split_options(line, STATEMENT[name]).rest}\n{body}", binds=False, offset=0)


def _captured(m: Machine, name: str, line: str, body: str) -> None:
    read_names(m, line)
    run_text(m, body, offset=1)
    words = [word for word in line.split() if not word.startswith("-")]
    if words and words[0].isidentifier():
        m.bind_global(words[0], m.fresh("any"), 1)


def _written(m: Machine, name: str, line: str, body: str) -> None:
    read_names(m, line)
    options = split_options(filled_in(m, line))
    path = options.rest.strip("'\"") or None
    m.access(path, "write")
    if {"a", "append"} & options.given.keys():
        m.access(path, "read")
    elif path is not None and m.certain:
        m.keep_source(place_of(path, m.where), body)


def _python(m: Machine, name: str, line: str, body: str) -> None:
    shell_line(m, line)
    _script_options(m, line)


def _in_container(m: Machine, name: str, line: str, body: str) -> None:
    """A container cell sees its inputs and nothing else, and leaves its outputs."""
    try:
        call = read_call(line, body)
    except ContainerCellError as error:
        m.finding("N2P224", message=error.message, advice=error.hint)
        return
    m.effects.containers.append(call)
    m.impure += 1
    for each in call.inputs:
        value = m.lookup(each.name, m.line)
        if value.kind == "path":
            m.access(path_text(value), "read")
    for each in call.outputs:
        m.bind_global(each.name, m.fresh("any"), m.line)


_CELLS: dict[str, Callable[[Machine, str, str, str], None]] = {
    "time": _timed,
    "prun": _timed,
    "memit": _timed,
    "python": _python,
    "python3": _python,
    "pypy": _python,
    "timeit": _repeated,
    "capture": _captured,
    MAGIC: _in_container,
    "writefile": _written,
    "file": _written,
}
