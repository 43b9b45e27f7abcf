"""Steps of one run that have ended, held against each other: what the analysis did not foresee becomes an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nb2pipe.execution.verify import conflict
from nb2pipe.model import CellFailure, Pipeline, StepRun


def ancestors_of(pipeline: Pipeline) -> dict[str, set[str]]:
    """The steps that each step waits for, directly or not."""
    found: dict[str, set[str]] = {}
    for step in pipeline.steps:
        parents = set(pipeline.parents(step.name))
        found[step.name] = parents.union(*(found[parent] for parent in parents))
    return found


@dataclass
class Checker:
    """Finds pairs of finished steps that touched without an order between them. It changes no step.

    Args:
        pipeline: the plan.
        done: step runs that have ended, by step, as they are now.
        ancestors: steps that each step waits for.
        order: place of each step in the notebook.
    """

    pipeline: Pipeline
    done: Mapping[str, StepRun]
    ancestors: Mapping[str, set[str]]
    order: Mapping[str, int]

    def faults(self, name: str) -> Iterator[tuple[str, CellFailure]]:
        """Hold a finished step against all finished steps that it did not wait for.

        Yields:
            The later step of a pair that touched, and what is wrong with it. What the caller makes of it counts for
            the next pair.
        """
        for other in sorted(self.done, key=self.order.__getitem__, reverse=True):
            earlier, later = sorted((name, other), key=self.order.__getitem__)
            if earlier == later or earlier in self.ancestors[later]:
                continue
            if not (self.done[earlier].state.is_good and self.done[later].state.is_good):
                continue
            bound = self._bound_between(earlier, later)
            generators = self._generators_set(later) - self._set_anew_between(earlier, later)
            fault = conflict(self.pipeline, self.done[earlier], self.done[later], bound, generators)
            if fault is not None:
                yield later, fault

    def _bound_between(self, earlier: str, later: str) -> set[str]:
        """Names that ancestors of ``later`` bound anew behind ``earlier``: what that did to them is of no matter."""
        return {name for step in self._between(earlier, later) for name in self.done[step].observation.bound}

    def _set_anew_between(self, earlier: str, later: str) -> set[str]:
        """Random generators that ancestors of ``later`` set behind ``earlier``, whatever state they had."""
        return {key for step in self._between(earlier, later) for key in self.done[step].observation.generators_anew}

    def _between(self, earlier: str, later: str) -> list[str]:
        return [name for name in self.ancestors[later] if self.order[name] > self.order[earlier]]

    def _generators_set(self, last: str) -> set[str]:
        """Random generators that a step up to ``last`` set, as far as they have run."""
        upto = (run for name, run in self.done.items() if self.order[name] <= self.order[last])
        return {key for run in upto for key in run.observation.generators_set}
