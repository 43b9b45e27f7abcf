"""The diagnostics of images: ``N2P6xx``. ``nb2pipe/catalogue.py`` joins these with those of the other parts."""

from __future__ import annotations

from nb2pipe.errors import Diagnostic
from nb2pipe.images.found import Place
from nb2pipe.rules import Rule

RULES: dict[str, Rule] = {
    "N2P601": Rule(
        "error",
        "Import that is not installed here",
        "A cell, or a module beside the notebook, imports a module that is not installed where nb2pipe runs.",
        "Images get the versions that are installed here, so which one is meant cannot be known.",
        "import lightgbm   # not installed",
        "Install it here, or name it with a version in a requirements.txt beside the notebook.",
        "{where} imports `{module}`, which is not installed here and which no file beside the notebook names.",
        "Install it here, or name its distribution in requirements.txt beside the notebook.",
    ),
    "N2P602": Rule(
        "warning",
        "Import under a condition that is not installed here",
        "A module is imported under an `if`, and it is not installed where nb2pipe runs.",
        "The image does not have it, just as this machine does not.",
        "if 'google.colab' in sys.modules:\n    from google.colab import drive",
        "Nothing, if the condition does not hold in the image; else install it here.",
        "{where} imports `{module}` under a condition; it is not installed here and will not be in the image.",
        "",
    ),
    "N2P603": Rule(
        "error",
        "Module that pip cannot install again",
        "A module was installed from a repository, or without pip's knowledge, so no index has what is here.",
        "Asking an index for its name could give another package of that name.",
        "import helpers   # pip install git+https://...",
        "Name it in a requirements.txt beside the notebook, as its error message says, or put it beside the notebook.",
        "{what}, and an image gets what an index has.",
        "{advice}",
    ),
    "N2P604": Rule(
        "warning",
        "Another version than here",
        "A file beside the notebook asks for another version than the one that is installed here.",
        "What you see in the notebook here and what steps do in the image may differ.",
        "requirements.txt: pandas<2   # installed here: 3.1",
        "Nothing, if the file is right; else change it, or install that version here.",
        "{where} asks for {asked}, here is {here}; the image gets what the file asks for.",
        "",
    ),
    "N2P605": Rule(
        "error",
        "Package that only conda has",
        "A file environment.yml names a package that is no Python distribution installed here.",
        "An image is made by pip, which cannot install it, and without it the image is not what the file describes.",
        "dependencies: [r-base]",
        "Take a base image that has it and list the Python packages in requirements.txt, which comes first.",
        "{file} names {names}, which pip does not install.",
        "Write a requirements.txt beside the notebook (it counts before {file}), and take a base image that has the "
        "rest (--base).",
    ),
    "N2P606": Rule(
        "info",
        "File that is not used for the image",
        "Something beside the notebook is not taken into the image.",
        "Only one file that names packages counts, and big data does not belong into an image.",
        "requirements.txt and environment.yml beside the notebook",
        "Nothing, if that is meant; on this machine steps see the notebook's folder as it is.",
        "{what}",
        "",
    ),
    "N2P607": Rule(
        "error",
        "Project that cannot be copied",
        "The notebook imports a project of yours, and its folder cannot be copied into an image.",
        "It is installed from a copy, never by its name from an index.",
        "pip install -e ~/projects/everything   # 40 GB without a .gitignore",
        "Keep data out of the project's folder, or name it in .gitignore.",
        "The project {name!r} in {folder!r} cannot be copied into the image: {reason}.",
        "Keep data out of its folder, or name it in its .gitignore (files that git ignores are not copied).",
    ),
    "N2P608": Rule(
        "warning",
        "Import that came after the image was built",
        "A cell imports a module that no cell imported when the notebook's image was built.",
        "Unless something else brought it into the image, the step will fail there, though it works here.",
        "import seaborn   # added after the image was built",
        "Build the image again; nothing is done if it has all that is needed.",
        "{where} imports `{module}`, which the notebook did not import when image {image} was built.",
        "Build the image again (`nb2pipe image build NOTEBOOK`).",
    ),
}


def finding(code: str, place: Place | None = None, **words: str) -> Diagnostic:
    """A diagnostic with its text filled in.

    Args:
        code: key of the rules.
        place: where; None for the notebook as a whole.
        words: what the text asks for.
    """
    rule = RULES[code]
    where = place or Place()
    return Diagnostic(
        code,
        rule.severity,
        rule.message.format_map(words),
        rule.hint.format_map(words),
        cell_index=where.cell,
        cell_id=where.cell_id,
        line=where.line if where.cell is not None else None,
    )
