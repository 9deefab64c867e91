"""In which round each meeting takes place: a colouring of the edges of a bipartite graph, every colour about as often.

König's theorem: where nobody has more meetings than there are rounds, the rounds suffice. Edges are coloured one by
one; where the two ends have no free round in common, a path that alternates between two rounds is turned over. Then the
rounds are evened out, so that no round has more meetings than tables as long as there are places for all (McDiarmid; de
Werra): of two rounds that differ by two meetings or more, the paths alternating between them include one that begins
and ends in the larger one.

References
----------
.. [1] D. König, "Über Graphen und ihre Anwendung auf Determinantentheorie und Mengenlehre",
   Mathematische Annalen 77 (1916).
.. [2] C. J. H. McDiarmid, "The solution of a timetabling problem", IMA Journal of Applied Mathematics 9 (1972).
.. [3] D. de Werra, "On some combinatorial problems arising in scheduling", CORS Journal 8 (1970).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

_NONE = -1


def spread_rounds(left: Sequence[int], right: Sequence[int], num_rounds: int) -> list[int]:
    """Return the round of each edge: no two at one vertex, each round used ⌊n/r⌋ or ⌈n/r⌉ times.

    ``left`` and ``right`` number the ends of the edges on the two sides, each from 0.

    >>> sorted(spread_rounds([0, 0, 1], [0, 1, 0], 3))
    [0, 1, 2]

    Raises
    ------
    ValueError
        When a vertex has more edges than there are rounds.
    """
    board = _Board(left, right, num_rounds)
    for edge in range(len(left)):
        board.place(edge)
    board.even_out()
    return board.round


class _Board:
    """A colouring under way: which edge each vertex has in each round, and how many edges each round has.

    Vertices of the right side are numbered after those of the left.
    """

    def __init__(self, left: Sequence[int], right: Sequence[int], num_rounds: int) -> None:
        offset = max(left, default=-1) + 1
        self.ends = [(a, offset + b) for a, b in zip(left, right, strict=True)]
        num_vertices = offset + max(right, default=-1) + 1
        self.num_rounds = num_rounds
        self.edge_at = [[_NONE] * num_rounds for _ in range(num_vertices)]
        self.free = [(1 << num_rounds) - 1] * num_vertices
        self.round = [_NONE] * len(self.ends)
        self.size = [0] * num_rounds

    def place(self, edge: int) -> None:
        """Colour one more edge."""
        a, b = self.ends[edge]
        both = self.free[a] & self.free[b]
        if not both:
            self._turn_over(b, self._emptiest(self.free[a]), self._emptiest(self.free[b]))
            both = self.free[a] & self.free[b]
        self._set(edge, self._emptiest(both))

    def even_out(self) -> None:
        """Move edges from the fullest to the emptiest round until they differ by one at most."""
        while self.round:
            fullest = max(range(self.num_rounds), key=self.size.__getitem__)
            emptiest = min(range(self.num_rounds), key=self.size.__getitem__)
            spare = (self.size[fullest] - self.size[emptiest]) // 2
            if spare == 0:
                return
            for path in list(islice(self._longer_paths(fullest, emptiest), spare)):
                self._exchange(path, fullest, emptiest)

    def _emptiest(self, rounds: int) -> int:
        if not rounds:
            raise ValueError("a vertex has more edges than there are rounds")
        found = [r for r in range(self.num_rounds) if rounds >> r & 1]
        return min(found, key=self.size.__getitem__)

    def _turn_over(self, vertex: int, first: int, second: int) -> None:
        """Turn over the path from ``vertex`` that begins with ``first``; ``second`` is free there."""
        self._exchange(self._path(vertex, first, second), first, second)

    def _path(self, vertex: int, first: int, second: int) -> list[int]:
        """Return the edges of the path from ``vertex`` in the rounds first, second, first and so on."""
        path: list[int] = []
        while (edge := self.edge_at[vertex][first]) != _NONE:
            path.append(edge)
            a, b = self.ends[edge]
            vertex = b if vertex == a else a
            first, second = second, first
        return path

    def _longer_paths(self, fuller: int, emptier: int) -> Iterator[list[int]]:
        """Yield the alternating paths with one edge more in the round ``fuller``, each once."""
        begun: set[int] = set()
        for vertex, edges in enumerate(self.edge_at):
            if edges[fuller] == _NONE or edges[emptier] != _NONE:
                continue
            path = self._path(vertex, fuller, emptier)
            if len(path) % 2 and path[-1] not in begun:
                begun.add(path[0])
                yield path

    def _exchange(self, path: list[int], first: int, second: int) -> None:
        old = [self.round[edge] for edge in path]
        for edge in path:
            self._clear(edge)
        for edge, before in zip(path, old, strict=True):
            self._set(edge, second if before == first else first)

    def _set(self, edge: int, round_: int) -> None:
        self.round[edge] = round_
        self.size[round_] += 1
        for vertex in self.ends[edge]:
            self.edge_at[vertex][round_] = edge
            self.free[vertex] ^= 1 << round_

    def _clear(self, edge: int) -> None:
        round_ = self.round[edge]
        self.size[round_] -= 1
        for vertex in self.ends[edge]:
            self.edge_at[vertex][round_] = _NONE
            self.free[vertex] ^= 1 << round_
