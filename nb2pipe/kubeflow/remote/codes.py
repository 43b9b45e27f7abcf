"""The diagnostics of engines elsewhere: ``N2P950`` to ``N2P969``. ``nb2pipe/catalogue.py`` joins them with others."""

from __future__ import annotations

from nb2pipe.errors import RemoteError, SettingsError
from nb2pipe.rules import Rule, filled, refused

PACKAGES = {"kfp": "nb2pipe[kfp]", "vertex": "nb2pipe[vertex]"}
"""What installs the client of a kind of target."""

GONE = "N2P954"
PASSING = frozenset({"N2P956", "N2P957", "N2P958", "N2P959"})
"""What may be over the next time one asks."""
LOCKED_OUT = frozenset({"N2P951", "N2P952", "N2P953"})

RULES: dict[str, Rule] = {
    "N2P950": Rule(
        "error",
        "Client of a target is not installed",
        "The package that talks to the target's engine is missing here, or cannot be imported.",
        "Nothing can be sent there, and nothing asked.",
        "nb2pipe submit churn.ipynb --to kfp   # without nb2pipe[kfp]",
        "Install the extra that the message names.",
        "{what} needs the package {module!r}, which {fault}",
        "pip install '{package}'",
    ),
    "N2P951": Rule(
        "error",
        "No credentials for a target",
        "The service wants to know who asks, and nothing was found that says so.",
        "It lets nobody in without.",
        "nb2pipe target add cloud --kind kfp --host https://kfp.example.com   # no --token-file",
        "Give the credentials by the means of the service's own tools; nb2pipe keeps none.",
        "there are no credentials for {where}: {what}",
        "{advice}",
    ),
    "N2P952": Rule(
        "error",
        "Credentials that a service refuses",
        "The service answered with status 401: the token is expired, or of another service.",
        "It lets nobody in with it.",
        "",
        "Get a new token, or log in again, as the service's own tools do.",
        "{where} does not accept the credentials (401): {what}",
        "{advice}",
    ),
    "N2P953": Rule(
        "error",
        "Not allowed by a service",
        "The service answered with status 403: it knows who asks, and does not allow it.",
        "A role, a namespace or an interface that is switched off stands against it.",
        "",
        "Ask whoever administers the service for the right that the message names.",
        "{where} does not allow to {action} (403): {what}",
        "{advice}",
    ),
    "N2P954": Rule(
        "error",
        "Gone from a service",
        "The service knows no run or schedule of this id: somebody deleted it there, or its time was up.",
        "What nb2pipe has not fetched of it by now is lost.",
        "",
        "Submit it again if it is still wanted; its record stays here.",
        "{where} knows no {what} (404): it was deleted there, or belongs to another place",
        "{advice}",
    ),
    "N2P955": Rule(
        "error",
        "Against what a service has",
        "The service answered with status 409: something of that name is there, or is in a state that forbids it.",
        "It was not done.",
        "",
        "Choose another name, or look at what is there.",
        "{where} refused to {action} (409): {what}",
        "{advice}",
    ),
    "N2P956": Rule(
        "error",
        "Too many requests for a service",
        "The service answered with status 429: a limit of requests, of runs or of a quota is reached.",
        "It answers again later.",
        "",
        "Wait and try again, or have the limit raised.",
        "{where} is asked too much (429): {what}",
        "{advice}",
    ),
    "N2P957": Rule(
        "error",
        "Fault within a service",
        "The service answered with a status of 500 or more.",
        "What was asked may or may not have been done.",
        "",
        "Try again; if it stays so, its own log says more.",
        "{where} failed to {action} ({status}): {what}",
        "{advice}",
    ),
    "N2P958": Rule(
        "error",
        "No answer in time",
        "The service did not answer within the target's `timeout_s`.",
        "What was asked may or may not have been done.",
        "",
        "Try again, or give the target more time.",
        "{where} did not answer within {seconds:g} s when asked to {action}",
        "{advice}",
    ),
    "N2P959": Rule(
        "error",
        "No connection to a service",
        "No connection to the service could be made: its name is unknown, nothing listens, its certificate is wrong.",
        "Nothing was sent.",
        "nb2pipe target add cloud --kind kfp --host http://localhost:8888   # and no port is forwarded",
        "Check the target's address, and whether it can be reached from here.",
        "{where} cannot be reached: {what}",
        "{advice}",
    ),
    "N2P960": Rule(
        "error",
        "Not the service that was expected",
        "What answers there is of an older version, or something else: it does not know what was asked.",
        "Runs cannot be sent to it.",
        "nb2pipe target add cloud --kind kfp --host https://example.com",
        "Correct the address, or upgrade the server.",
        "{where} does not answer as {engine} does: {what}",
        "{advice}",
    ),
    "N2P961": Rule(
        "error",
        "Refused by a service",
        "The service found something wrong with what was sent.",
        "It was not done.",
        "",
        "Correct what the service names.",
        "{where} refused to {action} ({status}): {what}",
        "{advice}",
    ),
    "N2P963": Rule(
        "error",
        "What a schedule elsewhere cannot do",
        "A schedule on a target asks for what the engine there cannot do.",
        "A setting is honoured or refused, never dropped: the schedule would fire otherwise than its author asked.",
        "nb2pipe schedule add churn.ipynb --on cloud --cron '0 6 * * *' --tz Europe/Berlin",
        "Leave it out, or have the schedule on this machine.",
        "a schedule on {engine} cannot have {setting}: {why}",
        "{advice}",
    ),
    "N2P964": Rule(
        "error",
        "Wrong value for an engine",
        "A name, label, parameter or place is not of the form that the engine takes.",
        "It would refuse it, or fail late.",
        "nb2pipe submit churn.ipynb --to vertex --label 'Team=A'",
        "Write it as the message says.",
        "{engine} cannot take {what}: {why}",
        "{advice}",
    ),
}


def remote_error(code: str, **words: object) -> RemoteError:
    """An error of a service, with one of these.

    Args:
        code: of the rule.
        words: what its texts ask for.
    """
    found = filled(code, RULES[code], **words)
    return RemoteError(found.message, hint=found.hint, diagnostics=(found,))


def not_possible(code: str, **words: object) -> SettingsError:
    """The refusal of a wish that an engine cannot fulfil, before it is asked.

    Args:
        code: of the rule.
        words: what its texts ask for.
    """
    return refused(code, RULES[code], **words)
