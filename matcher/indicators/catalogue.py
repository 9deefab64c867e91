"""How an indicator is declared: one function that counts one organisation, under its number and title."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from matcher.indicators.case import Case
from matcher.indicators.tally import Tally
from matcher.texts import Text

Counting = Callable[[Case], Iterable[Tally]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An indicator: number, title, the clauses it stands on, the function that counts it.

    ``is_judged`` is False where a plan and a figure cannot be compared (A-13). ``needs_programmes`` says that nothing
    can be counted where the programmes of the period are not known.
    """

    id: str
    title: Text
    sources: tuple[str, ...]
    count: Counting
    is_judged: bool = True
    needs_programmes: bool = False


#: All indicators by number (requirements 7.7).
INDICATORS: dict[str, Indicator] = {}


def indicator(
    id_: str, title: Text, *sources: str, is_judged: bool = True, needs_programmes: bool = False
) -> Callable[[Counting], Counting]:
    """Declare the function below as an indicator; the first figure it yields is the main one."""

    def declare(count: Counting) -> Counting:
        INDICATORS[id_] = Indicator(
            id=id_,
            title=title,
            sources=sources,
            count=count,
            is_judged=is_judged,
            needs_programmes=needs_programmes,
        )
        return count

    return declare
