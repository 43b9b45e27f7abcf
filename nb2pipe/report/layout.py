"""Where the boxes and lines of a pipeline picture go.

Layered drawing after Sugiyama, Tagawa and Toda (1981), in its simplest form: layers by longest way, long edges led
through every layer by invisible points, order within layers by a few sweeps of medians.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nb2pipe.report.graph import levels

SWEEPS = 8
POINT = 14.0  # breadth that a line takes where it passes a layer
PORT = 13.0  # distance between lines that end at one box


@dataclass(frozen=True)
class Box:
    """A step's place: centre and size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """A finished drawing.

    Args:
        width: of the whole.
        height: of the whole.
        boxes: place of every step.
        lines: for every edge the points that it passes, from box to box.
        rightwards: whether the layers go from left to right instead of downwards.
    """

    width: float
    height: float
    boxes: Mapping[str, Box]
    lines: Mapping[tuple[str, str], Sequence[tuple[float, float]]]
    rightwards: bool


def lay_out(
    parents: Mapping[str, Sequence[str]],
    sizes: Mapping[str, tuple[float, float]],
    *,
    rightwards: bool,
    room: Mapping[str, float],
    gap: float = 18.0,
) -> Layout:
    """Place every step and every edge.

    Args:
        parents: parents by step; steps stand in an order in which each is behind its parents.
        sizes: width and height of every box.
        rightwards: draw layers from left to right instead of downwards.
        room: free space wanted in front of each step, for lines and their labels.
        gap: free space between boxes of one layer.
    """
    layers, chains = _with_points(parents)
    _order(layers, chains)
    across = _across(layers, chains, sizes, rightwards, gap)
    along, depth = _along(layers, sizes, rightwards, room)
    breadth = max((across[node] + _breadth(node, sizes, rightwards) / 2 for row in layers for node in row), default=0)
    place = {
        node: (along[i], across[node]) if rightwards else (across[node], along[i])
        for i, row in enumerate(layers)
        for node in row
    }
    boxes = {name: Box(*place[name], *sizes[name]) for name in parents}
    ways = {edge: [place[node] for node in chain] for edge, chain in chains.items()}
    lines = {edge: _docked(boxes[edge[0]], boxes[edge[1]], ways, edge, rightwards) for edge in ways}
    width, height = (depth, breadth) if rightwards else (breadth, depth)
    return Layout(width, height, boxes, lines, rightwards)


def _with_points(
    parents: Mapping[str, Sequence[str]],
) -> tuple[list[list[str]], dict[tuple[str, str], list[str]]]:
    """Layers with invisible points in them, and for every edge the nodes that it passes."""
    layers = levels(parents)
    level = {name: number for number, row in enumerate(layers) for name in row}
    chains = {}
    for name, direct in parents.items():
        for parent in direct:
            # "\0" cannot be in a step's name
            points = [f"\0{parent}\0{name}\0{number}" for number in range(level[parent] + 1, level[name])]
            for point, number in zip(points, range(level[parent] + 1, level[name]), strict=True):
                layers[number].append(point)
            chains[parent, name] = [parent, *points, name]
    return layers, chains


def _order(layers: list[list[str]], chains: Mapping[tuple[str, str], Sequence[str]]) -> None:
    """Sort each layer by the medians of its neighbours, downwards and upwards in turn."""
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for chain in chains.values():
        for early, late in itertools.pairwise(chain):
            above.setdefault(late, []).append(early)
            below.setdefault(early, []).append(late)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        numbers = range(1, len(layers)) if down else range(len(layers) - 2, -1, -1)
        neighbours = above if down else below
        for number in numbers:
            other = {node: place for place, node in enumerate(layers[number - 1 if down else number + 1])}
            own = {node: place for place, node in enumerate(layers[number])}
            layers[number].sort(key=lambda node: _mean([other[n] for n in neighbours.get(node, ())], own[node]))


def _mean(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _breadth(node: str, sizes: Mapping[str, tuple[float, float]], rightwards: bool) -> float:
    return sizes[node][1 if rightwards else 0] if node in sizes else POINT


def _across(
    layers: Sequence[Sequence[str]],
    chains: Mapping[tuple[str, str], Sequence[str]],
    sizes: Mapping[str, tuple[float, float]],
    rightwards: bool,
    gap: float,
) -> dict[str, float]:
    """Centre of every node across its layer: packed, then drawn towards its neighbours without overlaps."""
    neighbours: dict[str, list[str]] = {}
    for chain in chains.values():
        for early, late in itertools.pairwise(chain):
            neighbours.setdefault(late, []).append(early)
            neighbours.setdefault(early, []).append(late)
    centre: dict[str, float] = {}
    for row in layers:
        _spread(row, dict.fromkeys(row, 0.0), centre, sizes, rightwards, gap)
    for sweep in range(SWEEPS):
        for row in layers if sweep % 2 == 0 else reversed(layers):
            wish = {node: _mean([centre[n] for n in neighbours.get(node, ())], centre[node]) for node in row}
            _spread(row, wish, centre, sizes, rightwards, gap)
    left = min((centre[node] - _breadth(node, sizes, rightwards) / 2 for row in layers for node in row), default=0.0)
    return {node: place - left for node, place in centre.items()}


def _spread(
    row: Sequence[str],
    wish: Mapping[str, float],
    centre: dict[str, float],
    sizes: Mapping[str, tuple[float, float]],
    rightwards: bool,
    gap: float,
) -> None:
    """Put a layer's nodes as near to their wishes as order and gaps allow; nodes that touch move as one block."""
    blocks: list[tuple[list[str], list[float], float]] = []  # nodes, offsets from the first, place of the first
    for node in row:
        nodes, offsets, place = [node], [0.0], wish[node]
        while blocks:
            before, before_offsets, before_place = blocks[-1]
            half = _breadth(before[-1], sizes, rightwards) / 2 + _breadth(nodes[0], sizes, rightwards) / 2
            step = before_offsets[-1] + half + gap
            if before_place + step <= place:
                break
            blocks.pop()
            nodes, offsets = before + nodes, before_offsets + [step + offset for offset in offsets]
            place = sum(wish[n] - offset for n, offset in zip(nodes, offsets, strict=True)) / len(nodes)
        blocks.append((nodes, offsets, place))
    for nodes, offsets, place in blocks:
        for node, offset in zip(nodes, offsets, strict=True):
            centre[node] = place + offset


def _along(
    layers: Sequence[Sequence[str]],
    sizes: Mapping[str, tuple[float, float]],
    rightwards: bool,
    room: Mapping[str, float],
) -> tuple[list[float], float]:
    """Centre of every layer along the drawing, and the drawing's length."""
    places: list[float] = []
    edge = 0.0
    for row in layers:
        steps = [node for node in row if node in sizes]
        thick = max((sizes[node][0 if rightwards else 1] for node in steps), default=0.0)
        edge += max((room[node] for node in steps), default=0.0) if places else 0.0
        places.append(edge + thick / 2)
        edge += thick
    return places, edge


def _docked(
    source: Box,
    target: Box,
    ways: Mapping[tuple[str, str], Sequence[tuple[float, float]]],
    edge: tuple[str, str],
    rightwards: bool,
) -> list[tuple[float, float]]:
    """The way of an edge from side to side; those that end at one box end side by side, in the order they come from."""
    across = 1 if rightwards else 0
    rivals = sorted((other for other in ways if other[1] == edge[1]), key=lambda other: ways[other][-2][across])
    side = target.height if rightwards else target.width
    step = min(PORT, (side - PORT) / max(len(rivals) - 1, 1))
    offset = (rivals.index(edge) - (len(rivals) - 1) / 2) * step
    if rightwards:
        start, end = (source.x + source.width / 2, source.y), (target.x - target.width / 2, target.y + offset)
    else:
        start, end = (source.x, source.y + source.height / 2), (target.x + offset, target.y - target.height / 2)
    return [start, *ways[edge][1:-1], end]
