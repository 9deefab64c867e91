"""The life of a round and of a pair (requirements 7.10): which step may follow, and what it still waits for.

Pure data and functions: what is on record comes in as a :class:`RoundCase`, what is missing goes out as faults that
name the rule and the clause. Nobody activates a pair without the order, the consents and the agreements its regulation
asks for (HR-23).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.policy_labels import clause_text
from matcher.policy_words import PairApproval
from matcher.scheduling.terms import add_months
from matcher.texts import Text, text
from service.rounds.papers import Side, missing_papers

ROUND_STEPS: Mapping[str, tuple[str, ...]] = {
    "draft": ("preparatory",),
    "preparatory": ("matching", "draft"),
    "matching": ("proposed", "preparatory"),
    "proposed": ("agreed", "matching"),
    "agreed": ("confirmed", "proposed"),
    "confirmed": ("ordered", "agreed"),
    "ordered": ("running",),
    "running": ("final",),
    "final": ("closed", "running"),
    "closed": (),
}
"""State of a round → the states that may follow, the usual one first. Nothing signed by the head is taken back."""
PAIR_STEPS: Mapping[str, tuple[str, ...]] = {
    "proposed": ("agreed", "declined", "dropped"),
    "agreed": ("confirmed", "declined", "dropped"),
    "confirmed": ("active", "declined", "dropped"),
    "active": ("prolonged", "aftercare", "closed", "terminated"),
    "prolonged": ("prolonged", "aftercare", "closed", "terminated"),
    "aftercare": ("closed", "terminated"),
    "declined": (),
    "dropped": ("proposed",),
    "terminated": (),
    "closed": (),
}
"""State of a pair → the states that may follow; declined, dropped or terminated, it leaves its mentee to re-match."""
OPEN = ("proposed", "agreed", "confirmed")
LIVE = ("active", "prolonged", "aftercare")
_NEEDED_OF_PAIRS = {"agreed": ("agreed", "confirmed", *LIVE), "confirmed": ("confirmed", *LIVE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCase:
    """A pair with what is on record for it. ``lifted`` are the rules the curator has lifted for it, with a reason."""

    id: str
    state: str
    mentor: Side
    mentee: Side
    psychologist: str | None = None
    lifted: frozenset[str] = frozenset()
    interview_done: bool = False
    questionnaire_done: bool = False
    final_report_signed: bool = False
    is_ordered: bool = False

    @property
    def place(self) -> str:
        """Return how faults name the pair."""
        return f"{self.mentor.code} – {self.mentee.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGate:
    """Something that has to stand before pairs are looked for, and does not."""

    title: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCase:
    """A round with what is on record for it."""

    state: str
    open_gates: tuple[OpenGate, ...] = ()
    has_plan: bool = False
    pairs: tuple[PairCase, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    order_number: str | None = None
    order_day: date | None = None

    @property
    def standing(self) -> tuple[PairCase, ...]:
        """Return the pairs that have not ended."""
        return tuple(pair for pair in self.pairs if pair.state in (*OPEN, *LIVE))


def next_states(state: str) -> tuple[str, ...]:
    """Return the states that may follow one of a round, the usual one first."""
    return ROUND_STEPS[state]


def what_is_missing(case: RoundCase, policy: Policy, to: str) -> tuple[Fault, ...]:
    """Return everything a step of a round still waits for, by pair where it is of a pair; nothing: it may be done."""
    if to not in ROUND_STEPS[case.state]:
        return (_wrong_step(case.state, to, ROUND_STEPS[case.state]),)
    if _is_back(case.state, to):
        return ()
    guard = _GUARDS.get(to)
    return () if guard is None else tuple(guard(case, policy))


def _wrong_step(state: str, to: str, steps: tuple[str, ...]) -> Fault:
    message = text("this step does not follow: from “{state}” to “{to}”", state=state_text(state), to=state_text(to))
    if not steps:
        return Fault("to", message, text("nothing follows any more"))
    first, *others = map(state_text, steps)
    after = text("“{first}” or “{second}”", first=first, second=others[0]) if others else text("“{first}”", first=first)
    return Fault("to", message, text("what may follow: {states}", states=after))


def _is_back(state: str, to: str) -> bool:
    order = list(ROUND_STEPS)
    return order.index(to) < order.index(state)


def _gates(case: RoundCase, policy: Policy) -> Iterator[Fault]:
    for gate in case.open_gates:
        message = text("this has to be done before pairs are looked for (clause {clause})", clause=gate.clause)
        yield Fault(gate.title, message, text("record it as done, with its day"))


def _proposal(case: RoundCase, policy: Policy) -> Iterator[Fault]:
    if not case.has_plan:
        yield Fault("plan", text("there is no plan yet"), text("start a run and wait for its plan"))


def _somebody(case: RoundCase) -> Iterator[Fault]:
    if not case.standing:
        yield Fault("pairs", text("there is no pair"), text("start a run, or look at why nobody was paired"))


def _agreed(case: RoundCase, policy: Policy) -> Iterator[Fault]:
    yield from _somebody(case)
    for pair in case.standing:
        yield from pair_is_missing(pair, policy, "agreed")
        if pair.state not in _NEEDED_OF_PAIRS["agreed"]:
            yield _not_yet_agreed(pair, policy)


def _not_yet_agreed(pair: PairCase, policy: Policy) -> Fault:
    clause = policy.approvals.clause
    if PairApproval.COUNCIL in policy.approvals.pair:
        return Fault(pair.place, text("the council has not agreed to the pair (clause {clause})", clause=clause))
    return Fault(pair.place, text("the curator has not agreed to the pair (clause {clause})", clause=clause))


def _confirmed(case: RoundCase, policy: Policy) -> Iterator[Fault]:
    yield from _somebody(case)
    for pair in case.standing:
        yield from pair_is_missing(pair, policy, "confirmed")
        if pair.state not in (*_NEEDED_OF_PAIRS["confirmed"], "agreed"):
            yield _not_yet_agreed(pair, policy)


def _ordered(case: RoundCase, policy: Policy) -> Iterator[Fault]:
    yield from _somebody(case)
    yield from order_faults(policy, case.order_number, case.order_day)
    yield from term_faults(policy, case.first_day, case.last_day)
    for pair in case.standing:
        yield from pair_is_missing(pair, policy, "active")


def _running(case: RoundCase, policy: Policy) -> Iterator[Fault]:
    yield from _somebody(case)
    for pair in case.standing:
        yield from pair_is_missing(pair, policy, "active")
        if needs_order(policy) and not pair.is_ordered:
            missing = text("the pair stands in no order of the head")
            yield Fault(pair.place, _rule(missing, "HR-23", policy), text("give the number and day of the order"))


def _closed(case: RoundCase, policy: Policy) -> Iterator[Fault]:
    for pair in case.standing:
        yield Fault(pair.place, text("the pair is not closed yet"), text("close or end it first"))


_GUARDS: Mapping[str, Callable[[RoundCase, Policy], Iterator[Fault]]] = {
    "matching": _gates,
    "proposed": _proposal,
    "agreed": _agreed,
    "confirmed": _confirmed,
    "ordered": _ordered,
    "running": _running,
    "closed": _closed,
}


def pair_is_missing(pair: PairCase, policy: Policy, to: str) -> tuple[Fault, ...]:
    """Return what stands against a pair being in a state, apart from the states before it."""
    if to == "agreed":
        return tuple(_psychologist(pair, policy))
    if to == "confirmed":
        papers = missing_papers(pair.mentor, pair.mentee, policy, pair.place)
        return (*_psychologist(pair, policy), *_asked(pair, policy), *papers)
    if to == "active":
        found = [*_psychologist(pair, policy), *_asked(pair, policy)]
        found += missing_papers(pair.mentor, pair.mentee, policy, pair.place)
        if pair.state not in _NEEDED_OF_PAIRS["confirmed"]:
            found.append(Fault(pair.place, _rule(text("the pair is not confirmed"), "HR-23", policy)))
        return tuple(found)
    if to == "closed" and "D-12" in policy.documents and not pair.final_report_signed:
        return (Fault(pair.place, text("the final report is not signed by all three (clause {clause})", clause="5.3")),)
    if to == "aftercare" and not policy.programme.aftercare:
        return (Fault(pair.place, text("this regulation knows no time after the programme")),)
    return ()


def _psychologist(pair: PairCase, policy: Policy) -> Iterator[Fault]:
    if "HR-24" in pair.lifted:
        return
    if pair.psychologist == "not_recommended" and policy.rule("HR-24").on:
        cure = text("propose another pair, or lift the rule with a reason")
        yield Fault(pair.place, _rule(text("the psychologist does not recommend the pair"), "HR-24", policy), cure)
    elif pair.psychologist is None and PairApproval.PSYCHOLOGIST in policy.approvals.pair and pair.state in OPEN:
        clause = policy.approvals.clause
        yield Fault(
            pair.place, text("the psychologist has not said a word on the pair (clause {clause})", clause=clause)
        )


def _asked(pair: PairCase, policy: Policy) -> Iterator[Fault]:
    clause = policy.approvals.clause
    if PairApproval.INTERVIEW in policy.approvals.pair and not pair.interview_done:
        yield Fault(pair.place, text("not both sides have been interviewed (clause {clause})", clause=clause))
    if PairApproval.QUESTIONNAIRE in policy.approvals.pair and not pair.questionnaire_done:
        yield Fault(
            pair.place, text("not both sides have filled in the questionnaire (clause {clause})", clause=clause)
        )


def needs_order(policy: Policy) -> bool:
    """Return whether a regulation asks for an order of the head before pairs work."""
    return PairApproval.HEAD_ORDER in policy.approvals.pair or "D-04" in policy.documents


def order_faults(policy: Policy, number: str | None, day: date | None) -> Iterator[Fault]:
    """Yield what the order of the head lacks (HR-23)."""
    if not needs_order(policy):
        return
    if not number:
        yield Fault("order_no", _rule(text("there is no order of the head"), "HR-23", policy), text("give its number"))
    if day is None:
        yield Fault("order_date", _rule(text("there is no order of the head"), "HR-23", policy), text("give its day"))


def term_faults(policy: Policy, first_day: date | None, last_day: date | None) -> Iterator[Fault]:
    """Yield why a term is none the regulation allows (HR-16); a term not given yet is one fault."""
    months = policy.programme.months
    if first_day is None or last_day is None:
        yield Fault("first_day, last_day", text("the term is not given"), text("give the first and the last day"))
        return
    bounds = {"min": months.min, "max": months.max, "clause": months.clause}
    message = text("a programme lasts {min} to {max} months (HR-16, clause {clause})", **bounds)
    shortest, longest = add_months(first_day, months.min), add_months(first_day, months.max)
    if not (shortest - first_day).days - 1 <= (last_day - first_day).days < (longest - first_day).days:
        cure = text("choose a last day from {first} to {last}", first=_day(shortest, -1), last=_day(longest, -1))
        yield Fault("last_day", message, cure)


def _day(day: date, offset: int) -> str:
    return f"{date.fromordinal(day.toordinal() + offset):%d.%m.%Y}"


def _rule(message: Text, rule: str, policy: Policy) -> Text:
    return text("{message} ({rule}, {clause})", message=message, rule=rule, clause=clause_text(policy.clause_of(rule)))


_STATES: Mapping[str, Text] = {
    "draft": text("draft"),
    "preparatory": text("preparation"),
    "matching": text("looking for pairs"),
    "proposed": text("proposed"),
    "agreed": text("agreed"),
    "confirmed": text("confirmed"),
    "ordered": text("ordered by the head"),
    "running": text("running"),
    "final": text("summing up"),
    "closed": text("closed"),
    "active": text("working"),
    "prolonged": text("prolonged"),
    "aftercare": text("mentor on call"),
    "terminated": text("ended early"),
    "declined": text("declined"),
    "dropped": text("no longer proposed"),
}


def state_text(state: str) -> Text:
    """Return what a state of a round or pair is called."""
    return _STATES[state]
