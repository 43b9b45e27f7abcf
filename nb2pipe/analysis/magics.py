"""What IPython's magics and shell lines do, once they stand in the tree as calls of ``get_ipython()``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.paths import go_to
from nb2pipe.analysis.source import parse_source
from nb2pipe.analysis.tables.magics import AMBIENT, NO_CODE, SHELL, STATEMENT, WHOLE
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import ANY, NONE, Value

HARMLESS = words("find_magic find_line_magic find_cell_magic show_usage ask_exit enable_gui getoutput")
SHELL_NAMES = re.compile(r"\{([^{}]+)\}|(?<![\\$])\$([A-Za-z_]\w*)")
INSTALLS = re.compile(
    r"^\s*(?:\S*python\S*\s+-m\s+)?(pip3?|conda|mamba|apt|apt-get|uv|npm)\b.*\b(install|add|uninstall|remove)\b"
)


def ipython_call(m: Machine, name: str, node: ast.Call) -> Value | None:
    """A method of ``get_ipython()``; None for those that need no special care."""
    texts = [item.value if isinstance(item, ast.Constant) and isinstance(item.value, str) else "" for item in node.args]
    first, line, body = (*texts, "", "", "")[:3]
    if name in ("system", "getoutput", "system_raw", "system_piped"):
        shell_line(m, first)
        return Value("list", m.heap.new(flat=True)) if name == "getoutput" else NONE
    if name in ("run_line_magic", "magic"):
        if name == "magic":
            first, _, line = first.partition(" ")
        return line_magic(m, first, line)
    if name == "run_cell_magic":
        cell_magic(m, first, line, body)
        return NONE
    if name in ("run_cell", "ex", "ev", "push", "user_ns", "reset", "run_code", "safe_execfile"):
        m.wild(f"`get_ipython().{name}`", binds=True)
        return Value(ANY, m.heap.new())
    for item in node.args:
        m.eval(item)
    m.ambient("ipython", sees=True, sets=name not in HARMLESS)
    return Value("ipython")


def shell_line(m: Machine, text: str) -> None:
    """A shell command: names in ``{...}`` and ``$name`` are read; what it does is out of sight."""
    if INSTALLS.match(text):
        m.effects.installs = m.effects.installs or m.line
    m.effects.shell = m.effects.shell or m.line
    m.impure += 1
    read_names(m, text)


def read_names(m: Machine, text: str) -> None:
    """IPython puts the values of ``{expression}`` and ``$name`` into commands and magics."""
    for expression, name in SHELL_NAMES.findall(text):
        tree = _expression(expression or name)
        if tree is None:
            continue
        for item in ast.walk(tree):
            if isinstance(item, ast.Name):
                known = m.names.module.names.get(item.id)
                if known is not None or expression:
                    with m.guard():
                        m.lookup(item.id, m.line)
                    m.effects.eager.setdefault(item.id, m.line)


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None


def line_magic(m: Machine, name: str, line: str) -> Value:
    """``%name line``."""
    m.effects.magics.setdefault(name, m.line)
    if name in STATEMENT:
        return _statement(m, name, line)
    read_names(m, line)
    if name in NO_CODE:
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
        where = m.where
        m.ambient(AMBIENT[name], sees=True, sets=bool(line.strip()))
        if name == "cd":
            folder = line.replace("-q", "").strip().strip("'\"")
            go_to(m, where, None if folder.startswith(("-", "$", "{", "~")) else folder)
        return NONE
    if name in WHOLE or name == "reset":
        m.wild(f"`%{name}`", binds=name not in ("who", "who_ls", "whos", "save", "macro"))
        return Value(ANY, m.heap.new())
    if name not in m.known_magics:
        m.finding("N2P221", magic=f"%{name}")
        m.wild(f"`%{name}`", binds=True)
    return Value(ANY, m.heap.new())


def _plotting(m: Machine, name: str, line: str) -> Value:
    if line.strip() not in ("", "inline", "--list", "-l"):
        m.ambient("matplotlib.rcParams", sees=True, sets=True)
    if name == "pylab":
        m.star()
    return NONE


def _statement(m: Machine, name: str, line: str) -> Value:
    code = re.sub(r"^(\s*-\w+(\s*=?\s*\d+)?)+\s+", "", line).strip() if line.lstrip().startswith("-") else line.strip()
    if not code:
        return NONE
    _run_text(m, code, binds=name not in ("timeit", "memit", "prun"))
    m.impure += 1
    return Value(ANY, m.heap.new())


def cell_magic(m: Machine, name: str, line: str, body: str) -> None:
    """``%%name line`` over the rest of the cell."""
    m.effects.magics.setdefault(name, m.line)
    handler = _CELLS.get(name)
    if handler is not None:
        handler(m, line, body)
    elif name in SHELL:
        shell_line(m, line)
        if any(INSTALLS.match(text) for text in body.splitlines()):
            m.effects.installs = m.effects.installs or m.line
        _script_options(m, line)
    elif name not in NO_CODE and name not in m.known_magics:
        m.finding("N2P221", magic=f"%%{name}")
        m.wild(f"`%%{name}`", binds=True)


def _script_options(m: Machine, line: str) -> None:
    for name in re.findall(r"--(?:out|err)[= ]+([A-Za-z_]\w*)", line):
        m.bind_global(name, Value("str"), m.line)


def _timed(m: Machine, line: str, body: str) -> None:
    if line.strip() and not line.lstrip().startswith("-"):
        _run_text(m, line, binds=True)
    _run_text(m, body, binds=True, offset=1)


def _repeated(m: Machine, line: str, body: str) -> None:
    code = re.sub(r"^(\s*-\w+(\s*=?\s*\d+)?)+", "", line).strip() if line.lstrip().startswith("-") else line.strip()
    _run_text(m, f"{code}\n{body}", binds=False)


def _captured(m: Machine, line: str, body: str) -> None:
    _run_text(m, body, binds=True, offset=1)
    words = [word for word in line.split() if not word.startswith("-")]
    if words and words[0].isidentifier():
        m.bind_global(words[0], m.fresh("any"), 1)


def _written(m: Machine, line: str, body: str) -> None:
    words = [word for word in line.split() if not word.startswith("-")]
    m.access(words[-1].strip("'\"") if words else None, "write")
    if any(word in ("-a", "--append") for word in line.split()):
        m.access(words[-1] if words else None, "read")


_CELLS: dict[str, Callable[[Machine, str, str], None]] = {
    "time": _timed,
    "prun": _timed,
    "memit": _timed,
    "python": lambda m, line, body: shell_line(m, line),
    "python3": lambda m, line, body: shell_line(m, line),
    "pypy": lambda m, line, body: shell_line(m, line),
    "timeit": _repeated,
    "capture": _captured,
    "writefile": _written,
    "file": _written,
}


def _run_text(m: Machine, text: str, *, binds: bool, offset: int = 0) -> None:
    tree, error = parse_source(text)
    if tree is None:
        m.finding("N2P201", message=error.message if error else "", at=str((error.line if error else 1) + offset))
        return
    start = offset if offset else m.line - 1
    ast.increment_lineno(tree, start)
    if binds:
        m.run(tree.body)
        return
    names = m.names.module.names
    before = dict(m.effects.binds)
    m.names.begin()
    m.run(tree.body)
    m.names.undo()
    m.effects.binds = before
    assert names is m.names.module.names
