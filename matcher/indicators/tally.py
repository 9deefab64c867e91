"""Sums that figures are made of: they add up from organisations to a municipality, percentages never do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from matcher.texts import Text

_NOTHING = Fraction(0)
_PERCENT = 100


class Measure(StrEnum):
    """How a figure comes from its sums."""

    SHARE = "share"
    COUNT = "count"
    MEAN = "mean"
    MEAN_CHANGE = "mean_change"
    COUNT_CHANGE = "count_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An input nobody gave: what, where, and of whom if it is of a person or programme."""

    what: Text
    organisation: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The sums behind one figure. ``part`` is empty for the main one of an indicator; ``title`` names another part.

    The base is what a change is measured from: a mean or count of the year before. ``num_known`` is the number of
    organisations that gave what is needed; where it is 0 there is no figure.
    """

    measure: Measure
    part: str = ""
    title: Text | None = None
    numerator: Fraction = _NOTHING
    denominator: Fraction = _NOTHING
    base_numerator: Fraction = _NOTHING
    base_denominator: Fraction = _NOTHING
    num_known: int = 1
    missing: tuple[Missing, ...] = field(default=())

    @property
    def value(self) -> Fraction | None:
        """Return the figure, None where there is nothing to count."""
        if not self.num_known:
            return None
        match self.measure:
            case Measure.COUNT:
                return self.numerator
            case Measure.COUNT_CHANGE:
                return self.numerator - self.base_numerator
            case Measure.MEAN_CHANGE:
                if not (self.denominator and self.base_denominator):
                    return None
                return self.numerator / self.denominator - self.base_numerator / self.base_denominator
            case _ if not self.denominator:
                return None
            case Measure.SHARE:
                return _PERCENT * self.numerator / self.denominator
            case _:
                return self.numerator / self.denominator

    def __add__(self, other: Tally) -> Tally:
        """Return the sums of both together; what is missing in either is missing."""
        return Tally(
            measure=self.measure,
            part=self.part,
            title=self.title,
            numerator=self.numerator + other.numerator,
            denominator=self.denominator + other.denominator,
            base_numerator=self.base_numerator + other.base_numerator,
            base_denominator=self.base_denominator + other.base_denominator,
            num_known=self.num_known + other.num_known,
            missing=self.missing + other.missing,
        )


def share(
    numerator: int | Fraction,
    denominator: int | Fraction,
    part: str = "",
    title: Text | None = None,
    *,
    missing: Iterable[Missing] = (),
) -> Tally:
    """Return a share, in percent."""
    return Tally(
        measure=Measure.SHARE,
        part=part,
        title=title,
        numerator=Fraction(numerator),
        denominator=Fraction(denominator),
        missing=tuple(missing),
    )


def number(
    value: int | Fraction, part: str = "", title: Text | None = None, *, missing: Iterable[Missing] = ()
) -> Tally:
    """Return a plain count."""
    return Tally(measure=Measure.COUNT, part=part, title=title, numerator=Fraction(value), missing=tuple(missing))


def mean(
    total: int | Fraction,
    count: int | Fraction,
    part: str = "",
    title: Text | None = None,
    *,
    missing: Iterable[Missing] = (),
) -> Tally:
    """Return a mean of so many values."""
    return Tally(
        measure=Measure.MEAN,
        part=part,
        title=title,
        numerator=Fraction(total),
        denominator=Fraction(count),
        missing=tuple(missing),
    )


def unknown(measure: Measure, part: str = "", title: Text | None = None, *, missing: Iterable[Missing]) -> Tally:
    """Return the figure of an organisation that did not give what is needed: it adds nothing but what is missing."""
    return Tally(measure=measure, part=part, title=title, num_known=0, missing=tuple(missing))
