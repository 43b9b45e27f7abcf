"""What messages say of the command line, said to clients of the service in the words of its operations.

All of nb2pipe shares its messages and hints, which name commands and options: ``nb2pipe runs``, ``--force``. Here each
has its operation or field. A test holds the tables to the command line, to the messages and to the routes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "approvals": "GET /approvals",
    "approve": "POST /runs/{run}/steps/{step}/approve",
    "batch": "POST /batches",
    "cancel": "POST /runs/{run}/cancel",
    "check": "POST /notebooks/check",
    "config": "GET /settings",
    "image build": "POST /images/builds",
    "image check": "POST /images/check",
    "lineage": "GET /lineage",
    "logs": "GET /runs/{run}/steps/{step}/log",
    "notices": "GET /notices",
    "notices retry": "POST /notices/{notice}/retry",
    "notices test": "POST /channels/{channel}/test",
    "reject": "POST /runs/{run}/steps/{step}/reject",
    "run": "POST /runs",
    "run --report OUT.html": "GET /runs/{run}/report",
    "runs": "GET /runs",
    "runs diff": "GET /diff",
    "runs prune": "POST /runs/prune",
    "runs show": "GET /runs/{run}",
    "schedule add": "POST /schedules",
    "schedule edit": "PATCH /schedules/{schedule}",
    "schedule list": "GET /schedules",
    "schedule pause": "POST /schedules/{schedule}/pause",
    "schedule remove": "DELETE /schedules/{schedule}",
    "schedule resume": "POST /schedules/{schedule}/resume",
    "schedule show": "GET /schedules/{schedule}",
    "schedule trigger": "POST /schedules/{schedule}/trigger",
    "scheduler": "POST /scheduler/start",
    "submit": "POST /targets/{target}/runs",
    "tag": "POST /notebooks/tags",
    "target add": "POST /targets",
    "target check": "POST /targets/{target}/check",
    "target list": "GET /targets",
    "target remove": "DELETE /targets/{target}",
}
"""Command to operation."""

OPTIONS: Mapping[str, str] = {
    "--after": "after",
    "--after none": "after=[]",
    "--at": "at",
    "--at-once": "at_once",
    "--base": "base",
    "--cron": "cron",
    "--engine": "engine",
    "--every": "every_s",
    "--executor": "executor",
    "--force": "force=true",
    "--from": "starts_at",
    "--grid": "grid",
    "--host": "host",
    "--image": "image",
    "--jobs": "jobs",
    "--kind": "kind",
    "--kernel": "kernel_name",
    "--label": "labels",
    "--late-after": "late_after_s",
    "--minutes-per-day": "minutes_per_day",
    "--missed": "missed",
    "--name": "name",
    "--namespace": "namespace",
    "--new-token": "new_token=true",
    "--no-cache": "cache=false",
    "--notify": "notify",
    "--on": "on",
    "--on-call": "on_call=true",
    "--on-change": "on_change",
    "--overlap": "overlap",
    "--pause-after": "pause_after",
    "--poll": "poll_s",
    "--push": "push",
    "--replace": "replace=true",
    "--retries": "retries",
    "--runs-per-day": "runs_per_day",
    "--settle": "settle_s",
    "--tag": "tags",
    "--timeout": "timeout_s",
    "--timeout-s": "timeout_s",
    "--token-file": "token_file",
    "--tz": "zone",
    "--until": "ends_at",
    "--why": "why",
    "-p": "parameters",
}
"""Option to field, with its value where it has one."""

_ARGUMENT = r"(?:'[^']*'|[A-Z]{2,}|[^\s`]*[\d/.](?:[^\s`]*[^\s`.,;:)])|[^\s`]*\d)"
_VALUE = r"(?:'[^']*'|[A-Z]{2,}(?:[=:.]\S*[^\s`.,;:)])?|\d(?:[\w:.-]*\w)?|process|container|podman|docker)"


def _choice(words: Mapping[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_OPTION = rf"(?P<option>{_choice(OPTIONS)})(?![\w-])(?P<value> {_VALUE})?"
_WORDS = re.compile(
    r"python -m [^`)\n]*"  # another program's options are its own
    r"|(?:where|what) nb2pipe runs|nb2pipe runs steps"  # here it is a verb
    rf"|`?(?<![\w./-])nb2pipe (?P<command>{_choice(COMMANDS)})(?![\w-])(?P<given>(?: {_ARGUMENT})*)`?"
    rf"|`?(?<![\w-]){_OPTION}`?"
    r"|(?<!\w)'[^'\n]*'(?!\w)"  # what users have written stays
)


def in_words_of_the_service(text: str) -> str:
    """A message or hint without commands and options: ``nb2pipe runs`` is ``GET /runs``, ``--force`` is ``force=true``.

    What users have written, which messages quote, stays as it is, and so do words of other programs.
    """
    return _WORDS.sub(_said, text)


def _said(found: re.Match[str]) -> str:
    if found["command"]:
        return _operation(found["command"], found["given"].split())
    if found["option"]:
        return _field(found["option"], (found["value"] or "").strip())
    return found[0]


def _operation(command: str, given: list[str]) -> str:
    """The operation, the names that were given in their places; those of notebooks go into the body."""
    rest = iter(given)

    def fill(part: re.Match[str]) -> str:
        return next(rest, part[1].upper()).strip("'")

    return re.sub(r"{(\w+)}", fill, COMMANDS[command])


def _field(option: str, value: str) -> str:
    field = OPTIONS[option]
    keeps = value and "=" not in field and not field.endswith("_s") and not value[0].isupper()
    return f"`{field}={value}`" if keeps else f"`{field}`"
