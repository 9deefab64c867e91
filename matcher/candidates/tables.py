"""Minutes and modes of every kind in every form, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from matcher.candidates.codes import FORMS, KINDS, IntArray
from matcher.policy import Policy
from matcher.policy_words import PatternMode
from matcher.roster import MentoringKind

_MODES = tuple(PatternMode)
IN_PERSON = _MODES.index(PatternMode.IN_PERSON)
INSIDE_IN_PERSON = _MODES.index(PatternMode.INSIDE_IN_PERSON)

GROUP = KINDS.index(MentoringKind.GROUP)
REVERSE = KINDS.index(MentoringKind.REVERSE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KindTables:
    """By kind and form, shape (num_kinds, num_forms): ``minutes`` in four weeks and ``mode``; 0 and −1: no pattern.

    ``preference`` (num_kinds,) is the place of a kind in ``kind_choice.prefer``, those not named after all others.
    """

    minutes: IntArray
    mode: IntArray
    preference: IntArray

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """Return the tables of a policy."""
        minutes, mode = np.zeros((2, len(KINDS), len(FORMS)), dtype=np.int64)
        mode -= 1
        for row, kind in enumerate(KINDS):
            if kind not in policy.patterns:
                continue
            for column, form in enumerate(FORMS):
                minutes[row, column] = policy.pattern_minutes_per_four_weeks(kind, form)
                mode[row, column] = _MODES.index(policy.pattern_of(kind, form).mode)
        order = list(policy.kind_prefer)
        preference = [order.index(kind) if kind in order else len(order) for kind in KINDS]
        return cls(minutes=minutes, mode=mode, preference=np.array(preference, dtype=np.int64))
