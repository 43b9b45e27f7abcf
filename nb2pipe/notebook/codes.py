"""The diagnostics of this package: what each code means, why it matters, and what to do.

``N2P0xx`` concern the notebook's file, ``N2P10x``-``N2P11x`` its tags, ``N2P12x`` its settings, ``N2P14x`` its
parameters, ``N2P16x`` the tagging from headings. ``nb2pipe/catalogue.py`` joins these with those of the other parts.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """One entry of the catalogue."""

    title: str
    what: str
    why: str
    what_to_do: str


CODES: dict[str, Code] = {
    "N2P001": Code(
        "Notebook cannot be read",
        "The path, URL or standard input that should hold the notebook could not be read.",
        "Without its text there is nothing to run.",
        "Check the path; for `s3://`, `gs://` and the like install the package that papermill asks for.",
    ),
    "N2P002": Code(
        "Not a notebook",
        "The file holds something else: a script, a web page, other JSON.",
        "Guessing what was meant could run something that the user did not write.",
        "Give the `.ipynb` file itself; scripts become notebooks with `jupytext --to ipynb`.",
    ),
    "N2P003": Code(
        "Damaged JSON",
        "The file is not well-formed JSON: cut off, edited by hand, or left in the middle of a merge.",
        "A reader that guesses could leave out cells.",
        "Mend the named line and column, or take the last good version from git or `.ipynb_checkpoints`.",
    ),
    "N2P004": Code(
        "Not UTF-8",
        "The file's bytes are not UTF-8 text.",
        "Notebooks are UTF-8 by definition; another reading would change what strings in the code say.",
        "Convert it: `iconv -f ENCODING -t UTF-8 OLD.ipynb > NEW.ipynb`.",
    ),
    "N2P005": Code(
        "Unknown notebook version",
        "The file says an nbformat version that this nb2pipe does not know.",
        "A newer format may mean something else by the same words.",
        "Save it as nbformat 4 in JupyterLab, or install a newer nb2pipe.",
    ),
    "N2P006": Code(
        "Older notebook upgraded",
        "The file is nbformat 1, 2 or 3 and was upgraded to 4 in memory.",
        "The file itself stays as it is; cells are numbered as in the upgraded form.",
        "Nothing; `jupyter nbconvert --to notebook --inplace` upgrades the file itself.",
    ),
    "N2P007": Code(
        "Newer minor version",
        "The file says a minor version of nbformat 4 newer than 4.5.",
        "Minor versions only add, so it is read as 4.5, but what they added is not seen.",
        "Nothing, or save it with the Jupyter that others use.",
    ),
    "N2P008": Code(
        "Empty notebook",
        "The notebook has no code to run.",
        "A pipeline without code does nothing, which is hardly what was meant.",
        "Write some code, or check that this is the right file.",
    ),
    "N2P009": Code(
        "Wrong structure",
        "A part of the notebook that must be there is missing or of the wrong kind.",
        "What a cell says cannot be known.",
        "Open and save the file in JupyterLab, or mend the named part.",
    ),
    "N2P010": Code(
        "Cell id used twice",
        "Two cells have the same id, as copying cells by other tools can leave them.",
        "Results are filed by cell id, so the later cells get ids of their own in memory.",
        "Open and save the notebook in JupyterLab, which gives new ids.",
    ),
    "N2P011": Code(
        "Illegal cell id",
        "A cell id is not 1-64 letters, digits, `-` and `_`.",
        "Other tools refuse such a file; here the cell gets another id in memory.",
        "Open and save the notebook in JupyterLab.",
    ),
    "N2P012": Code(
        "No kernel named",
        "The notebook names a language other than Python but no kernel.",
        "Its cells cannot be started without knowing what runs them.",
        "Choose a kernel in JupyterLab and save.",
    ),
    "N2P101": Code(
        "Illegal step name",
        "A tag names a step with signs other than letters, digits, `-` and `_`, with more than 100, or with none.",
        "Step names become folder names, container names and arguments.",
        "Rename the step.",
    ),
    "N2P102": Code(
        "Two roles on one cell",
        "The tags of one cell give it two roles, such as `setup` and `step:load`.",
        "A cell either runs in one step or at the start of many; it cannot do both.",
        "Keep one of the tags, or split the cell.",
    ),
    "N2P103": Code(
        "Two steps on one cell",
        "The tags of one cell name two steps.",
        "Run All runs the cell once, so it can belong to one step only.",
        "Keep one of the tags, or split the cell.",
    ),
    "N2P104": Code(
        "Misspelt tag",
        "A tag looks like one of nb2pipe's but is not one, and is left alone like a tag of any other tool.",
        "A step that does not start where its author thinks gives a different picture, though the same values.",
        "Correct the tag, or ignore this if another tool uses it.",
    ),
    "N2P105": Code(
        "Tag on a cell without code",
        "A tag of nb2pipe is on a Markdown or raw cell, where it does nothing.",
        "The step that it names does not start there.",
        "Move the tag to the code cell below.",
    ),
    "N2P106": Code(
        "Tags are not a list of texts",
        "The cell's `tags` are something else than a list of texts.",
        "What the author meant is lost.",
        'Write `"tags": ["step:load"]`.',
    ),
    "N2P108": Code(
        "Setting where none counts",
        "A `setup` or `parameters` cell has step settings.",
        "Such a cell runs with many steps, so its settings would belong to none.",
        "Put them on the step's cell, or into the notebook's metadata for all steps.",
    ),
    "N2P109": Code(
        "Order on a cell without step",
        "A `setup` or `parameters` cell has an `after:` or `prev:` tag.",
        "Only steps can wait for steps; the order would be lost.",
        "Put the tag on the step's cell.",
    ),
    "N2P110": Code(
        "Reference to another notebook",
        "A cell is tagged `notebook:NAME`, Kale's way to run another notebook as a part of this one.",
        "nb2pipe does not run it, and leaving it out would change the results.",
        "Copy the cells over, or run the other notebook by `%run`.",
    ),
    "N2P111": Code(
        "Tag without effect",
        "A tag of Kale's asks for something that nb2pipe does in another way.",
        "It is left alone, so that the notebook still works with Kale.",
        "Nothing.",
    ),
    "N2P112": Code(
        "Setting tag not understood",
        "A tag such as `limit:` or `secret:` does not have the parts that it needs.",
        "A limit that is not applied is worse than none.",
        "Write it as the message says.",
    ),
    "N2P120": Code(
        "Unknown setting",
        "The metadata or a tag sets something that nb2pipe does not know.",
        "A setting is honoured or refused, never dropped.",
        "Take the name that the message proposes, or remove the setting.",
    ),
    "N2P121": Code(
        "Wrong value of a setting",
        "A setting has a value of the wrong type, unit or range.",
        "Guessing a limit or an image could run the step elsewhere than meant.",
        "Write it as the message says.",
    ),
    "N2P122": Code(
        "Setting given twice",
        "One step has two different values for one setting.",
        "Which one is meant cannot be known.",
        "Keep one.",
    ),
    "N2P123": Code(
        "Settings are not an object",
        "The metadata `nb2pipe` is something else than a JSON object.",
        "What the author meant is lost.",
        'Write `"nb2pipe": {"cpus": 2}`.',
    ),
    "N2P124": Code(
        "Unknown key in Kale's metadata",
        "`kubeflow_notebook` holds a key that neither Kale nor nb2pipe knows.",
        "It has no effect; a misspelt one may be missed.",
        "Correct or remove it.",
    ),
    "N2P125": Code(
        "Kale setting without effect",
        "`kubeflow_notebook` asks for something that only Kale's own platform does, such as snapshots.",
        "The pipeline runs without it.",
        "Nothing, if it can do without.",
    ),
    "N2P126": Code(
        "Kale metadata not understood",
        "`kubeflow_notebook` or a part of it is of the wrong kind.",
        "What it asks for cannot be honoured.",
        "Mend it as the message says.",
    ),
    "N2P127": Code(
        "Secret value in the notebook",
        "A secret is given by something else than a reference.",
        "Notebooks are shared and stored; secrets in them are secrets no more. The value is never shown.",
        "Write `env:NAME`, `file:PATH` or `secret:NAME/KEY`, and change the secret if it was real.",
    ),
    "N2P140": Code(
        "Parameter defined twice",
        "A parameter is bound in two `parameters` cells, or twice in one.",
        "In two cells, a value given from outside would take the place of both, which Run All cannot mean.",
        "Keep one of them.",
    ),
    "N2P141": Code(
        "Not a parameter",
        "A name in the `parameters` cell is computed, changed in the cell, or not a JSON value.",
        "It stays ordinary code: the cell computes it, and it cannot be given from outside.",
        "Nothing, or bind it to a literal number, text, list or object.",
    ),
    "N2P142": Code(
        "Default against annotation",
        "A parameter's default is not of the type that its annotation says.",
        "Python does not mind, but given values are held against the annotation.",
        "Correct one of them.",
    ),
    "N2P143": Code(
        "Parameters cell cannot be parsed",
        "The `parameters` cell is not Python, or has a syntax error.",
        "No parameters can be found in it.",
        "Correct it, or keep magics of another language out of it.",
    ),
    "N2P144": Code(
        "Injected parameters found",
        "The notebook is the output of an earlier run: it has a cell `injected-parameters`.",
        "Its values count as the defaults, since Run All takes them.",
        "Nothing; run the notebook that it was made from to have its own defaults.",
    ),
    "N2P145": Code(
        "Parameter names reserved word",
        "A name given for a parameter is not a name in Python.",
        "No cell could use it.",
        "Rename it.",
    ),
    "N2P150": Code(
        "Unknown parameter",
        "A value is given for a parameter that the notebook does not have.",
        "A misspelt name would otherwise silently mean the default.",
        "Take the name that the message proposes, or add it to the cell tagged `parameters`.",
    ),
    "N2P151": Code(
        "Parameter of the wrong type",
        "A value given for a parameter is not of its type.",
        "The notebook would fail late, or give something else.",
        "Give a value of the named type, or annotate the parameter: `rate: float = 1`.",
    ),
    "N2P153": Code(
        "Parameter is not a JSON value",
        "A value given for a parameter is not made of numbers, texts, lists, objects, true, false and null.",
        "Parameters travel as JSON to processes, containers and clusters.",
        "Give it as text.",
    ),
    "N2P160": Code(
        "No headings to tag from",
        "The notebook has no Markdown heading with code below it.",
        "There is nothing to name steps after.",
        "Write headings, or tag cells `step:NAME` yourself.",
    ),
    "N2P161": Code(
        "Tags cannot be written",
        "Tags are to be written into a file older than nbformat 4.",
        "Its cells are laid out otherwise, so that the whole file would have to change.",
        "Upgrade it first: `jupyter nbconvert --to notebook --inplace FILE.ipynb`.",
    ),
}
"""Code -> title, what it is, why it matters, what to do."""
