"""All operations of the service, in one table: handlers, checks and description are made from it."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.lineage.names import Start
from nb2pipe.model import Delivery, State, Trigger
from nb2pipe.server import answers as answer
from nb2pipe.server import approvals, batches, images, lineage, notebooks, notices, runs, schedules, targets
from nb2pipe.server import bodies as body
from nb2pipe.server.asking import NOTEBOOK_BYTES, Asked, Route
from nb2pipe.server.openapi import document
from nb2pipe.server.schemas import ANYTHING, FLAG, TEXT, TIME, array, nullable, record
from nb2pipe.server.service import Service

_OF = answer.SCHEMAS.of
CONTENTS = (("read", "contents"),)
APPROVALS = (("execute", "nb2pipe.approvals"),)
_NAME = {"type": "string", "minLength": 1, "maxLength": 500}
_PATH = {"type": "string", "maxLength": 4096, "description": "relative to the folder that Jupyter serves"}
_ATTEMPT = {"type": "integer", "minimum": 1, "maximum": 10_000, "description": "the last one if not given"}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
_STATE = {"type": "string", "enum": [state.value for state in State]}
_FORCE = {"force": {**FLAG, "default": False, "description": "whatever limits or dependents stand against it"}}
_PART = {
    "offset": {
        "type": "integer",
        "minimum": -(10**15),
        "maximum": 10**15,
        "default": 0,
        "description": "bytes; below 0 from the end",
    },
    "limit": {"type": "integer", "minimum": 4, "maximum": 2**20, "default": 2**16},
}
_STREAM = {
    "run": {**array(_NAME), "description": "only events of these runs, by their whole ids"},
    "logs": {**FLAG, "default": False, "description": "also what the cells of these runs print"},
    "last_event_id": {"type": "string", "maxLength": 100, "description": "as the header Last-Event-ID"},
}


def described(service: Service, asked: Asked) -> Any:
    """The description of the service."""
    return document(ROUTES, service.root)


def _streamed(service: Service, asked: Asked) -> Any:
    raise AssertionError("streams are answered by their own handler")


ROUTES: tuple[Route, ...] = (
    Route("get", "/openapi.json", "describe", "This description.", described, ANYTHING),
    Route("get", "/settings", "showSettings", "Settings in force.", notebooks.settings, array(answer.SETTING)),
    Route("get", "/step-settings", "showStepSettings", "JSON schema of a step's settings.", notebooks.step_settings,
          {"type": "object"}),
    Route("get", "/tour", "showTour", "The notebook of the tour.", notebooks.tour, {"type": "object"}),
    Route("post", "/notebooks/check", "checkNotebook", "Pipeline and findings of a notebook, saved or not.",
          notebooks.check, answer.CHECK, body=body.NOTEBOOK, also=CONTENTS, most_bytes=NOTEBOOK_BYTES),
    Route("post", "/notebooks/why", "whyEdge", "Why one step waits for another, in words.", notebooks.why,
          record({"reasons": array(TEXT)}), body=body.WHY, also=CONTENTS, most_bytes=NOTEBOOK_BYTES),
    Route("post", "/notebooks/tags", "proposeTags", "Tags that make a step of each heading; nothing is written.",
          notebooks.propose_tags, answer.TAGS, body=body.NOTEBOOK, also=CONTENTS, most_bytes=NOTEBOOK_BYTES),
    Route("get", "/runs", "listRuns", "A page of runs, newest first.", runs.page,
          record({"runs": array(answer.RUN), "next": nullable(TEXT)}),
          query={"notebook": _PATH, "pipeline": _NAME, "state": array(_STATE), "user": TEXT, "tag": TEXT,
                 "since": TIME, "until": TIME, "limit": _LIMIT,
                 "target": {**TEXT, "maxLength": 500, "description": "where it was sent to; empty for this machine"},
                 "text": {**TEXT, "maxLength": 500, "description": "part of id, notebook, pipeline or user"},
                 "sort": {"enum": ["created", "duration", "pipeline", "state", "user"], "default": "created"},
                 "ascending": {**FLAG, "default": False},
                 "before": {**_NAME, "description": "`next` of the page before"}}),
    Route("post", "/runs", "startRun", "Start a run that goes on when the lab is closed.", runs.start, answer.RUN,
          body=body.RUN, action="execute", also=CONTENTS, most_bytes=NOTEBOOK_BYTES, status=202),
    Route("post", "/runs/ready", "readyRun", "Have a process stand ready for the next run; unused it ends by itself.",
          runs.ready, record({"was_started": FLAG}), action="execute"),
    Route("post", "/runs/prune", "pruneRuns", "Remove old runs, or their values alone.", runs.prune, answer.PRUNED,
          body=body.PRUNE, action="write"),
    Route("get", "/runs/{run}", "showRun", "A run with its steps.", runs.show,
          record({"run": answer.RUN, "steps": array(answer.STEP)})),
    Route("delete", "/runs/{run}", "removeRun", "Remove a run that has ended.", runs.remove, answer.PRUNED,
          action="write"),
    Route("post", "/runs/{run}/cancel", "cancelRun", "Ask a run to stop.", runs.cancel,
          record({"run": answer.RUN, "was_going": FLAG}), action="execute"),
    Route("post", "/runs/{run}/rerun", "rerunRun", "Run its notebook again, as it is now, with the same options.",
          runs.rerun, record({"run": answer.RUN, "is_changed": FLAG}), body=body.RERUN, action="execute",
          also=CONTENTS, status=202),
    Route("get", "/runs/{run}/attempts", "listAttempts", "Every attempt of every step.", runs.attempts,
          array(answer.STEP)),
    Route("get", "/runs/{run}/pipeline", "showRunPipeline", "The pipeline as it was.", runs.pipeline, answer.PIPELINE),
    Route("get", "/runs/{run}/source", "showRunSource", "The notebook as it was.", runs.source, ANYTHING),
    Route("get", "/runs/{run}/notebook", "showRunNotebook", "The executed notebook.", runs.notebook, ANYTHING),
    Route("get", "/runs/{run}/report", "showRunReport", "The report as a page.", runs.report, TEXT, type="text/html"),
    Route("get", "/runs/{run}/values", "listValues", "Variables that its steps saved.", runs.values,
          array(answer.VALUE)),
    Route("get", "/runs/{run}/steps/{step}/log", "showLog", "A part of what a step printed.", runs.log, answer.LOG,
          query={"attempt": _ATTEMPT, **_PART}),
    Route("get", "/runs/{run}/steps/{step}/artifacts/{artifact}/preview", "previewArtifact",
          "The head of a value that a step saved; nothing is loaded for it.", runs.preview, answer.PREVIEW),
    Route("get", "/runs/{run}/steps/{step}/notebook", "showStepNotebook", "The executed notebook of one step.",
          runs.step_notebook, ANYTHING, query={"attempt": _ATTEMPT}),
    Route("get", "/targets", "listTargets", "Engines elsewhere that notebooks are sent to.", targets.listed,
          array(answer.TARGET)),
    Route("post", "/targets", "addTarget", "Keep a target; nothing is asked of it.", targets.add, answer.TARGET,
          body=body.TARGET, action="execute", status=201),
    Route("delete", "/targets/{target}", "removeTarget", "Forget a target; what was sent there goes on.",
          targets.remove, answer.TARGET, action="write"),
    Route("post", "/targets/{target}/check", "checkTarget", "Ask a target whether it answers.", targets.check,
          record({"answer": TEXT}), action="execute"),
    Route("post", "/targets/{target}/runs", "submitRun", "Send a notebook to a target; it runs there.", targets.submit,
          answer.RUN, body=body.SUBMISSION, action="execute", also=CONTENTS, most_bytes=NOTEBOOK_BYTES, status=202),
    Route("get", "/batches", "listBatches", "The latest batches, newest first, without their runs.", batches.listed,
          array(answer.BATCH_HEAD), query={"limit": _LIMIT}),
    Route("post", "/batches", "startBatch", "Run a notebook once for each parameter set.", batches.start, answer.BATCH,
          body=body.BATCH, action="execute", also=CONTENTS, most_bytes=NOTEBOOK_BYTES, status=202),
    Route("get", "/batches/{batch}", "showBatch", "The runs of a batch in the order of their sets.", batches.show,
          answer.BATCH),
    Route("post", "/batches/{batch}/cancel", "cancelBatch", "Ask all runs of a batch to stop.", batches.cancel,
          record({"batch": answer.BATCH, "was_going": FLAG}), action="execute"),
    Route("post", "/images/check", "checkImages", "What the images of a notebook's steps lack.", images.check,
          array(answer.IMAGE_CHECK), body=body.IMAGE_CHECK, action="execute", also=CONTENTS),
    Route("get", "/images/builds", "listBuilds", "The latest builds of images, newest first.", images.listed,
          array(answer.BUILD), query={"limit": _LIMIT}),
    Route("post", "/images/builds", "startBuild", "Build an image for a notebook; events tell what becomes of it.",
          images.start, answer.BUILD, body=body.IMAGE_BUILD, action="execute", also=CONTENTS, status=202),
    Route("get", "/images/builds/{build}", "showBuild", "One build of an image.", images.show, answer.BUILD),
    Route("get", "/images/builds/{build}/log", "showBuildLog", "A part of what the engine printed.", images.log,
          answer.LOG, query=_PART),
    Route("post", "/images/builds/{build}/cancel", "cancelBuild", "Ask a build to stop.", images.cancel,
          record({"build": answer.BUILD, "was_going": FLAG}), action="execute"),
    Route("get", "/approvals", "listApprovals", "Steps that wait for a person.", approvals.pending,
          array(answer.PENDING)),
    Route("post", "/runs/{run}/steps/{step}/approve", "approveStep", "Let a step go on.", approvals.approve,
          answer.APPROVAL, body=body.DECISION, action="execute", also=APPROVALS),
    Route("post", "/runs/{run}/steps/{step}/reject", "rejectStep", "Let a step fail.", approvals.reject,
          answer.APPROVAL, body=body.DECISION, action="execute", also=APPROVALS),
    Route("get", "/notices", "listNotices", "What people were told, or are to be told, newest first.", notices.listed,
          array(answer.NOTICE),
          query={"state": array({"type": "string", "enum": [state.value for state in Delivery]}), "limit": _LIMIT}),
    Route("post", "/notices/{notice}/retry", "retryNotice", "Send a notice now that was not sent so far.",
          notices.retry, array(answer.RETRIED), action="execute"),
    Route("get", "/channels", "listChannels", "Channels that notices go by.", notices.channels,
          array(answer.CHANNEL)),
    Route("post", "/channels/{channel}/test", "testChannel", "Send a test by a channel.", notices.test, answer.NOTICE,
          action="execute"),
    Route("get", "/diff", "diffRuns", "What differs between two runs.", runs.diff, answer.DIFF,
          query={"first": {**_NAME, "default": "-2"}, "second": {**_NAME, "default": "latest"}}),
    Route("get", "/lineage", "showLineage", "What something was made from, and what used it.", lineage.lineage,
          answer.LINEAGE, also=CONTENTS,
          query={"name": _NAME, "path": _PATH,
                 "kind": {"enum": ["metric"], "description": "where a value of the same step has that name, too"},
                 "digest": {**_NAME, "description": "only this version of a file"},
                 "direction": {"enum": ["both", "upstream", "downstream"], "default": "both"}}),
    Route("get", "/lineage/starts", "listLineageStarts", "What has a lineage, by a part of its name, newest first.",
          lineage.starts, array(_OF(Start)),
          query={"text": {**TEXT, "maxLength": 500, "default": ""}, "limit": _LIMIT}),
    Route("get", "/schedules", "listSchedules", "Schedules by name.", schedules.listed, answer.SCHEDULES,
          query={"limit": {**_LIMIT, "default": 200},
                 "offset": {"type": "integer", "minimum": 0, "maximum": 10**9, "default": 0}}),
    Route("post", "/schedules", "addSchedule", "Keep a new schedule.", schedules.add, answer.SCHEDULE,
          body=body.SCHEDULE, action="execute", also=CONTENTS, status=201),
    Route("get", "/schedules/{schedule}", "showSchedule", "A schedule, its next due times and its latest ones.",
          schedules.show, answer.SCHEDULE_DETAILS),
    Route("patch", "/schedules/{schedule}", "editSchedule", "Change a schedule; what is not given stays.",
          schedules.edit, answer.SCHEDULE, body=body.SCHEDULE_CHANGE, action="execute", also=CONTENTS),
    Route("delete", "/schedules/{schedule}", "removeSchedule", "Forget a schedule; its runs stay.", schedules.remove,
          answer.SCHEDULE, query=_FORCE, action="write"),
    Route("post", "/schedules/{schedule}/pause", "pauseSchedule", "Let it fire no more.", schedules.pause,
          answer.SCHEDULE, action="write"),
    Route("post", "/schedules/{schedule}/resume", "resumeSchedule", "Let it fire again.", schedules.resume,
          answer.SCHEDULE, action="execute"),
    Route("post", "/schedules/{schedule}/trigger", "triggerSchedule", "Run it now.", schedules.trigger,
          record({"run_id": TEXT, "scheduler": answer.PROCESS}), query=_FORCE, action="execute", status=202),
    Route("post", "/due-times", "listDueTimes", "When something would be due.", schedules.due_times,
          record({"trigger": _OF(Trigger), "times": array(TIME)}), body=body.DUE_TIMES),
    Route("get", "/scheduler", "showScheduler", "Who sees to schedules.", schedules.scheduler, answer.SCHEDULER),
    Route("post", "/scheduler/start", "startScheduler", "Have a scheduler that goes on when the lab is closed.",
          schedules.scheduler_start, answer.SCHEDULER, action="execute"),
    Route("get", "/events", "watch", "Changes of runs, steps, cells, logs, schedules, builds, as server-sent events.",
          _streamed, TEXT, query=_STREAM, type="text/event-stream"),
)  # fmt: skip
