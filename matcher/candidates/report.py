"""What the building of a round saw and left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.candidates.columns import Columns
from matcher.candidates.groups import Groups
from matcher.candidates.options import COUNTER, INDIVIDUAL, REVERSED, SEAT, Options
from matcher.candidates.pairs import Pairs
from matcher.candidates.requirements import REQUIREMENTS
from matcher.texts import Text, text_n


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """Counts of a build.

    ``refused`` counts pairs by (rule, name of the requirement) that refused them first. ``num_open_needs`` are requests
    and gaps that no option covers. ``notes`` say to people what does not count or was left out.
    """

    num_looked_at: int
    num_pairs: int
    refused: Mapping[tuple[str, str], int]
    num_individual: int
    num_reverse: int
    num_seats: int
    num_groups: int
    num_options_left_out: int
    num_open_needs: int
    notes: tuple[Text, ...]


def build_report(
    columns: Columns, pairs: Pairs, groups: Groups, options: Options, num_items: int, num_useless: int, num_second: int
) -> BuildReport:
    """Return the report of a build."""
    sorts = np.bincount(options.sort, minlength=4)
    num_needs = int((columns.needs.need >= 0).sum())
    return BuildReport(
        num_looked_at=pairs.num_looked_at,
        num_pairs=len(pairs.edges),
        refused={
            (rule.rule, rule.name): int(count) for rule, count in zip(REQUIREMENTS, pairs.refused, strict=True) if count
        },
        num_individual=int(sorts[INDIVIDUAL]),
        num_reverse=int(sorts[REVERSED] + sorts[COUNTER]),
        num_seats=int(sorts[SEAT]),
        num_groups=len(groups),
        num_options_left_out=num_useless,
        num_open_needs=num_needs - num_items,
        notes=tuple(_notes(columns, pairs, groups, num_second)),
    )


def _notes(columns: Columns, pairs: Pairs, groups: Groups, num_second: int) -> list[Text]:
    found = (
        text_n(
            "{count} request is on a topic this regulation does not name; it does not count",
            "{count} requests are on topics this regulation does not name; they do not count",
            count=columns.needs.num_unnamed,
        ),
        text_n(
            "{count} declared category contradicts the stated experience",
            "{count} declared categories contradict the stated experience",
            count=columns.num_doubtful,
        ),
        text_n(
            "{count} override names nobody of the registers",
            "{count} overrides name nobody of the registers",
            count=columns.marks.num_useless_overrides,
        ),
        text_n(
            "{count} possible pair was left out: only the most promising of each mentee were kept",
            "{count} possible pairs were left out: only the most promising of each mentee were kept",
            count=pairs.num_left_out,
        ),
        text_n(
            "{count} possible group was left out to keep the problem small",
            "{count} possible groups were left out to keep the problem small",
            count=groups.num_groups_left_out,
        ),
        text_n(
            "{count} seat was left out in which a second mentor might have covered what another covers",
            "{count} seats were left out in which a second mentor might have covered what another covers",
            count=num_second,
        ),
        text_n(
            "{count} seat in a group was left out: the two share no free time",
            "{count} seats in groups were left out: the two share no free time",
            count=groups.num_without_slot,
        ),
    )
    return [note for note in found if note.count]
