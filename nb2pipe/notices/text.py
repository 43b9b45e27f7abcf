"""What a notice says: subject, text, JSON for programs, and the form that Slack reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from typing import Any

from nb2pipe.model import Notice, NoticeEvent, NoticeFacts
from nb2pipe.model.json import to_json

_ODD = re.compile(r"\x1b\[[0-9;:?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SUBJECT = 150
_SIGNS = {
    NoticeEvent.FAILURE: ":red_circle:",
    NoticeEvent.RECOVERY: ":large_green_circle:",
    NoticeEvent.LATE: ":hourglass:",
    NoticeEvent.APPROVAL: ":raised_hand:",
    NoticeEvent.TEST: ":wave:",
}


def subject(facts: NoticeFacts) -> str:
    """One line: what happened to what."""
    what = facts.schedule or PurePath(facts.notebook).stem or facts.run_id
    lines = {
        NoticeEvent.FAILURE: f"{what} failed" + _where(facts),
        NoticeEvent.RECOVERY: f"{what} succeeds again",
        NoticeEvent.LATE: f"{what} began {length(facts.late_s)} late",
        NoticeEvent.APPROVAL: f"{what}: step {facts.step!r} waits for approval",
        NoticeEvent.TEST: "this is a test",
    }
    line = " ".join(clean(f"nb2pipe: {lines[facts.event]}").split())
    return line if len(line) <= _SUBJECT else line[: _SUBJECT - 1] + "…"


def body(facts: NoticeFacts, notice_id: str) -> str:
    """The text for a person, lines of ``name  value`` and what to type next."""
    rows = [(name, " ".join(clean(value).split("\n"))) for name, value in _rows(facts) if value]
    lines = [f"{subject(facts).removeprefix('nb2pipe: ')}.", "", *(f"{name:<11}{value}" for name, value in rows)]
    if command := look(facts):
        lines += ["", "To see more:", f"    {command}"]
    if command := approve(facts):
        lines += ["", "To let it go on:", f"    {command} --why 'the reason'"]
    return "\n".join([*lines, "", f"-- nb2pipe, notice {notice_id}", ""])


def as_data(notice: Notice) -> dict[str, Any]:
    """The JSON that webhooks and commands get."""
    facts = notice.facts
    data = {key: value for key, value in to_json(facts).items() if not key.startswith(("cell_", "error", "line"))}
    has_cell, has_error = facts.cell_index is not None, bool(facts.error or facts.error_line)
    cell = {"number": (facts.cell_index or 0) + 1, "id": facts.cell_id, "line": facts.line} if has_cell else None
    return {
        "id": notice.id,
        **data,
        "cell": cell,
        "error": {"name": facts.error, "message": facts.error_line} if has_error else None,
        "subject": subject(facts),
        "text": body(facts, notice.id),
        "command": look(facts),
    }


def as_slack(notice: Notice) -> dict[str, Any]:
    """The JSON that Slack and what is compatible with it read: a text in its own markup."""
    facts = notice.facts
    rows = [f"*{name}*  {_escaped(value)}" for name, value in _rows(facts) if value and name != "error"]
    title = _escaped(subject(facts).removeprefix("nb2pipe: "))
    lines = [f"{_SIGNS[facts.event]} *{title}*", *rows]
    if error := dict(_rows(facts))["error"]:
        lines.append(f"```{_escaped(error)}```")
    lines += [f"`{command}`" for command in (look(facts), approve(facts)) if command]
    return {"text": "\n".join([*lines, f"_nb2pipe, notice {notice.id}_"])}


def look(facts: NoticeFacts) -> str:
    """The command that shows more; empty for a test."""
    return f"nb2pipe runs show {facts.run_id}" if facts.run_id else ""


def approve(facts: NoticeFacts) -> str:
    """The command that lets a step go on; empty where none waits."""
    is_wanted = facts.event is NoticeEvent.APPROVAL and facts.run_id
    return f"nb2pipe approve {facts.run_id} {facts.step}" if is_wanted else ""


def clean(text: str) -> str:
    """Text that neither moves a cursor nor turns what stands behind it, and that can be written in UTF-8."""
    return _ODD.sub("", text).encode("utf-8", "backslashreplace").decode("utf-8")


def length(seconds: float) -> str:
    """``45 s``, ``12 min``, ``3 h 5 min``."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _where(facts: NoticeFacts) -> str:
    at = f" in step {facts.step!r}" if facts.step else ""
    return f"{at}: {facts.error}" if facts.error else at


def _rows(facts: NoticeFacts) -> Iterator[tuple[str, str]]:
    cell = "" if facts.cell_index is None else f"cell {facts.cell_index + 1}"
    cell += f" (id {facts.cell_id})" if cell and facts.cell_id else ""
    cell += f", line {facts.line}" if cell and facts.line else ""
    by = f"{facts.user}@{facts.host}" if facts.user and facts.host else facts.user or facts.host
    yield "notebook", facts.notebook
    yield "schedule", facts.schedule
    yield "run", facts.run_id
    yield "state", facts.state
    yield "step", ", ".join(each for each in (facts.step, cell) if each)
    yield "error", ": ".join(each for each in (facts.error, facts.error_line) if each)
    yield "message", "" if facts.event is NoticeEvent.FAILURE and facts.error else facts.message
    yield "due", _moment(facts.due_at)
    yield "started", _moment(facts.started_at)
    yield "ended", _moment(facts.ended_at)
    yield "late by", length(facts.late_s) if facts.late_s else ""
    yield "in a row", f"{facts.failures} failures" if facts.failures > 1 else ""
    yield "by", by


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def _escaped(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or end of a code block in it."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("`", "'").replace("*", "\u2217").replace("@", "@\u200b").replace("\n", " ")
