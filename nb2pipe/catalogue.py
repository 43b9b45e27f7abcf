"""All diagnostics of nb2pipe: what each code means, why it matters, an example, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nb2pipe.analysis.codes import RULES as ANALYSIS_RULES
from nb2pipe.conversion.codes import RULES as CONVERSION_RULES
from nb2pipe.execution.approval.codes import RULES as APPROVAL_RULES
from nb2pipe.execution.codes import RULES as EXECUTION_RULES
from nb2pipe.images.codes import RULES as IMAGE_RULES
from nb2pipe.kubeflow.codes import RULES as KUBEFLOW_RULES
from nb2pipe.kubeflow.remote.codes import RULES as REMOTE_RULES
from nb2pipe.lineage.codes import RULES as LINEAGE_RULES
from nb2pipe.notebook.codes import CODES
from nb2pipe.notices.codes import RULES as NOTICE_RULES
from nb2pipe.scheduling.codes import RULES as SCHEDULING_RULES
from nb2pipe.server.codes import RULES as SERVER_RULES


@dataclass(frozen=True)
class Entry:
    """One diagnostic.

    Args:
        code: stable code.
        title: in a few words.
        what: what was found.
        why: why it matters.
        example: code or tags that give it; empty where the file as a whole is meant.
        what_to_do: the way out.
    """

    code: str
    title: str
    what: str
    why: str
    example: str
    what_to_do: str

    def __str__(self) -> str:
        example = "\n".join(f"    {line}" for line in self.example.splitlines())
        parts = [f"{self.code}: {self.title}", self.what, f"Why it matters: {self.why}"]
        if example:
            parts.append(f"Example:\n\n{example}")
        return "\n\n".join([*parts, f"What to do: {self.what_to_do}"])


def _entries() -> dict[str, Entry]:
    found = {code: Entry(code, item.title, item.what, item.why, "", item.what_to_do) for code, item in CODES.items()}
    parts = (
        ANALYSIS_RULES,
        CONVERSION_RULES,
        EXECUTION_RULES,
        APPROVAL_RULES,
        IMAGE_RULES,
        LINEAGE_RULES,
        KUBEFLOW_RULES,
        REMOTE_RULES,
        SCHEDULING_RULES,
        SERVER_RULES,
        NOTICE_RULES,
    )
    for code, rule in [item for part in parts for item in part.items()]:
        found[code] = Entry(code, rule.title, rule.what, rule.why, rule.example, rule.what_to_do)
    return dict(sorted(found.items()))


CATALOGUE: Mapping[str, Entry] = _entries()
"""Every code to its entry, in the order of codes."""
