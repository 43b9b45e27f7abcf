"""Texts in which a library looks for the notebook's names: formulas, SQL on frames, expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb2pipe.analysis.arguments import Arguments
from nb2pipe.analysis.functions import call_back
from nb2pipe.analysis.machine import Machine
from nb2pipe.analysis.tables.words import words
from nb2pipe.analysis.values import Value, is_text

READERS = words(
    """
    ols logit probit glm gls glsar wls rlm mixedlm gee phreg poisson negativebinomial mnlogit quantreg conditional_logit
    from_formula dmatrix dmatrices build_design_matrices sql execute read_sql read_sql_query sqldf evaluate
    """
)
PATHS = frozenset({"pandas.eval"})
WORD = re.compile(r"[^\W\d]\w*")


def read_formulas(m: Machine, path: str, args: Arguments) -> None:
    """Looks up the notebook's names that stand in the texts given to such a library.

    Args:
        path: the function or method, with its module where that is known.
    """
    if path.rpartition(".")[2] not in READERS and path not in PATHS:
        return
    for text in (value.const for value in args.values if is_text(value)):
        for value in read_words(m, text):
            call_back(m, value.own, args.own)


def read_words(m: Machine, text: str) -> Iterator[Value]:
    """Looks up those words of a text that are names of the notebook, which must be in the namespace beforehand."""
    for name in dict.fromkeys(WORD.findall(text)):
        if name in m.names.module.names and m.frame.find(name) is None:
            with m.guard():
                value = m.lookup(name, m.line)
            m.effects.eager.setdefault(name, m.line)
            yield value
