"""The diagnostics of the analysis: ``N2P2xx``. ``nb2pipe/catalogue.py`` joins these with those of the other parts."""

from __future__ import annotations

from typing import Literal, NamedTuple

from nb2pipe.errors import Diagnostic, SettingsError


class Rule(NamedTuple):
    """A diagnostic's text; ``message`` and ``hint`` hold names in braces that each finding fills in."""

    severity: Literal["error", "warning", "info"]
    title: str
    what: str
    why: str
    example: str
    what_to_do: str
    message: str
    hint: str


def filled(code: str, rule: Rule, **words: str) -> Diagnostic:
    """A diagnostic that names no place, with its text filled in.

    Args:
        code: of the rule.
        rule: its texts.
        words: what they ask for.
    """
    return Diagnostic(code, rule.severity, rule.message.format_map(words), rule.hint.format_map(words))


def refused(code: str, rule: Rule, **words: str) -> SettingsError:
    """An error that carries one such finding."""
    found = filled(code, rule, **words)
    return SettingsError(found.message, hint=found.hint, diagnostics=(found,))


RULES: dict[str, Rule] = {
    "N2P201": Rule(
        "error",
        "Syntax error",
        "A cell is neither Python nor what IPython makes Python of.",
        "Run All stops there, and what the rest of the cell means cannot be known.",
        "print('hello'",
        "Mend the cell; tag it `skip` if it is not meant to run.",
        "The cell is not valid Python: {message}.",
        "Mend it, or tag the cell `skip`.",
    ),
    "N2P202": Rule(
        "error",
        "Name that no cell has bound",
        "A cell reads a name that no cell before it binds, and it does so whatever happens.",
        "Run All fails there with a NameError.",
        "print(total)   # no cell before says what `total` is",
        "Bind the name in a cell before, or correct its spelling.",
        "`{name}` is read here, but {where}.",
        "{advice}",
    ),
    "N2P203": Rule(
        "warning",
        "Name that may not be bound",
        "A cell may read a name that no cell before it binds: in a branch, or in a function that may be called.",
        "If that code runs, it fails with a NameError.",
        "if verbose:\n    print(totl)",
        "Bind the name in a cell before, or correct its spelling.",
        "`{name}` may be read here, but {where}.",
        "{advice}",
    ),
    "N2P204": Rule(
        "warning",
        "Use of names that only shows when it runs",
        "A cell uses names by text: `eval`, `exec`, `globals()`, `%run` and their like.",
        "Which names it reads or binds cannot be known before, so the step waits for all steps before it, and if it "
        "may bind names all later steps wait for it.",
        "exec(open('settings.py').read())",
        "Name the variables in code, or accept that these steps do not run side by side.",
        "{words}: which names it uses is only known when it runs; the notebook's order is kept around this step.",
        "Name the variables in code if steps should run side by side.",
    ),
    "N2P205": Rule(
        "error",
        "Value that cannot leave its step",
        "A step uses a value that another step made and that lives in one process: a connection, a generator, a lock, "
        "an open file.",
        "Steps run in processes of their own, and such values cannot be saved.",
        "con = sqlite3.connect('data.db')   # step load\ncon.execute('...')                 # step use",
        "Make the value in a cell tagged `setup`, keep both cells in one step, or turn it into data (a list, a frame).",
        "`{name}` is {what} made in cell {made}; it cannot cross from step {source} to step {step}.",
        "{advice}",
    ),
    "N2P206": Rule(
        "error",
        "Live value whose state several steps share",
        "A setup cell makes something whose state lives in one process (a generator, an open file, a database in "
        "memory), and more than one step uses it.",
        "Each step would have its own, so a later step would not see what an earlier one did.",
        "rows = csv.reader(open('rows.csv'))   # setup\nnext(rows)   # step one, then step two",
        "Read it into a list, keep its uses in one step, or use a file instead of memory.",
        "`{name}` is {what}; step {source} (cell {made}) changes its state, which step {step} would not see.",
        "Turn it into data (a list), use a file instead of memory, or keep its uses in one step.",
    ),
    "N2P207": Rule(
        "error",
        "Use of IPython's history across steps",
        "A cell reads `_`, `__`, `Out[n]`, `_n` or `In`, and the cell it means belongs to another step.",
        "Each step has a history of its own.",
        "df.describe()   # step one\n_.T             # step two",
        "Give the value a name in the cell that makes it.",
        "`{name}` means what another step's cell showed; each step has a history of its own.",
        "Give the value a name in the cell that makes it, and use the name here.",
    ),
    "N2P208": Rule(
        "error",
        "Module changed in one step, used in another",
        "A step sets an attribute of a module, and a later step uses that module.",
        "Modules cross by name and are imported again: the change stays behind.",
        "config.DEBUG = True   # step one\nconfig.run()          # step two",
        "Put the assignment into a cell tagged `setup`, so that each step makes it.",
        "`{module}.{name}` is set here, but step {step} imports it anew and uses it (cell {cell}).",
        "Put the assignment into a cell tagged `setup`.",
    ),
    "N2P209": Rule(
        "error",
        "State that is not carried",
        "A step changes state of the process that is not carried to later steps.",
        "Later steps would run without the change.",
        "os.environ['TZ'] = 'UTC'\ntime.tzset()   # step one",
        "Put the call into a cell tagged `setup`, so that each step makes it.",
        "This changes {what} for all cells after it, which later steps would not see.",
        "Put it into a cell tagged `setup`.",
    ),
    "N2P210": Rule(
        "warning",
        "Module that is not found",
        "A cell imports a module that is neither installed here nor beside the notebook.",
        "The import fails unless the step's environment has the module.",
        "import fitz   # the package PyMuPDF",
        "Install the package that has the module, or put the file beside the notebook.",
        "No module named `{name}` is installed here or stands beside the notebook.",
        "Install the package that provides it in the environment that runs the steps.",
    ),
    "N2P211": Rule(
        "error",
        "Module that keeps state",
        "A module beside the notebook changes a variable of its own when its functions are called, and several steps "
        "use the module.",
        "Each step imports the module anew, so a later step does not see what earlier calls left behind.",
        "calls = 0   # counter.py\ndef call():\n    global calls\n    calls += 1",
        "Keep the state in a variable of the notebook, or the cells that use the module in one step.",
        "Module `{name}` changes its variable `{variable}` when it is used (line {at} of {name}.py), and steps "
        "{source} and {step} both use it: each imports it anew.",
        "Keep that state in a variable of the notebook, or put the cells into one step.",
    ),
    "N2P221": Rule(
        "warning",
        "Unknown magic",
        "A cell uses a magic that neither IPython nor the notebook defines.",
        "What it does to names is not known, so the notebook's order is kept around its step.",
        "%%sql\nselect 1",
        "Load the extension in a `setup` cell; keep cells that depend on it in one step if side by side matters.",
        "What `{magic}` does is not known here; the notebook's order is kept around this step.",
        "",
    ),
    "N2P222": Rule(
        "error",
        "Magic registered in another step",
        "A step uses a magic that a cell of another step registers.",
        "Each step has an IPython of its own, in which that magic is not registered.",
        "@register_line_magic\ndef hello(line): ...   # step one\n%hello                 # step two",
        "Register it in a cell tagged `setup`.",
        "`%{magic}` is registered in cell {made} of step {source}; step {step} does not know it.",
        "Tag cell {made} `setup`.",
    ),
    "N2P224": Rule(
        "error",
        "Container cell that is not well formed",
        "The first line of a cell `%%container`, or its arguments, are not in the grammar.",
        "Run All fails on that cell.",
        "%%container --in frame   # which image?",
        "Write %%container IMAGE [--in NAME[=PATH]]... [--out NAME[=PATH]]... [--entrypoint PROGRAM], a script below.",
        "{message}.",
        "{advice}",
    ),
    "N2P225": Rule(
        "info",
        "Command of nb2pipe in a cell",
        "A cell uses `%nb2pipe`, or shows `nb2pipe.panel()`.",
        "Both are for the person who reads the notebook; a run that started itself again would never end.",
        "%nb2pipe run",
        "Nothing: a run leaves the command out and prints a line that says so; tag the cell `skip` to spare that line.",
        "`{what}` is left out when this notebook runs as a pipeline.",
        "",
    ),
    "N2P226": Rule(
        "error",
        "Run of a notebook within a run",
        "A cell runs a notebook with `%nb2pipe run`.",
        "Left out of a run of this notebook, what it makes would be missing; not left out, it would start a run in a "
        "run, without end if it is the same notebook.",
        "%nb2pipe run other.ipynb out.ipynb",
        "Tag the cell `skip` if it is for you alone; run the notebook from a shell line if the pipeline needs it.",
        "`%nb2pipe run {notebook}` cannot be a part of a pipeline.",
        "Tag the cell `skip`; if the pipeline needs that run of another notebook, write `!nb2pipe run {notebook}`.",
    ),
}
