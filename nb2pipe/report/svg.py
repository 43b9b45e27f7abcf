"""A pipeline as an SVG picture of our own drawing."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from nb2pipe.model import Edge, Pipeline, State, Step
from nb2pipe.report.graph import cell_range, edge_labels, needed_parents, parents_of, shorten
from nb2pipe.report.layout import PORT, Box, Layout, lay_out

CHARACTER = 7.2  # breadth of a character at 12 px in the fonts named below, on the safe side
LABEL_CHARACTER = 5.9
BOX_HEIGHT = 40.0
NAME_CHARACTERS = 28
LABEL_CHARACTERS = 22
MARGIN = 12.0
WIDEST = 1360.0
LABEL_HEIGHT = 11.0
MOST_HEIGHTS = 4
MOST_LABELLED = 150

STYLE = """
.n2p-picture { font: 12px ui-sans-serif, system-ui, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
.n2p-picture .box { fill: var(--n2p-box, #f6f8fa); stroke: var(--n2p-box-line, #8c959f); stroke-width: 1.2; }
.n2p-picture .name { fill: var(--n2p-ink, #1f2328); font-weight: 600; }
.n2p-picture .small { fill: var(--n2p-faint, #59636e); font-size: 10px; }
.n2p-picture .line { fill: none; stroke: var(--n2p-line, #8c959f); stroke-width: 1.2; }
.n2p-picture .line.order { stroke-dasharray: 4 3; }
.n2p-picture .head { fill: var(--n2p-line, #8c959f); }
.n2p-picture .label { fill: var(--n2p-ink, #1f2328); font-size: 10px; paint-order: stroke;
  stroke: var(--n2p-page, #ffffff); stroke-width: 3px; stroke-linejoin: round; }
.n2p-picture .edge:hover .line { stroke: var(--n2p-accent, #0969da); stroke-width: 2.2; }
.n2p-picture .succeeded .box { fill: var(--n2p-good-fill, #dafbe1); stroke: var(--n2p-good, #1a7f37); }
.n2p-picture .cached .box { fill: var(--n2p-cached-fill, #ddf4ff); stroke: var(--n2p-cached, #0969da); }
.n2p-picture .failed .box { fill: var(--n2p-bad-fill, #ffebe9); stroke: var(--n2p-bad, #cf222e); stroke-width: 2; }
.n2p-picture .running .box { fill: var(--n2p-cached-fill, #ddf4ff); stroke: var(--n2p-accent, #0969da);
  stroke-width: 2; }
.n2p-picture .waiting .box { stroke: var(--n2p-warn, #9a6700); stroke-width: 2; stroke-dasharray: 4 3; }
.n2p-picture .skipped .box, .n2p-picture .queued .box { stroke-dasharray: 4 3; }
.n2p-picture .cancelled .box, .n2p-picture .interrupted .box { fill: var(--n2p-stop-fill, #fbefff);
  stroke: var(--n2p-stop, #8250df); }
"""
DARK = """
@media (prefers-color-scheme: dark) { .n2p-picture { --n2p-box: #21262d; --n2p-box-line: #6e7681; --n2p-ink: #e6edf3;
  --n2p-faint: #9198a1; --n2p-line: #7d8590; --n2p-page: #0d1117; --n2p-accent: #58a6ff; background: #0d1117; } }
"""


@dataclass(frozen=True)
class StepMark:
    """What the picture says about a step beside its name: a state for its colour, and a short text below the name."""

    state: State | None = None
    text: str = ""


def pipeline_svg(pipeline: Pipeline, marks: Mapping[str, StepMark] | None = None, *, standalone: bool = False) -> str:
    """Draw a pipeline.

    Args:
        pipeline: what to draw.
        marks: state and text by step; None for a pipeline that does not run.
        standalone: a picture with its style inside, for a file of its own.
    """
    marks = marks or {}
    texts = {s.name: marks[s.name].text if s.name in marks else _planned(s) for s in pipeline.steps}
    drawing = _layout(pipeline, texts)
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    label = escape(f"{pipeline.name}: {len(pipeline.steps)} steps", quote=True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="n2p-picture" role="img" aria-label="{label}" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<style>{STYLE}{DARK}</style>" if standalone else "",
        f'<g transform="translate({MARGIN:g} {MARGIN:g})">',
        *_edges(pipeline, drawing),
        *(_box(step, drawing.boxes[step.name], texts[step.name], marks.get(step.name)) for step in pipeline.steps),
        "</g></svg>\n",
    ]
    return "\n".join(part for part in parts if part)


def _planned(step: Step) -> str:
    approval = ", needs approval" if step.settings.approval is not None else ""
    return f"{cell_range(step.cells)}{approval}"


def _layout(pipeline: Pipeline, texts: Mapping[str, str]) -> Layout:
    """Rightwards where that fits a page, else downwards."""
    parents = parents_of(pipeline)
    drawn = {target: list(sources) for target, sources in parents.items()}
    if len(pipeline.edges) > MOST_LABELLED:  # a thicket says nothing; implied orders are left out
        drawn = needed_parents(parents)
    sizes = {
        name: (_box_width(name, text), max(BOX_HEIGHT, len(drawn[name]) * PORT + 8)) for name, text in texts.items()
    }
    labels = {name: [len(_label(edge)) for edge in pipeline.edges if edge.target == name] for name in drawn}
    room = {name: max(found, default=0) * LABEL_CHARACTER + 40 for name, found in labels.items()}
    rightwards = lay_out(drawn, sizes, rightwards=True, room=room, gap=22.0)
    if rightwards.width + 2 * MARGIN <= WIDEST:
        return rightwards
    sizes = {name: (max(width, len(drawn[name]) * PORT + 8), BOX_HEIGHT) for name, (width, _) in sizes.items()}
    room = {name: 38.0 + LABEL_HEIGHT * min(len(found), MOST_HEIGHTS) for name, found in labels.items()}
    return lay_out(drawn, sizes, rightwards=False, room=room, gap=34.0)


def _box_width(name: str, text: str) -> float:
    return max(min(len(name), NAME_CHARACTERS) * CHARACTER, len(text) * LABEL_CHARACTER) + 22


def _label(edge: Edge) -> str:
    return shorten([label[:LABEL_CHARACTERS] for label in edge_labels(edge)], LABEL_CHARACTERS)


def _edges(pipeline: Pipeline, drawing: Layout) -> list[str]:
    """All lines, and over them all labels."""
    lines, labels = [], []
    ends: dict[str, list[tuple[float, float]]] = {}
    for (_, target), points in sorted(drawing.lines.items(), key=lambda item: item[1][-1]):
        ends.setdefault(target, []).append(points[-1])
    for edge in pipeline.edges:
        points = drawing.lines.get((edge.source, edge.target), ())
        if not points:
            continue
        reasons = "\n".join(link.reason or link.name for link in edge.links)
        what = f"{edge.source} → {edge.target}: {', '.join(edge_labels(edge))}\n{reasons}"
        kind = "line" if edge.names else "line order"
        path = f'<path class="{kind}" d="{_path(points, drawing.rightwards)}"/>'
        lines.append(f'<g class="edge"><title>{escape(what)}</title>{path}{_head(points[-1], drawing.rightwards)}</g>')
        labels.append(_label_text(edge, points, drawing.rightwards, ends[edge.target].index(points[-1])))
    return lines + labels


def _path(points: Sequence[tuple[float, float]], rightwards: bool) -> str:
    """A smooth line through the points, leaving and entering along the drawing."""
    text = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        half = (x2 - x1) / 2 if rightwards else (y2 - y1) / 2
        first, second = ((x1 + half, y1), (x2 - half, y2)) if rightwards else ((x1, y1 + half), (x2, y2 - half))
        text += f"C{first[0]:.1f} {first[1]:.1f} {second[0]:.1f} {second[1]:.1f} {x2:.1f} {y2:.1f}"
    return text


def _head(point: tuple[float, float], rightwards: bool) -> str:
    x, y = point
    corners = [(x, y), (x - 7, y - 4), (x - 7, y + 4)] if rightwards else [(x, y), (x - 4, y - 7), (x + 4, y - 7)]
    return f'<polygon class="head" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in corners)}"/>'


def _label_text(edge: Edge, points: Sequence[tuple[float, float]], rightwards: bool, number: int) -> str:
    """The label stands near the line's end, where lines that share a source have parted."""
    text = _label(edge)
    if not text:
        return ""
    (x1, _y1), (x2, y2) = points[-2], points[-1]
    if rightwards:
        return f'<text class="label" text-anchor="end" x="{x2 - 12:.1f}" y="{y2 - 4:.1f}">{escape(text)}</text>'
    # Each has a height of its own, or wide labels would cover each other.
    x, y = x1 + (x2 - x1) * 0.9, y2 - 11 - LABEL_HEIGHT * (number % MOST_HEIGHTS)
    return f'<text class="label" text-anchor="middle" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _box(step: Step, box: Box, text: str, mark: StepMark | None) -> str:
    state = mark.state.value if mark and mark.state else "planned"
    name = step.name if len(step.name) <= NAME_CHARACTERS else step.name[: NAME_CHARACTERS - 1] + "…"
    title = escape(f"{step.name}: {cell_range(step.cells)}" + (f", {state}" if mark else ""))
    return (
        f'<g class="step {state}" transform="translate({box.x:.1f} {box.y:.1f})"><title>{title}</title>'
        f'<rect class="box" x="{-box.width / 2:.1f}" y="{-box.height / 2:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="6"/>'
        f'<text class="name" text-anchor="middle" y="-2">{escape(name)}</text>'
        f'<text class="small" text-anchor="middle" y="13">{escape(text)}</text></g>'
    )
