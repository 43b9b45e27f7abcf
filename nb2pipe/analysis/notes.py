"""What is noted about the cell that the analysis goes through: state, files, and constructs that hide names."""

from __future__ import annotations

from dataclasses import dataclass, field

from nb2pipe.analysis.effects import Effects, FileAccess, FileUse, Finding, Use
from nb2pipe.analysis.local import LocalModule
from nb2pipe.analysis.places import HERE, place_of
from nb2pipe.analysis.values import NOTHING, Heap, Objects, Value

RANDOM = frozenset({"random", "numpy.random", "torch"})


@dataclass(eq=False, kw_only=True)
class Notes:
    """The running cell and what is noted about it; names and objects are the business of the machine.

    Args:
        folder: the notebook's folder.
        where: the working directory seen from there, None when it is not known.
        written: paths that cells so far may have written.
        wilds: cells that bound, or may have changed, names that cannot be known; ``wild_binders`` those of steps.
        hidden: one object that stands for everything such names are bound to.
        magics: magics that cells have registered, with their functions.
        local: modules beside the notebook that were imported; ``importing`` those that are being imported now.
        texts: files that cells have written, with the text where it is known.
        roots: folders in which modules are looked for, seen from the notebook's folder.
    """

    heap: Heap = field(default_factory=Heap)
    effects: Effects = field(default_factory=lambda: Effects(0))
    cell: int = 0
    line: int = 1
    certain: bool = True
    impure: int = 0
    is_setup: bool = False
    folder: str = ""
    where: str | None = HERE
    written: set[str] = field(default_factory=set)
    wilds: list[int] = field(default_factory=list)
    wild_binders: set[int] = field(default_factory=set)
    hidden: Objects = NOTHING
    magics: dict[str, Value] = field(default_factory=dict)
    local: dict[str, LocalModule] = field(default_factory=dict)
    importing: list[LocalModule] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    roots: list[str] = field(default_factory=lambda: [HERE])

    def is_in_file(self) -> bool:
        """Whether the code that runs now stands in a module beside the notebook."""
        return False

    def ambient(self, key: str, *, sees: bool, sets: bool) -> None:
        """Notes a use of ambient state: random generators, options, environment ..."""
        self.impure += 1
        if key == "cwd" and sets:
            self.where = None
        if self.importing:
            self._note_input(key, sees=sees, sets=sets)
        before = self.effects.ambient.get(key)
        whole = sets and not sees and self.certain
        if before is None:
            self.effects.ambient[key] = Use(self.line, not whole, sets)
        elif sets and not before.sets:
            self.effects.ambient[key] = before._replace(sets=True)

    def _note_input(self, key: str, *, sees: bool, sets: bool) -> None:
        module = self.importing[-1]
        if key in RANDOM and sets and not sees:
            module.seeded.add(key)
        elif key in RANDOM and sets and key not in module.seeded:
            module.take(chance=True)
        elif key == "environ" and sees:
            module.take(environ=True)

    def access(self, path: str | None, use: FileUse) -> None:
        """Notes an access of a file; a wholly unknown path says nothing."""
        self.impure += use == "read"
        if path is not None and path.strip("*"):
            entry = FileAccess(place_of(path, self.where), use, self.line)
            if entry not in self.effects.files:
                self.effects.files.append(entry)
            if use != "read":
                self.written.add(entry.path)
                self.texts.pop(entry.path, None)
            if self.importing and use in ("read", "share"):
                self.importing[-1].take(file=entry.path)
            elif self.importing and use == "write":
                self.importing[-1].take(written=entry.path)

    def keep_source(self, path: str, text: str) -> None:
        """Keeps what a cell has written into a file, which may be a module."""
        self.texts[path] = self.effects.sources[path] = text

    def wild(self, words: str, *, binds: bool) -> None:
        """Notes a construct that may read any name, and bind or change any if ``binds``."""
        self.impure += 1
        if self.is_in_file():
            return
        effects = self.effects
        if effects.wild is None:
            effects.wild, effects.wild_words = self.line, words
        if binds:
            effects.wild_binds = True
            self.hidden = self.hidden or self.heap.new()
            self.hide()

    def hide(self) -> None:
        """Notes that names which cannot be known are bound here, or what they are bound to may be changed."""
        if not self.wilds or self.wilds[-1] != self.cell:
            self.wilds.append(self.cell)
        self.wild_binders.add(self.cell)

    def star(self) -> None:
        """Notes that names which cannot be known are bound here."""
        if self.is_in_file():
            return
        self.wilds.append(self.cell)
        if not self.is_setup:
            self.wild_binders.add(self.cell)

    def use_whole(self, value: Value) -> None:
        """Notes that a value is used as a whole; the namespace of ``globals()`` then gives any name."""
        if value.kind == "namespace":
            self.wild(f"`{value.detail}()`", binds=False)

    def finding(self, code: str, **words: str) -> None:
        """Notes a finding at the current line."""
        self.effects.findings.append(Finding(code, self.line, words))
