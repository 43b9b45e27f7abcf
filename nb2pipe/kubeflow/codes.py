"""The diagnostics of Kubeflow and Vertex: ``N2P94x``. ``nb2pipe/catalogue.py`` joins them with those of other parts."""

from __future__ import annotations

from nb2pipe.errors import Diagnostic
from nb2pipe.model import Pipeline, Step
from nb2pipe.rules import Rule

RULES: dict[str, Rule] = {
    "N2P940": Rule(
        "error",
        "Number that Kubeflow cannot hand over",
        "The default of a parameter holds an integer of 2**53 or more, or a float that is infinite or not a number.",
        "Kubeflow hands every number over as a float of JSON: the integer would be rounded, the float refused.",
        "seed = 12345678901234567890   # in the parameters cell",
        "Make it a text, and turn it into a number in the notebook: `seed = int(seed)`.",
        "parameter {name!r} holds {value}, which Kubeflow Pipelines cannot hand over as it is",
        "make it a text, and turn it into a number in the notebook",
    ),
    "N2P941": Rule(
        "error",
        "Parameter of a type that Kubeflow lacks",
        "A parameter has no type that Kubeflow Pipelines knows: it has int, float, str, bool, list and dict.",
        "A pipeline there declares the type of every parameter, and checks values against it.",
        "model = None   # in the parameters cell",
        "Give it a default of one of these types, or an annotation: `model: str | None = None`.",
        "parameter {name!r} has the type {type!r}, which Kubeflow Pipelines lacks",
        "annotate it with int, float, str, bool, list or dict ({name}: str = ...), or give it such a default",
    ),
    "N2P942": Rule(
        "error",
        "Step without an image",
        "A step that is to run on a cluster names no image to run in.",
        "On a cluster every step is a container, and there is no other place to run.",
        '"nb2pipe": {}   # names no image, and none was built and pushed',
        "Build one with `nb2pipe image build NOTEBOOK --push REGISTRY/NAME`, or name one with `--image`.",
        "{which} {has} no image to run in",
        "build one with `nb2pipe image build NOTEBOOK --push REGISTRY/NAME`, or name one with --image",
    ),
    "N2P943": Rule(
        "error",
        "Image that a cluster cannot pull",
        "The image of a step is on this machine only: its name begins with `localhost/`, say.",
        "The cluster's machines pull images by their names, and would fail long after the start.",
        'nb2pipe: {"image": "localhost/nb2pipe/churn:1f2e"}',
        "Push it with `nb2pipe image build NOTEBOOK --push REGISTRY/NAME`.",
        "{which} run{verb} in {image!r}, which is on this machine only: a cluster cannot pull it",
        "push it to a registry that the cluster reaches (`nb2pipe image build NOTEBOOK --push REGISTRY/NAME` "
        "does, for an image of steps); --local-images is for kfp.local alone",
    ),
    "N2P944": Rule(
        "error",
        "Setting that the engine cannot honour",
        "A setting of a step means something on this machine that the engine which is compiled for cannot do.",
        "A setting is honoured or refused, never dropped: the step would run otherwise than its author asked.",
        'nb2pipe: {"approval": "Deploy?"}   # for Kubeflow',
        "Remove the setting, or run the notebook where it is honoured; the table in the README says where.",
        "step {step!r} has the setting `{setting}`, which {engine} cannot honour: {why}",
        "{advice}",
    ),
    "N2P945": Rule(
        "error",
        "Too big for a pipeline's spec",
        "The code of a step and the files beside the notebook that it needs do not fit into the pipeline's spec.",
        "A program's arguments end at 128 KiB on Linux, and a cluster keeps the whole spec in one record.",
        "import helpers   # a package of some megabytes beside the notebook",
        "Put modules into the image (`nb2pipe image build` does), and read data from where the cluster reaches it.",
        "{what} takes {size} kB of the pipeline's spec, and {most} kB is the most",
        "the biggest part of it is {part}: put it into the image or where the cluster reaches it",
    ),
    "N2P946": Rule(
        "error",
        "Name that Kubernetes refuses",
        "A step's name, in lower case, has no letter or digit that a name in Kubernetes may have.",
        "Tasks, pods and labels bear the names of steps.",
        "step:___",
        "Rename the step, with a letter or digit in its name.",
        "step {step!r} has a name that Kubernetes refuses: it has no letter or digit",
        "rename it in its tag `step:{step}`",
    ),
    "N2P947": Rule(
        "error",
        "Container cell that a cluster cannot run",
        "A cell that starts with `%%container` asks for what a cluster cannot do.",
        "Its program runs in a pod of its own, and files come to it where the engine puts them; a script for the "
        "shell moves them to where the cell says, a program of the image alone cannot.",
        "%%container registry.example.com/tool:1 --in table=/data/table.csv --entrypoint /tool\n{in_table}",
        "Call the program from a script for the shell: leave --entrypoint out.",
        "step {step!r} has a container cell (cell {cell}) that a cluster cannot run: {why}",
        "{advice}",
    ),
    "N2P948": Rule(
        "error",
        "Language without values on a cluster",
        "The notebook is not written in Python.",
        "Values cross between pods as Python's objects.",
        '"kernelspec": {"language": "R"}',
        "Run it on this machine.",
        "the notebook is written in {language}: only Python's can be compiled for a cluster",
        "run it with --executor process or container",
    ),
    "N2P949": Rule(
        "error",
        "Faulty pipeline spec",
        "The spec that was compiled does not hold together.",
        "The engine would refuse it, or fail late.",
        "",
        "This is a fault of nb2pipe: please report it with the notebook.",
        "the compiled pipeline does not hold together: {what}",
        "this is a fault of nb2pipe: please report it with the notebook",
    ),
}


def finding(code: str, pipeline: Pipeline, step: Step | None = None, **words: object) -> Diagnostic:
    """One of these, at the first cell of a step where there is one."""
    rule = RULES[code]
    if step is None:
        return Diagnostic(code, "error", rule.message.format_map(words), rule.hint.format_map(words))
    words = {"step": step.name, **words}
    message, hint = rule.message.format_map(words), rule.hint.format_map(words)
    cell = pipeline.notebook.cells[step.cells[0]]
    return Diagnostic(code, "error", message, hint, cell.index, cell.id, None, step.name)
