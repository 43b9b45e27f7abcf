"""What the service refuses, or would do otherwise than asked: found before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nb2pipe.errors import Diagnostic, RefusedError
from nb2pipe.kubeflow.findings import ENGINES
from nb2pipe.kubeflow.kinds import unsendable
from nb2pipe.kubeflow.remote.codes import RULES
from nb2pipe.kubeflow.remote.values import Submission
from nb2pipe.kubeflow.remote.vertex.places import (
    JOB_ID,
    MOST_DISPLAY_NAME,
    is_pulled,
    job_id,
    registry_of,
    split_gs,
)
from nb2pipe.rules import filled
from nb2pipe.settings.google import label_faults
from nb2pipe.settings.targets import Target

ENGINE = ENGINES["vertex"]
PUSH = "Push it: nb2pipe image build NOTEBOOK --push LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME"
TYPES: Mapping[str, tuple[type, ...]] = {
    "NUMBER_INTEGER": (int,),
    "NUMBER_DOUBLE": (int, float),
    "STRING": (str,),
    "BOOLEAN": (bool,),
    "LIST": (list,),
    "STRUCT": (dict,),
}


def check_submission(submission: Submission, target: Target) -> None:
    """Refuse what Vertex AI would refuse, all at once.

    Raises:
        RefusedError: the diagnostics (N2P964) say what to change.
    """
    found = [
        filled("N2P964", RULES["N2P964"], engine=ENGINE, what=what, why=why, advice=advice)
        for what, why, advice in _faults(submission, target)
    ]
    if found:
        _refuse(found)


def _refuse(found: list[Diagnostic]) -> None:
    number = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    raise RefusedError(f"this cannot be sent to {ENGINE}: {number}", diagnostics=found)


Fault = tuple[str, str, str]
"""What cannot be taken, why, and what to do."""


def _faults(submission: Submission, target: Target) -> Iterator[Fault]:
    yield from _root(target)
    if submission.platform:
        yield (
            "the second document of the pipeline",
            "it has no Kubernetes",
            "Compile it for Vertex AI.",
        )
    if not submission.name.strip() or len(submission.name) > MOST_DISPLAY_NAME:
        what = f"the run's name {submission.name!r}"
        yield what, f"it takes 1 to {MOST_DISPLAY_NAME} characters", "Give it another name."
    name = job_id(submission.pipeline, submission.request_id)
    if not JOB_ID.fullmatch(name):
        yield f"the id {name!r}", "it takes a small letter, then small letters, digits and '-'", "Rename the notebook."
    for fault in label_faults(submission.labels):
        yield "the labels", fault, "Write it otherwise: --label, or the labels of the target."
    yield from _parameters(submission)
    yield from _images(submission.spec)


def _root(target: Target) -> Iterator[Fault]:
    try:
        split_gs(target.pipeline_root)
    except ValueError:
        what = f"the pipeline root {target.pipeline_root!r}"
        advice = "Give the target a pipeline_root of the form gs://BUCKET/FOLDER."
        yield what, "it is no folder on Cloud Storage", advice


def _parameters(submission: Submission) -> Iterator[Fault]:
    declared = submission.spec.get("root", {}).get("inputDefinitions", {}).get("parameters", {})
    for name, each in declared.items():
        if name not in submission.parameters and "defaultValue" not in each and not each.get("isOptional"):
            yield f"a run without the parameter {name!r}", "the pipeline has no default for it", f"Add -p {name} VALUE."
    for name, value in submission.parameters.items():
        if name not in declared:
            known = ", ".join(declared) or "none"
            yield f"the parameter {name!r}", "the pipeline has none of this name", f"It has: {known}."
        elif value is not None:
            yield from _value(name, value, str(declared[name].get("parameterType")))


def _value(name: str, value: Any, kind: str) -> Iterator[Fault]:
    is_right = isinstance(value, TYPES.get(kind, (object,))) and (kind == "BOOLEAN" or not isinstance(value, bool))
    if not is_right and not (kind == "NUMBER_INTEGER" and isinstance(value, float) and value.is_integer()):
        yield f"{value!r} for the parameter {name!r}", f"the pipeline has it as {kind}", "Give a value of that type."
    elif (number := unsendable(value)) is not None:
        why = "it hands numbers over as floats of JSON"
        yield f"{number!r} in the parameter {name!r}", why, "Make it a text, and turn it into a number in the notebook."


def _images(spec: Mapping[str, Any]) -> Iterator[Fault]:
    executors = spec.get("deploymentSpec", {}).get("executors", {})
    images = dict.fromkeys(str(each.get("container", {}).get("image", "")) for each in executors.values())
    for image in images:
        if image and not is_pulled(image):
            why = f"it pulls from Artifact Registry and Docker Hub, not from {registry_of(image)}"
            yield f"the image {image!r}", why, PUSH
