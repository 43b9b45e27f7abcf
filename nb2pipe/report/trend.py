"""How each metric went over the runs of a notebook, as small SVG charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from nb2pipe.report.html import Html
from nb2pipe.report.words import local_time

WIDTH, HEIGHT = 400.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 16.0, 30.0, 24.0
MOST_MARKS = 120
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class PastRun:
    """A run and its metrics, for comparison.

    Args:
        run_id: its id.
        created_at: when it was made.
        metrics: name to value.
        parameters: name to value.
    """

    run_id: str
    created_at: datetime
    metrics: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)


def trends(runs: Sequence[PastRun], current: str) -> Html:
    """A chart for every metric that is a number in at least two runs; empty where there is none.

    Args:
        runs: in the order of time.
        current: id of the run that the page is about.
    """
    names = dict.fromkeys(name for run in runs for name in run.metrics)
    charts = [trend_svg(name, _points(runs, name), current) for name in names]
    shown = "\n".join(chart for chart in charts if chart)
    return Html(f'<div class="trends">\n{shown}\n</div>') if shown else Html("")


def _points(runs: Sequence[PastRun], name: str) -> list[tuple[PastRun, float]]:
    found = []
    for run in runs:
        value = run.metrics.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            found.append((run, float(value)))
    return found


def trend_svg(name: str, points: Sequence[tuple[PastRun, float]], current: str) -> str:
    """One metric: a line over the runs at equal distances, the current one marked with its value."""
    if len(points) < 2:
        return ""
    low, high, ticks = _scale([value for _, value in points])
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    places = [
        (LEFT + width * number / (len(points) - 1), TOP + height * (high - value) / (high - low))
        for number, (_, value) in enumerate(points)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = [
        _mark(name, run, value, place, run.run_id == current)
        for (run, value), place in zip(points, places, strict=True)
        if len(points) <= MOST_MARKS or run.run_id == current
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="n2p-picture n2p-trend" role="img" '
            f'aria-label="{escape(name)} over {len(points)} runs" width="{WIDTH:.0f}" height="{HEIGHT:.0f}" '
            f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}">',
            f'<text class="name" x="{LEFT:.0f}" y="14">{escape(_short(name))}</text>',
            *(_tick(value, TOP + height * (high - value) / (high - low)) for value in ticks),
            f'<polyline class="trend" points="{line}"/>',
            *marks,
            *_ends(points),
            "</svg>",
        ]
    )


def _scale(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Lowest and highest value of the axis, and the round values to mark on it."""
    low, high = min(values), max(values)
    if high == low:
        room = abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    rough = (high - low) / 3
    unit = 10.0 ** math.floor(math.log10(rough))
    every = next(unit * step for step in STEPS if unit * step >= rough)
    first, last = math.floor(low / every), math.ceil(high / every)
    ticks = [number * every for number in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


def _tick(value: float, y: float) -> str:
    return (
        f'<line class="tick" x1="{LEFT:.1f}" y1="{y:.1f}" x2="{WIDTH - RIGHT:.1f}" y2="{y:.1f}"/>'
        f'<text class="small" text-anchor="end" x="{LEFT - 6:.1f}" y="{y + 4:.1f}">{number_text(value)}</text>'
    )


def _mark(name: str, run: PastRun, value: float, place: tuple[float, float], is_current: bool) -> str:
    x, y = place
    used = " ".join(f"{key}={item}" for key, item in run.parameters.items())
    title = f"{name} = {value:.6g}\nrun {run.run_id}\n{local_time(run.created_at)}\n{used}".rstrip()
    kind, radius = ("point current", 4.5) if is_current else ("point", 2.5)
    text = ""
    if is_current:
        anchor = "end" if x > WIDTH / 2 else "start"
        above = y - 9 if y - 9 > TOP - 8 else y + 17
        text = f'<text class="now" text-anchor="{anchor}" x="{x:.1f}" y="{above:.1f}">{number_text(value)}</text>'
    dot = f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'
    return f"<g><title>{escape(title)}</title>{dot}{text}</g>"


def _ends(points: Sequence[tuple[PastRun, float]]) -> list[str]:
    first, last = (local_time(points[place][0].created_at)[:16] for place in (0, -1))
    y = HEIGHT - 6
    return [
        f'<text class="small" x="{LEFT:.1f}" y="{y:.1f}">{first}</text>',
        f'<text class="small" text-anchor="end" x="{WIDTH - RIGHT:.1f}" y="{y:.1f}">{last}</text>',
    ]


def number_text(value: float) -> str:
    """A number in at most a few characters: ``0.85``, ``13,984``, ``1.2e+09``."""
    if value and not 1e-4 <= abs(value) < 1e7:
        return f"{value:.3g}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _short(name: str) -> str:
    return name if len(name) <= 45 else f"{name[:44]}…"
