"""Which arrays share memory, found by their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nb2pipe.artifacts.arrays import root_of
from nb2pipe.artifacts.memory import Region, Regions, extent


@dataclass(frozen=True)
class Piece:
    """One array.

    Args:
        array: the array.
        is_older: whether it stands in an older bundle and is not written again.
        is_frame: whether it holds the values of a pandas frame, whose memory is its own for its user.
        is_lone: of a frame's array, whether no other frame has it too: then pandas writes to it without copying it.
    """

    array: Any
    is_older: bool = False
    is_frame: bool = False
    is_lone: bool = False


@dataclass(frozen=True)
class _Cluster:
    """Pieces that overlap."""

    start: int
    end: int
    pieces: tuple[tuple[int, Piece], ...]


def overlapping(pieces: Mapping[int, Piece]) -> tuple[Regions, set[int]]:
    """Which arrays share memory with others.

    A frame's array counts only where pandas knows of no other frame that has it, since it copies what it knows to be
    shared before it writes. Frames that were made of one array without a copy do not know of each other.

    Args:
        pieces: id to array.

    Returns:
        The memory that arrays share; and the ids of older arrays whose memory is shared but is not wholly in any one of
        them, so that they must be written again.
    """
    apart = {key for cluster in _clusters(pieces) for key in _frames_apart(cluster)}
    regions: list[Region] = []
    torn: set[int] = set()
    for cluster in _clusters({key: piece for key, piece in pieces.items() if key not in apart}):
        if len(cluster.pieces) > 1 and not all(piece.is_older for _, piece in cluster.pieces):
            region, whole = _region(cluster)
            regions.append(region)
            torn.update(() if whole else (key for key, piece in cluster.pieces if piece.is_older))
    return Regions.of(regions), torn


def _frames_apart(cluster: _Cluster) -> Iterable[int]:
    frames = [(key, piece) for key, piece in cluster.pieces if piece.is_frame]
    whole = (cluster.start, cluster.end)
    apart = [key for key, piece in frames if not piece.is_lone or (piece.is_older and extent(piece.array) != whole)]
    return [key for key, _ in frames] if len(cluster.pieces) == 1 + len(apart) else apart


def _clusters(pieces: Mapping[int, Piece]) -> Iterator[_Cluster]:
    spans = sorted(((*extent(piece.array), key) for key, piece in pieces.items()), key=lambda span: (span[0], -span[1]))
    cluster: list[tuple[int, Piece]] = []
    start = end = 0
    for low, high, key in spans:
        if cluster and low >= end:
            yield _Cluster(start, end, tuple(cluster))
            cluster = []
        if not cluster:
            start, end = low, high
        cluster.append((key, pieces[key]))
        end = max(end, high)
    if cluster:
        yield _Cluster(start, end, tuple(cluster))


def _holds_all(array: Any, cluster: _Cluster) -> bool:
    """Whether the others in a cluster are views of this array, and know it as their base."""
    is_whole = root_of(array) is array and array.flags.forc and extent(array) == (cluster.start, cluster.end)
    return is_whole and any(piece.array.base is array for _, piece in cluster.pieces)


def _region(cluster: _Cluster) -> tuple[Region, bool]:
    """The memory that a cluster of arrays shares, and whether older arrays in it need not be written again."""
    start, size = cluster.start, cluster.end - cluster.start
    old = [piece.array for _, piece in cluster.pieces if piece.is_older]
    with_frame = any(piece.is_frame for _, piece in cluster.pieces)
    for array in old:
        if extent(array) == (cluster.start, cluster.end):
            return Region(start, size, array, array, with_frame), True
    fresh = [piece.array for _, piece in cluster.pieces if not piece.is_older]
    holder = root_of(fresh[0]) if any(array.dtype.hasobject for array in fresh) else None
    if holder is None and not old and not with_frame:
        holder = next((each for each in fresh if _holds_all(each, cluster)), None)
    return Region(start, size, fresh, holder, with_frame), not old
