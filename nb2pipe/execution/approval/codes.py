"""The diagnostics of approvals: ``N2P92x``. ``nb2pipe/catalogue.py`` joins these with those of the other parts."""

from __future__ import annotations

from nb2pipe.errors import SettingsError
from nb2pipe.rules import Rule

RULES: dict[str, Rule] = {
    "N2P921": Rule(
        "error",
        "Approval not given in time",
        "A step has the settings `approval` and `approval_timeout_s`, and nobody decided before that time was over.",
        "What needs a person's yes does not run without it, and a run does not wait for ever.",
        'nb2pipe: {"approval": "Deploy?", "approval_timeout_s": 3600}',
        "Run the notebook again: unchanged steps come from the cache, and the question is asked anew.",
        "nobody approved it within {time} (asked: {question})",
        "run the notebook again, which asks anew, or raise the step's setting approval_timeout_s",
    ),
    "N2P922": Rule(
        "error",
        "Step rejected",
        "A person was asked whether the step may run, and said no.",
        "The step did not run, and neither did the steps that need it.",
        "nb2pipe reject latest deploy --why 'AUC is too low'",
        "See to the reason that was given, then run the notebook again.",
        "{user} rejected it: {why} (asked: {question})",
        "see to that, then run the notebook again, which asks anew",
    ),
    "N2P923": Rule(
        "error",
        "Step that does not wait for an approval",
        "A decision was given about a step that is not, or no longer, waiting for one.",
        "A decision that nobody waits for would have no effect, and whoever gave it would not know.",
        "nb2pipe approve latest train --why fine   # train has ended long ago",
        "See `nb2pipe approvals` for what waits now.",
        "Step {step!r} of run {run} does not wait for an approval: {what}.",
        "{advice}",
    ),
    "N2P924": Rule(
        "error",
        "Decided already",
        "Somebody has decided about the step before.",
        "The first decision counts: the step may have been running on it for long.",
        "nb2pipe approve latest deploy --why fine   # two people at once",
        "Talk to whoever decided; `nb2pipe cancel` stops the run.",
        "Step {step!r} of run {run} has been decided on: {what}.",
        "The first decision counts. {advice}",
    ),
    "N2P925": Rule(
        "error",
        "Which step to decide on is not clear",
        "A decision names no step, and none or several of the run wait for one.",
        "A decision about another step than the one that is meant could do harm.",
        "nb2pipe approve latest --why fine   # two steps wait",
        "Name the step.",
        "{what}",
        "{advice}",
    ),
    "N2P927": Rule(
        "error",
        "Approval given for nothing",
        "`--approve` names a step that the notebook does not have, or that asks for no approval.",
        "A misspelt name would leave the run waiting for an approval that its user thinks was given.",
        "nb2pipe run n.ipynb --approve deplyo",
        "Correct the name, or give `--approve all`.",
        "There is no step {step!r} that asks for an approval.",
        "{advice}",
    ),
    "N2P928": Rule(
        "error",
        "Decision without a name or a reason",
        "A decision about a step does not say who gives it, or why.",
        "Both are kept with the run; without them the record is worth nothing.",
        "nb2pipe approve latest deploy --why ''",
        "Give a reason with `--why`.",
        "A decision needs {what}.",
        "{advice}",
    ),
}


def words_of(code: str, **words: str) -> tuple[str, str]:
    """Message and hint of a code with its words filled in."""
    rule = RULES[code]
    return rule.message.format_map(words), rule.hint.format_map(words)


def refusal(code: str, **words: str) -> SettingsError:
    """An error that says one of these, its code in front.

    Args:
        code: key of the rules.
        words: what the text asks for.
    """
    message, hint = words_of(code, **words)
    return SettingsError(f"{code}: {message}", hint=hint)
