"""Groups that may be: a mentor, a theme, and everybody whose request on this theme he covers (C-08, HR-07).

A theme is a topic with its subject. Where a mentee has stated no request of the first priority his gaps stand in for
it (HR-04): a gap joins the theme of its block without a subject. A group works in one form; what it covers of a
mentee are his requests on the theme and his gaps in the block of its topic. A class is a group by itself, alone with
its mentor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import BLOCKS, FORMS, TOPICS, BoolArray, IntArray, Words, has_bit
from matcher.candidates.columns import Columns
from matcher.candidates.edges import Edges
from matcher.candidates.tables import GROUP
from matcher.policy import TOPIC_BLOCK
from matcher.roster import CompetenceBlock, Topic

MOST_SEATS = 400_000
"""Seats kept. Beyond, every mentor keeps his most wanted themes; the build report says how many were left out."""


#: The topic under which a group works on a gap of a block.
GAP_TOPIC: Mapping[CompetenceBlock, Topic] = {
    CompetenceBlock.SUBJECT: Topic.SUBJECT_CONTENT,
    CompetenceBlock.METHODICAL: Topic.TEACHING_METHODS,
    CompetenceBlock.PSYCH_PEDAGOGICAL: Topic.PSYCH_PED_SUPPORT,
    CompetenceBlock.COMMUNICATIVE: Topic.COMMUNICATION,
    CompetenceBlock.DIGITAL: Topic.DIGITAL,
    CompetenceBlock.NORMATIVE_LEGAL: Topic.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Theme:
    """What a group works on; an empty subject is "of any subject". A whole class has a theme of its own."""

    topic: Topic
    subject: str = ""
    school_class: str = ""

    @property
    def block(self) -> CompetenceBlock | None:
        """Return the block whose gaps the group works on."""
        return CompetenceBlock.NORMATIVE_LEGAL if self.topic is Topic.OTHER else TOPIC_BLOCK[self.topic]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Possible groups and their seats.

    Per group: ``mentor``, ``theme`` (index into ``themes``), ``form``, ``min_size``, ``max_size``. Per seat: ``edge``
    (index of the pair), ``group``, ``covered`` (needs worked on), ``is_fixed`` (he sits there already).
    ``num_groups_left_out``, ``num_seats_left_out`` are those beyond the limit, ``num_without_slot`` the seats of people
    who share no free slot with the mentor.
    """

    themes: tuple[Theme, ...]
    mentor: IntArray
    theme: IntArray
    form: IntArray
    min_size: IntArray
    max_size: IntArray
    edge: IntArray
    group: IntArray
    covered: Words
    is_fixed: BoolArray
    num_groups_left_out: int
    num_seats_left_out: int
    num_without_slot: int

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.mentor)


def build_groups(
    columns: Columns, edges: Edges, slots: Words | None, running: IntArray, *, most_seats: int = MOST_SEATS
) -> Groups:
    """Return all groups that can reach their least size, and those that run already.

    ``slots`` are those of a group for every pair, where known; ``running`` the pairs fixed in a group.
    """
    themes, of_need = _themes(columns)
    seats = _seats(columns, edges, themes, of_need)
    num_without_slot = 0
    if slots is not None:
        has_slot = slots[seats.edge].any(axis=1) | np.isin(seats.edge, running)
        num_without_slot = int((~has_slot).sum())
        seats = seats.take(has_slot)
    seats = _with_running(edges, seats, running, of_other=themes.index(Theme(topic=Topic.OTHER)))
    least, most = columns.policy.load.group_size
    number, mentor, code, size = _grouped(edges.mentor[seats.edge], seats.code)
    num_fixed = np.bincount(number[seats.is_fixed], minlength=len(mentor))
    runs = (num_fixed > 0) | _of_class(themes)[code // len(FORMS)]
    kept, left_groups, left_seats = _within(mentor, size, runs, least, most_seats)
    renumbered = np.cumsum(kept) - 1
    seats, group = seats.take(kept[number]), renumbered[number[kept[number]]]
    mentor, code, num_fixed = mentor[kept], code[kept], num_fixed[kept]
    theme = code // len(FORMS)
    is_class = _of_class(themes)[theme]
    return Groups(
        themes=themes,
        mentor=mentor,
        theme=theme,
        form=code % len(FORMS),
        min_size=np.where(is_class, 1, np.where(num_fixed > 0, np.minimum(num_fixed, least), least)),
        max_size=np.where(is_class, 1, np.maximum(num_fixed, most)),
        edge=seats.edge,
        group=group,
        covered=seats.covered,
        is_fixed=seats.is_fixed,
        num_groups_left_out=left_groups,
        num_seats_left_out=left_seats,
        num_without_slot=num_without_slot,
    )


def _themes(columns: Columns) -> tuple[tuple[Theme, ...], IntArray]:
    """Return the themes of all needs, those of classes after them, and the theme of each need."""
    listed = [
        Theme(topic=GAP_TOPIC[BLOCKS[key.block]]) if key.is_gap else Theme(topic=TOPICS[key.topic], subject=key.subject)
        for key in columns.needs.key
    ]
    wanted = {*listed, Theme(topic=Topic.OTHER)}
    themes = sorted(wanted, key=lambda theme: (TOPICS.index(theme.topic), theme.subject))
    place = {theme: at for at, theme in enumerate(themes)}
    classes = [
        Theme(topic=Topic.OTHER, school_class=columns.mentee_id[at])
        for at in np.flatnonzero(columns.mentees.is_class).tolist()
    ]
    return (*themes, *classes), np.array([place[theme] for theme in listed], dtype=np.int64)


def _of_class(themes: tuple[Theme, ...]) -> BoolArray:
    return np.array([bool(theme.school_class) for theme in themes], dtype=bool)


def _class_themes(columns: Columns, themes: tuple[Theme, ...]) -> IntArray:
    """Return per mentee the theme of the class that it is, −1 for people."""
    found = np.full(columns.num_mentees, -1, dtype=np.int64)
    for at, theme in enumerate(themes):
        if theme.school_class:
            found[columns.mentee_of[theme.school_class]] = at
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seats:
    """Possible seats, by pair and code: a code is a theme in a form."""

    edge: IntArray
    code: IntArray
    covered: Words
    is_fixed: BoolArray

    def take(self, kept: BoolArray) -> _Seats:
        """Return some of the seats."""
        return _Seats(
            edge=self.edge[kept], code=self.code[kept], covered=self.covered[kept], is_fixed=self.is_fixed[kept]
        )


def _seats(columns: Columns, edges: Edges, themes: tuple[Theme, ...], of_need: IntArray) -> _Seats:
    """Return a seat for every pair and theme the mentee asks for and the mentor covers."""
    may_sit = has_bit(edges.kinds, GROUP) & (columns.mentors.max_groups[edges.mentor] > 0)
    is_class = columns.mentees.is_class[edges.mentee]
    is_gap = np.array([key.is_gap for key in columns.needs.key], dtype=bool)
    some, codes, bits = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
    for at in range(columns.needs.width):
        bit = np.uint64(1 << at)
        here = np.flatnonzero(may_sit & ~is_class & (edges.covered & bit > 0))
        need = columns.needs.need[edges.mentee[here], at]
        joins = ~is_gap[need] | (columns.needs.main_mask[edges.mentee[here]] & bit > 0)
        here, theme = here[joins], of_need[need[joins]]
        some.append(here)
        codes.append(theme * len(FORMS) + edges.form[here])
        bits.append(np.full(len(here), bit))
    classes = np.flatnonzero(may_sit & is_class)
    theme_of = _class_themes(columns, themes)
    some.append(classes)
    codes.append(theme_of[edges.mentee[classes]] * len(FORMS) + edges.form[classes])
    bits.append(edges.covered[classes])
    edge, code, covered = np.concatenate(some), np.concatenate(codes), np.concatenate(bits)
    order = np.lexsort((code, edge))
    edge, code, covered = edge[order], code[order], covered[order]
    if len(edge):
        first = np.flatnonzero(np.r_[True, (np.diff(edge) != 0) | (np.diff(code) != 0)])
        edge, code, covered = edge[first], code[first], np.bitwise_or.reduceat(covered, first)
    covered = covered | _gaps_of_theme(columns, edges, edge, code // len(FORMS), themes)
    return _Seats(edge=edge, code=code, covered=covered, is_fixed=np.zeros(len(edge), dtype=bool))


def _gaps_of_theme(columns: Columns, edges: Edges, edge: IntArray, theme: IntArray, themes: tuple[Theme, ...]) -> Words:
    """Return per seat the covered gaps in the block the theme works on."""
    needs = columns.needs
    blocks = [theme.block for theme in themes]
    block = np.array([-1 if found is None else BLOCKS.index(found) for found in blocks], dtype=np.int64)[theme]
    of_need = np.array([key.block if key.is_gap else -2 for key in needs.key] + [-2], dtype=np.int64)
    added = np.zeros(len(edge), dtype=np.uint64)
    for at in range(needs.width):
        same = of_need[needs.need[edges.mentee[edge], at]] == block
        added |= np.where(same, edges.covered[edge] & np.uint64(1 << at), np.uint64(0))
    return added


def _with_running(edges: Edges, seats: _Seats, running: IntArray, *, of_other: int) -> _Seats:
    """Return the seats with exactly one fixed seat for every pair that is fixed in a group.

    All members of a mentor's running group sit on the theme most of them ask for; one who asks for another sits there
    too. Where none of them asks for anything the group is one on other questions.
    """
    if not len(running):
        return seats
    code_of: dict[int, int] = {}
    for mentor in np.unique(edges.mentor[running]).tolist():
        members = running[edges.mentor[running] == mentor]
        found, count = np.unique(seats.code[np.isin(seats.edge, members)], return_counts=True)
        other = of_other * len(FORMS) + int(edges.form[members[0]])
        code_of |= dict.fromkeys(members.tolist(), int(found[np.argmax(count)]) if len(found) else other)
    known = set(zip(seats.edge.tolist(), seats.code.tolist(), strict=True))
    new = [(edge, code) for edge, code in sorted(code_of.items()) if (edge, code) not in known]
    edge = np.r_[seats.edge, np.array([edge for edge, _ in new], dtype=np.int64)]
    code = np.r_[seats.code, np.array([code for _, code in new], dtype=np.int64)]
    covered = np.r_[seats.covered, np.zeros(len(new), dtype=np.uint64)]
    order = np.lexsort((code, edge))
    edge, code = edge[order], code[order]
    is_fixed = np.array([code_of.get(e) == c for e, c in zip(edge.tolist(), code.tolist(), strict=True)], dtype=bool)
    return _Seats(edge=edge, code=code, covered=covered[order], is_fixed=is_fixed)


def _grouped(mentor: IntArray, code: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return (group of every seat, mentor of every group, its code, its number of seats)."""
    width = int(code.max(initial=0)) + 1
    pair, number, size = np.unique(mentor * width + code, return_inverse=True, return_counts=True)
    return number.astype(np.int64), pair // width, pair % width, size.astype(np.int64)


def _within(
    mentor: IntArray, size: IntArray, runs: BoolArray, least: int, most_seats: int
) -> tuple[BoolArray, int, int]:
    """Return which groups stay: all that can be filled or run, or each mentor's most wanted ones within the limit."""
    enough = runs | (size >= least)
    if int(size[enough].sum()) <= most_seats:
        return enough, 0, 0
    order = np.lexsort((-size, ~enough, mentor))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(mentor[order], mentor[order])
    kept = enough
    for most in range(int(rank.max()), 0, -1):
        kept = enough & ((rank < most) | runs)
        if int(size[kept].sum()) <= most_seats:
            break
    left = enough & ~kept
    return kept, int(left.sum()), int(size[left].sum())
