"""The errors of the service, ``N2P85x`` and ``N2P86x``; ``nb2pipe/catalogue.py`` joins these with all others."""

from __future__ import annotations

from nb2pipe.errors import Nb2pipeError
from nb2pipe.rules import Rule

RULES: dict[str, Rule] = {
    "N2P851": Rule(
        "error",
        "Request that is not what the service takes",
        "A field, a value or a name in a request to the service is missing, wrong or unknown.",
        "What was meant cannot be known, and is not guessed.",
        "GET /nb2pipe/api/runs?limit=many",
        "Correct what the message names; the description under `/nb2pipe/api/openapi.json` has every field.",
        "{what}",
        "{advice}",
    ),
    "N2P852": Rule(
        "error",
        "Request that is too big",
        "The body of a request to the service is larger than what it takes.",
        "Memory of the server is for all who work on it.",
        "",
        "Save the notebook and send its path alone, or clear its outputs.",
        "The request has {size} bytes; {most} are taken here.",
        "Save the notebook and send its path without its text, or clear its outputs.",
    ),
    "N2P853": Rule(
        "error",
        "Path that the server does not serve",
        "A path leads out of the folder that Jupyter serves, or is hidden there.",
        "What Jupyter does not show is not read, run or scheduled through it.",
        '{"path": "../secret.ipynb"}',
        "Give a path relative to the folder that the file browser shows, or use `nb2pipe` on a terminal.",
        "{path!r} {what}.",
        "Give a path relative to the folder that Jupyter serves; for others use nb2pipe on a terminal.",
    ),
    "N2P854": Rule(
        "error",
        "Nothing of that name",
        "A file, run, step or schedule that a request names is not there.",
        "It may have been removed by somebody else meanwhile.",
        "",
        "Look at the list again, and correct the name.",
        "{what}",
        "{advice}",
    ),
    "N2P855": Rule(
        "error",
        "Service that has too much to do",
        "More requests wait than the service keeps.",
        "It answers those that it has before it takes more.",
        "",
        "Try again in a few seconds.",
        "Too many requests wait at the moment.",
        "Try again in a few seconds.",
    ),
    "N2P856": Rule(
        "error",
        "Fault of the service",
        "The service met something that it does not expect.",
        "The request was not done, or not wholly; the server's log has the details.",
        "",
        "Look into the log of the Jupyter server, and report what it says.",
        "The service failed: {what}.",
        "The log of the Jupyter server says more.",
    ),
    "N2P857": Rule(
        "error",
        "Not allowed",
        "The request is of nobody that Jupyter knows, or of somebody who may not do this.",
        "Jupyter's own rules say who may do what.",
        "",
        "Log in to Jupyter, or ask whoever runs the server for the right.",
        "{what}",
        "Log in to Jupyter again, or ask whoever runs the server for the right.",
    ),
    "N2P858": Rule(
        "error",
        "Request that stands against what is there",
        "What a request asks for cannot be together with what is there already, such as a second schedule of one name.",
        "Nothing was changed.",
        "",
        "Choose another name, or change what is there.",
        "{what}",
        "{advice}",
    ),
    "N2P859": Rule(
        "error",
        "Store out of reach",
        "The service cannot read or write nb2pipe's store.",
        "What runs and schedules there are is not known at the moment; those that go on are not disturbed.",
        "",
        "Mend what the message names; `nb2pipe config` shows which store it is.",
        "{what}",
        "{advice}",
    ),
    "N2P860": Rule(
        "error",
        "Contents that are no folder",
        "Jupyter's files are kept by a contents manager that has no folder on this machine.",
        "Steps run in the notebook's folder, and there is none.",
        "",
        "Run Jupyter on a folder, or send the notebook's text to look at it without running it.",
        "Jupyter keeps its files with {name}, not in a folder of this machine.",
        "Runs and schedules need a folder; a notebook's text alone can be checked.",
    ),
    "N2P861": Rule(
        "error",
        "Refused",
        "What was asked for cannot be done as it stands.",
        "It would fail later, or mean something else than what is wanted.",
        "",
        "Do what the message says.",
        "{what}",
        "{advice}",
    ),
    "N2P862": Rule(
        "error",
        "Process that did not start",
        "A run or the scheduler could not be started as a process of its own.",
        "Nothing runs.",
        "",
        "Do what the message says; the log that it names has the last words of the process.",
        "{what}",
        "{advice}",
    ),
}


class ServiceError(Nb2pipeError):
    """An answer of the service that is none.

    Args:
        code: key of the rules.
        status: of HTTP.
        words: what the rule's text asks for.
    """

    def __init__(self, code: str, status: int, **words: object) -> None:
        rule = RULES[code]
        super().__init__(rule.message.format_map(words), hint=rule.hint.format_map(words))
        self.code = code
        self.status = status
