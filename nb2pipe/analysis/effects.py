"""What one cell does, as far as the analysis can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from nb2pipe.analysis.local import Origin, Place
from nb2pipe.analysis.values import Value
from nb2pipe.model import ContainerCall

FileUse = Literal["read", "write", "ensure", "share"]


class Read(NamedTuple):
    """A name looked up: where first, whether for certain, which cells may have made it, what it then was."""

    line: int
    certain: bool
    sources: frozenset[int]
    value: Value


class Finding(NamedTuple):
    """Something to tell the reader: a key of the catalogue, a line from 1, and the words to fill in."""

    code: str
    line: int | None
    words: dict[str, str]


class Use(NamedTuple):
    """An ambient key used: whether its state is seen, whether it is changed, whether it is set whole."""

    line: int
    sees: bool
    sets: bool


class FileAccess(NamedTuple):
    """A path (``*`` stands for unknown parts) and what is done with it.

    ``ensure`` makes a folder that may be there already, ``share`` opens a database in a file.
    """

    path: str
    use: FileUse
    line: int


@dataclass
class Effects:
    """What one cell does.

    Args:
        reads: names looked up that another cell may have bound, deleted or changed.
        binds: names bound, to the line; ``sure`` those bound at the cell's end for certain.
        changes: names whose object may have changed, to the line.
        behind: of them, those changed through another name, to the cells that may have bound them.
        deletes: names deleted, to the line.
        let_go: names deleted or bound anew whose object weak references refer to: the line, the cells that made those.
        stable: names whose binding would be the same if the cell ran again.
        values: what names bound here were at the cell's end (setup cells only).
        shared: of them, those whose object other names of steps may hold too.
        eager: names that must be in the namespace beforehand.
        ambient: uses of ambient keys in order of first use.
        files: accesses of files.
        sources: files that it writes as text that is known, to the text.
        urls: accesses of URLs.
        imports: top-level modules imported, to the line.
        beside: of them, those that stand beside the notebook.
        roots: folders in which modules are looked for from here on.
        external: names of live things (connections) used in a way that has effects outside.
        containers: what container cells ask for.
        shell: line of the first shell command, None without.
        installs: line of the first installation of packages, None without.
        wild: line of the first construct that may read or bind any name; ``wild_words`` says which.
        wild_binds: whether that may bind or change any name too.
        magics: magics used, to the line; ``new_magics`` those registered.
        module_stores: modules whose attribute is set, to (attribute, line).
        module_reads: variables of modules beside the notebook that are looked at, to the line.
        module_changes: of them, those whose object may have changed, to the line.
        module_touches: of them, those whose object the module's own functions may have changed.
        skimmed: whether calls were met that are not followed to their end.
        copies: of them, those looked at under a name of the notebook, to (cell that bound it, name).
        compared: of them, those compared by identity, to the line.
        origins: variables of modules imported here for the first time that may differ at each import.
        undefined: names looked up that nothing has bound, to (line, whether Run All fails on it for certain).
        cached: calls of functions that keep a cache, to (line, whether the cache shows).
        told: line of the first call that tells something to handlers of logging that keep it, None without.
        future: line of ``from __future__ import annotations``, None without.
        annotated: line of the first annotation, None without.
        annotates: line of the first variable of the notebook with an annotation, None without.
        asks_annotations: whether it looks at the annotations of the notebook's variables.
        history: uses of IPython's history (``_``, ``Out[3]``), to the line.
        displays: whether the cell ends in an expression that is displayed.
        ends: whether the cell ends in an error or exit for certain.
    """

    cell: int
    reads: dict[str, Read] = field(default_factory=dict)
    binds: dict[str, int] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    changes: dict[str, int] = field(default_factory=dict)
    behind: dict[str, frozenset[int]] = field(default_factory=dict)
    deletes: dict[str, int] = field(default_factory=dict)
    let_go: dict[str, tuple[int, frozenset[int]]] = field(default_factory=dict)
    stable: set[str] = field(default_factory=set)
    values: dict[str, Value] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    eager: dict[str, int] = field(default_factory=dict)
    ambient: dict[str, Use] = field(default_factory=dict)
    files: list[FileAccess] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    urls: list[FileAccess] = field(default_factory=list)
    imports: dict[str, int] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)
    roots: list[str] = field(default_factory=list)
    external: dict[str, int] = field(default_factory=dict)
    containers: list[ContainerCall] = field(default_factory=list)
    shell: int | None = None
    installs: int | None = None
    wild: int | None = None
    wild_words: str = ""
    wild_binds: bool = False
    magics: dict[str, int] = field(default_factory=dict)
    new_magics: dict[str, int] = field(default_factory=dict)
    module_stores: dict[str, tuple[str, int]] = field(default_factory=dict)
    module_reads: dict[Place, int] = field(default_factory=dict)
    module_changes: dict[Place, int] = field(default_factory=dict)
    module_touches: set[Place] = field(default_factory=set)
    skimmed: bool = False
    copies: dict[Place, set[tuple[int, str]]] = field(default_factory=dict)
    compared: dict[Place, int] = field(default_factory=dict)
    origins: dict[Place, Origin] = field(default_factory=dict)
    undefined: dict[str, tuple[int, bool]] = field(default_factory=dict)
    cached: dict[str, tuple[int, bool]] = field(default_factory=dict)
    told: int | None = None
    future: int | None = None
    annotated: int | None = None
    annotates: int | None = None
    asks_annotations: bool = False
    history: dict[str, int] = field(default_factory=dict)
    displays: bool = False
    ends: bool = False
    findings: list[Finding] = field(default_factory=list)
