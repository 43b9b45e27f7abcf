"""The diagnostics of the execution: ``N2P4xx`` for what a run shows, ``N2P5xx`` for what an executor cannot do.

``nb2pipe/catalogue.py`` joins these with those of the other parts.
"""

from __future__ import annotations

from nb2pipe.analysis.codes import Rule

RULES: dict[str, Rule] = {
    "N2P401": Rule(
        "error",
        "Steps that touched, unplanned",
        "A step was seen to use something that a step before it makes or changes, and had not waited for that step.",
        "Under Run All it would have seen the other's value; it may have seen an older one.",
        "step:a:  exec(text)        # binds rate\nstep:b:  print(rate)",
        "Add the tag `after:NAME` that the message names; the analysis has a gap there, which is worth a report.",
        "",
        "",
    ),
    "N2P402": Rule(
        "error",
        "Name not available in this step",
        "A step looked up a name that Run All would have there, but which was not given to it.",
        "It was not foreseen that the step reads it, so it was not saved, or the step did not wait for it.",
        "step:a:  con = connect()   # cannot be saved\nstep:b:  con.execute(query)",
        "Add the tag `after:NAME` that the message names, or keep both cells in one step.",
        "",
        "",
    ),
    "N2P403": Rule(
        "error",
        "Value that cannot cross to the next step",
        "A step ended with a value that a later step reads, but the value cannot be saved.",
        "Steps run in processes of their own; connections, generators, locks and open files live in one only.",
        "step:load:  rows = (line for line in text)\nstep:use:   next(rows)",
        "Make it in a cell tagged `setup`, keep both cells in one step, or turn it into data, such as a list.",
        "",
        "",
    ),
    "N2P501": Rule(
        "warning",
        "Image not used",
        "A step names a container image, but steps run as processes on this machine.",
        "The packages installed here are used instead of those in the image.",
        "image:python:3.11",
        "Nothing, if the packages here will do.",
        "",
        "",
    ),
    "N2P502": Rule(
        "error",
        "No GPU here",
        "A step asks for a GPU, and this machine has none.",
        "It would run on the processor, perhaps for days, or fail late.",
        'nb2pipe: {"gpus": 1}',
        "Remove the setting, or run where there is a GPU.",
        "",
        "",
    ),
    "N2P503": Rule(
        "error",
        "Volume not there",
        "A step names a volume whose path does not exist on this machine.",
        "A process cannot mount storage; it sees the paths that are there.",
        'nb2pipe: {"volumes": ["/data:/mnt/data"]}',
        "Make the folder, or run the step in a container.",
        "",
        "",
    ),
    "N2P504": Rule(
        "error",
        "Unknown kind of secret",
        "A step names a secret by a reference that this executor cannot look up.",
        "The step would run without it.",
        'nb2pipe: {"secrets": {"TOKEN": "vault:team/token"}}',
        "On this machine use `env:NAME` or `file:PATH`.",
        "",
        "",
    ),
}
