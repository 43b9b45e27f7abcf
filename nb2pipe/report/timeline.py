"""When each step ran, as an SVG picture: what ran in parallel stands one above the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from nb2pipe.model import State, StepRun

WIDTH = 900.0
ROW = 22.0
TOP = 22.0
CHARACTER = 7.0
TICKS = (
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    43200,
    86400,
)


def timeline_svg(steps: Sequence[StepRun], started_at: datetime | None, ended_at: datetime | None) -> str:
    """Draw the times of steps; empty when none of them started.

    Args:
        steps: last value of each step.
        started_at: when the run started; None for the first step's start.
        ended_at: when it ended; None for the last step's end.
    """
    shown = [step for step in steps if step.started_at is not None]
    if not shown:
        return ""
    starts = [step.started_at for step in shown if step.started_at]
    ends = [step.ended_at or ended_at or step.started_at for step in shown]
    start = min([*starts, *([started_at] if started_at else [])])
    end = max([*(e for e in ends if e), *([ended_at] if ended_at else [])])
    seconds = max((end - start).total_seconds(), 0.001)
    left = max(min(max(len(step.step) for step in shown), 30) * CHARACTER + 12, 60)
    scale = (WIDTH - left - 70) / seconds
    height = TOP + ROW * len(shown) + 6
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="n2p-picture n2p-timeline" role="img" aria-label="Timeline" '
        f'width="{WIDTH:.0f}" height="{height:.0f}" viewBox="0 0 {WIDTH:.0f} {height:.0f}">',
        *_ticks(seconds, left, scale, height),
        *(_bar(step, number, start, end, left, scale) for number, step in enumerate(shown)),
        "</svg>",
    ]
    return "\n".join(parts)


def _ticks(seconds: float, left: float, scale: float, height: float) -> list[str]:
    every = next((tick for tick in TICKS if seconds / tick <= 8), TICKS[-1])
    parts = []
    for number in range(int(seconds / every) + 1):
        x = left + number * every * scale
        parts.append(f'<line class="tick" x1="{x:.1f}" y1="{TOP - 4:.1f}" x2="{x:.1f}" y2="{height:.1f}"/>')
        parts.append(f'<text class="small" text-anchor="middle" x="{x:.1f}" y="12">{_seconds(number * every)}</text>')
    return parts


def _bar(step: StepRun, number: int, start: datetime, end: datetime, left: float, scale: float) -> str:
    assert step.started_at is not None
    began = (step.started_at - start).total_seconds()
    took = ((step.ended_at or end) - step.started_at).total_seconds()
    x, y, width = left + began * scale, TOP + number * ROW, max(took * scale, 2.0)
    name = step.step if len(step.step) <= 30 else step.step[:29] + "…"
    text = "cached" if step.state is State.CACHED else _seconds(took)
    return (
        f'<g class="step {step.state.value}"><title>{escape(step.step)}: {step.state.value}, {_seconds(took)}</title>'
        f'<text class="name" text-anchor="end" x="{left - 8:.1f}" y="{y + 14:.1f}">{escape(name)}</text>'
        f'<rect class="box" x="{x:.1f}" y="{y + 3:.1f}" width="{width:.1f}" height="{ROW - 7:.1f}" rx="3"/>'
        f'<text class="small" x="{x + width + 5:.1f}" y="{y + 14:.1f}">{text}</text></g>'
    )


def _seconds(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds else "0"
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d} h"
