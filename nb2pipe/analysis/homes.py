"""What modules beside the notebook hold: who looks at it, and who changes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from nb2pipe.analysis.local import WHOLE, is_of_one_package
from nb2pipe.analysis.names import BUILTINS, Frame, Names
from nb2pipe.analysis.notes import Notes
from nb2pipe.analysis.values import ANY, NOTHING, Objects, Value


@dataclass(eq=False, kw_only=True)
class Homes(Notes):
    """The scope that code runs in, and what is noted about the modules beside the notebook.

    Args:
        names: all names and what they are bound to; ``frame`` is the scope of the running code.
        kept: objects of modules that functions of theirs may have put things into.
    """

    names: Names = field(default_factory=Names)
    frame: Frame = field(init=False)
    kept: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.frame = self.names.module

    def member(self, frame: Frame, name: str) -> Value:
        """The value of a variable of a module beside the notebook; the look-up is noted."""
        self.use_place(frame.home, name)
        binding = frame.names.get(name)
        if binding is None:
            if name in BUILTINS:
                return Value("api", NOTHING, "builtins." + name)
            return Value(ANY, self.heap.new())
        for item in binding.value.own:
            if item in self.heap.homes:
                self.use_place(*self.heap.homes[item])
        return binding.value

    def is_in_file(self) -> bool:
        """Whether the code that runs now stands in a module beside the notebook."""
        return bool(self.local) and self.frame.top().kind == "file"

    def change_homes(self, objects: Objects) -> None:
        """Notes changes of what modules beside the notebook hold, unless their own code makes them.

        What a module's own functions change is the business of ``stateful``, but for things of the notebook that
        they keep, which ``homes`` finds at the end of the cell.
        """
        top, heap = self.frame.top(), self.heap
        code = {item for item in objects if item in heap.functions or item in heap.classes}
        data = objects - code  # an attribute whose value is not known may be a method, which is not what changes
        for item in heap.holders(data or objects) & heap.homes.keys():
            module, variable = self.heap.homes[item]
            if top.kind == "module" or (self.importing and not is_of_one_package(top.home, module)):
                self.effects.module_changes.setdefault((module, variable), self.line)
            elif not self.importing:
                self.kept.add(item)

    def speak(self) -> None:
        """Notes that what runs may print or show something."""
        for module in self.importing:
            module.speaks = True

    def use_place(self, module: str, variable: str) -> None:
        """Notes that a cell looks at a variable of a module beside the notebook."""
        if self.importing:
            return
        self.effects.module_reads.setdefault((module, variable), self.line)
        known = self.local.get(module)
        if known is not None and known.origins.get(variable):
            self.impure += 1

    def use_homes(self, name: str, sources: frozenset[int], value: Value) -> None:
        """Notes the use, under a name of the notebook, of what modules beside it hold.

        Functions, classes and what is made from those cross with their module, all else as a copy.
        """
        for item in value.own:
            home, made = self.heap.homes.get(item), self.heap.instances.get(item)
            if home is not None and (item in self.heap.functions or item in self.heap.classes):
                self.use_place(*home)
            elif home is not None:
                self.effects.copies.setdefault(home, set()).update((cell, name) for cell in sources)
            if made is not None and made in self.heap.class_homes:
                self.use_place(*self.heap.class_homes[made])

    def hand_over(self, value: Value) -> None:
        """Notes that a value is given to code that may do anything with it; a module then shows all it has."""
        self.use_whole(value)
        if value.kind == "module" and value.detail in self.local:
            self.use_place(value.detail, WHOLE)
