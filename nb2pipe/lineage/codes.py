"""The diagnostics of lineage: ``N2P7xx``. ``nb2pipe/catalogue.py`` joins these with those of the other parts."""

from __future__ import annotations

from nb2pipe.rules import Rule

RULES: dict[str, Rule] = {
    "N2P701": Rule(
        "error",
        "Lineage of something that no run knows",
        "Nothing that a run recorded has this name: no run, step, variable, metric, file or digest.",
        "Lineage is what runs were seen to do; what no recorded run read, wrote or saved has none.",
        "nb2pipe lineage data/custmers.csv   # customers.csv is meant",
        "Take one of the nearest names, which the message lists, or see `nb2pipe runs` for what there is.",
        "No run knows {word!r}.",
        "{hint}",
    ),
    "N2P702": Rule(
        "error",
        "Name that means several things",
        "Several files, values or runs fit the name.",
        "The answer would be of one of them, and maybe not of the one that is meant.",
        "nb2pipe lineage data.csv   # two folders have a data.csv",
        "Write more of the name: one of those that the message lists.",
        "{word!r} can mean {count} things.",
        "{hint}",
    ),
}


def message_of(code: str, **words: object) -> tuple[str, str]:
    """Message and hint of a code with its words filled in; the code stands in front."""
    rule = RULES[code]
    return f"{code}: {rule.message.format_map(words)}", rule.hint.format_map(words)
