"""Tags proposed from a notebook's headings, so that a notebook without tags becomes a pipeline of steps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nb2pipe.model.notebook import Cell, Notebook, Role
from nb2pipe.notebook.literals import NotLiteral, is_immutable, literal_value
from nb2pipe.notebook.parameters import parse_cell, read_cell
from nb2pipe.notebook.source import refuse
from nb2pipe.notebook.steps import START
from nb2pipe.notebook.tags import legal_name

MAX_LENGTH = 40
"""Longest name made from a heading; cut at a word."""

_SESSION_MAGICS = frozenset({"matplotlib", "load_ext", "reload_ext", "autoreload", "config"})
_OPTION_CALLS = frozenset(
    [
        "filterwarnings",
        "set",
        "set_context",
        "set_option",
        "set_palette",
        "set_style",
        "set_theme",
        "simplefilter",
        "use",
    ]
)
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_HTML = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_NUMBER = re.compile(
    r"^\s*(?:(?:step|part|section|chapter)\s+)?(?:\d+(?:\.\d+)*|[ivx]+(?=[.):]))\s*[.):\-\u2013\u2014]*\s+",
    re.IGNORECASE,
)
_MARKUP = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"<[^>]+>"), ""),
    (re.compile(r"\$[^$]*\$"), ""),
    (re.compile(r"[*`~]+"), ""),
    (re.compile(r"&[a-z]+;"), " "),
    (_NUMBER, ""),
)


@dataclass
class _Section:
    """A heading and the code cells up to the next heading that counts."""

    text: str
    level: int
    cells: list[Cell] = field(default_factory=list)


def propose_tags(notebook: Notebook) -> dict[int, tuple[str, ...]]:
    """Tags that make steps of the parts under the notebook's headings.

    The headings that count are those of the highest level with at least two parts that hold code, and higher ones.
    Cells of imports and options alone that stand before all other code become ``setup``. Cells of literals alone that
    stand there too, above the parts or under the notebook's title, become ``parameters`` where it has none. Cells that
    have a tag of ours keep it.

    Args:
        notebook: the notebook as read.

    Returns:
        Cell index to all its tags, the ones it has included, for each cell that changes; empty where every part is
        tagged already.

    Raises:
        NotebookError: no heading has code below it.
    """
    before, sections = _sections(notebook.cells)
    setup, literals = _leading(notebook.cells, _above(before, sections))
    if not any(section.cells for section in sections):
        hint = "Write headings above the parts, or tag cells step:NAME."
        raise refuse("N2P160", "No steps can be proposed: the notebook has no heading with code below it.", hint)
    taken = {cell.tag.step.lower() for cell in notebook.cells if cell.tag.step}
    if any(_is_free(cell) and cell.index not in (setup | literals) for cell in before):
        taken.add(START)
    tags = {index: "setup" for index in setup if notebook.cells[index].tag.role is None}
    tags |= dict.fromkeys(literals, "parameters")
    for number, section in enumerate(sections, 1):
        first = next((cell for cell in section.cells if cell.index not in tags and _counts(cell)), None)
        if first is not None and first.tag.step is None:
            tags[first.index] = f"step:{_unique(name_from(section.text) or f'step-{number}', taken)}"
    return {index: (*notebook.cells[index].tags, tag) for index, tag in sorted(tags.items())}


def name_from(heading: str) -> str:
    """A legal step name from a heading's text, in lower case; empty where the heading has no letter or digit."""
    for pattern, replacement in _MARKUP:
        heading = pattern.sub(replacement, heading)
    words = legal_name(heading.lower().replace("'", "").replace("\u2019", "")).replace("_", "-").split("-")
    name = ""
    for word in filter(None, words):
        if name and len(name) + 1 + len(word) > MAX_LENGTH:
            break
        name = f"{name}-{word}" if name else word[:MAX_LENGTH]
    return name


def headings_of(markdown: str) -> Iterator[tuple[int, str]]:
    """Level (1 to 6) and text of each heading, fenced code left out."""
    fence, previous = "", ""
    for line in markdown.splitlines():
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
            previous = ""
            continue
        if mark:
            fence, previous = mark[1], ""
            continue
        atx, underline, html = _ATX.match(line), _SETEXT.match(line), _HTML.search(line)
        if atx:
            yield len(atx[1]), atx[2]
        elif underline and previous.strip() and "|" not in previous:
            yield (1 if underline[1][0] == "=" else 2), previous.strip()
        elif html:
            yield int(html[1]), html[2]
        previous = "" if atx or underline else line


def _sections(cells: Sequence[Cell]) -> tuple[list[Cell], list[_Section]]:
    """Code cells before the first heading that counts, and the parts under those that do."""
    before: list[Cell] = []
    every: list[_Section] = []
    for cell in cells:
        if cell.kind == "markdown":
            every.extend(_Section(text, level) for level, text in headings_of(cell.source))
        elif cell.is_code:
            (every[-1].cells if every else before).append(cell)
    level = _level(every)
    sections: list[_Section] = []
    for part in every:
        if part.level <= level:
            sections.append(_Section(part.text, part.level, list(part.cells)))
        else:
            (sections[-1].cells if sections else before).extend(part.cells)
    return before, sections


def _level(parts: Sequence[_Section]) -> int:
    """The highest level at which two parts hold code, their own or under deeper headings; else where one does."""
    for wanted in (2, 1):
        for level in range(1, 7):
            inside = (_holds_code(parts, index, level) for index, part in enumerate(parts) if part.level <= level)
            if sum(inside) >= wanted:
                return level
    return 6


def _holds_code(parts: Sequence[_Section], index: int, level: int) -> bool:
    inner = [parts[index]]
    for part in parts[index + 1 :]:
        if part.level <= level:
            break
        inner.append(part)
    return any(_counts(cell) for part in inner for cell in part.cells)


def _counts(cell: Cell) -> bool:
    return cell.tag.role in (None, Role.STEP)


def _is_free(cell: Cell) -> bool:
    return cell.tag.role is None


def _above(before: Sequence[Cell], sections: Sequence[_Section]) -> frozenset[int]:
    """Code above all parts: before the first heading that counts, or under a title that the parts stand below."""
    lowest = max((section.level for section in sections), default=0)
    titles = [section.cells for section in sections[:1] if section.level < lowest]
    return frozenset(cell.index for cells in (before, *titles) for cell in cells)


def _leading(cells: Sequence[Cell], above: frozenset[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Cells of imports alone, and cells of literals alone, before the first code that does something else."""
    setup, literals = set(), set()
    has_parameters = any(cell.tag.role is Role.PARAMETERS for cell in cells)
    for cell in cells:
        if not cell.is_code or cell.tag.role in (Role.PARAMETERS, Role.SETUP, Role.SKIP):
            continue
        if cell.tag.role is None and _prepares(cell.source):
            setup.add(cell.index)
        elif cell.tag.role is None and not has_parameters and cell.index in above and _literals_only(cell):
            literals.add(cell.index)
        else:
            break
    return frozenset(setup), frozenset(literals)


def _literals_only(cell: Cell) -> bool:
    """Whether a cell does nothing but give names to single values: an empty list is filled later."""
    tree = parse_cell(cell.source)
    found, _ = read_cell(cell)
    return tree is not None and len(tree.body) == len(found) > 0 and all(is_immutable(each.default) for each in found)


def _prepares(source: str) -> bool:
    """Whether a cell imports, and does nothing else but set options of what it imports."""
    tree = parse_cell(source)
    if tree is None or any(_is_active(line.strip()) for line in source.splitlines()):
        return False
    return any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in tree.body) and all(
        isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)) or _sets_option(node) for node in tree.body
    )


def _sets_option(node: ast.stmt) -> bool:
    """``pd.options.display.precision = 3``, ``plt.style.use("ggplot")``; a text that stands alone counts too."""
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Attribute) for target in node.targets) and _is_literal(node.value)
    if not isinstance(node, ast.Expr):
        return False
    call = node.value
    if not isinstance(call, ast.Call):
        return isinstance(call, ast.Constant)
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return isinstance(call.func, ast.Attribute) and call.func.attr in _OPTION_CALLS and all(map(_is_literal, given))


def _is_literal(node: ast.expr) -> bool:
    try:
        literal_value(node)
    except NotLiteral:
        return False
    return True


def _is_active(line: str) -> bool:
    """Whether a line of IPython syntax may do more than prepare the session."""
    return line.startswith(("!", "%")) and line.lstrip("%").split(" ")[0] not in _SESSION_MAGICS


def _unique(name: str, taken: set[str]) -> str:
    result, count = name, 1
    while result.lower() in taken:
        count += 1
        result = f"{name}-{count}"
    taken.add(result.lower())
    return result
