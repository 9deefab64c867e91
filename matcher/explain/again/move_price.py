"""What it costs to give a mentee another mentor: the best plan found with it, and the least that any plan loses.

Exact where the round is a flow: solved again, with as few changes as the best value allows. Elsewhere the price lies
between two: exchanges round the present pairs give a valid plan ("at most"), the prices of the certificate give what no
plan with this pair can save ("at least").
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.edges import build_edges
from matcher.candidates.refusals import one_edge
from matcher.explain.again.resolve import Effort, options_together, solve_again
from matcher.explain.again.standing import Present, alone_together
from matcher.explain.effects import effect_between
from matcher.explain.findings import Effect, FoundBy, RuleRef
from matcher.explain.help.refusals import refusing_rules, rule_refs
from matcher.explain.search.exchange import Outcome, best_outcome
from matcher.explain.search.moves import Start, exchanges_for
from matcher.explain.search.trial import Trial
from matcher.explain.search.variants import keep_options, wanting, with_companions
from matcher.outcome import SolveStatus
from matcher.pairing.certificate import level_bound
from matcher.pairing.flow.form import flow_form
from matcher.pairing.order import in_canonical_order
from matcher.pairing.problem import PairingProblem, with_level
from matcher.pairing.result import Pairing

IntArray = NDArray[np.int64]

_QUICK, _THOROUGH = (4, 3), (40, 12)
STAY = "stay"
WISHES = frozenset({"least"})
"""Rules that a move may break at a price: least loads are wanted on a level of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastLoss:
    """What no plan with the move can save: ``least`` points of the first level that gives way, ``most`` in the plan."""

    level: str
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePrice:
    """The price of giving ``mentee`` the mentor ``mentor`` instead of ``instead_of`` (None: one more, or the first).

    ``refused`` are the rules against it; ``effect`` is None where nothing was found. ``loss`` is None where it was not
    asked for or cannot be said. ``is_exact``: no plan with this pair is better.
    """

    mentor: str
    mentee: str
    instead_of: str | None
    refused: tuple[RuleRef, ...] = ()
    is_present: bool = False
    is_forbidden: bool = False
    is_locked: bool = False
    effect: Effect | None = None
    loss: LeastLoss | None = None
    is_exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A mentor a mentee could have: the rules against, whether he has a free place, how many of how many he has.

    ``is_present``: he has him already.
    """

    mentor: str
    is_present: bool
    refused: tuple[RuleRef, ...]
    is_forbidden: bool
    has_way: bool
    has_place: bool
    pairs: int
    most: int


class Moving:
    """Answers what moves cost in a round as it stands."""

    def __init__(self, present: Present) -> None:
        self.present, self.case = present, present.case
        self._start: dict[tuple[str, str | None], Start] = {}
        self._is_flow: bool | None = None

    def targets(self, mentee: str, instead_of: str | None) -> tuple[Target, ...]:
        """Return all mentors with what stands against each, by index; ``instead_of`` is the one the mentee leaves."""
        case, columns = self.case, self.case.candidates.columns
        index, state = case.mentee_of(mentee), case.state
        options = state.options_of(index)
        options = options[(case.problem.group[options] < 0) & self._can_stand(options, instead_of)]
        ways = np.bincount(case.problem.mentor[options], minlength=case.problem.num_mentors) > 0
        free = np.zeros(case.problem.num_mentors, dtype=bool)
        free[case.problem.mentor[options[~state.blocked_by_mentor(options)]]] = True
        allowed = np.zeros(case.problem.num_mentors, dtype=bool)
        allowed[case.problem.mentor[options[self.present.may[options]]]] = True
        mentors = np.arange(columns.num_mentors)
        masks = self._refusing(mentors, index)
        here = set(case.pairing.mentor[case.pairing.mentee == index].tolist())
        refs = {mask: rule_refs(columns, mask) for mask in set(masks.tolist())}
        return tuple(
            Target(
                mentor=case.mentor_id(m),
                is_present=m in here,
                refused=refs[mask] if not ways[m] else (),
                is_forbidden=bool(ways[m] and not allowed[m]),
                has_way=bool(ways[m]),
                has_place=bool(free[m]),
                pairs=int(state.pairs[m]),
                most=int(case.problem.max_individual[m]),
            )
            for m, mask in enumerate(masks.tolist())
        )

    def _can_stand(self, options: IntArray, instead_of: str | None) -> NDArray[np.bool_]:
        """Return which options of one mentee do without another mentor, or find one who stays."""
        p = self.case.problem
        if p.extra is None or not len(options):
            return np.ones(len(options), dtype=bool)
        mine = self.case.state.options_of(int(p.mentee[options[0]]))
        mine = mine[self.case.state.is_chosen[mine] & ~p.extra[mine]]
        left = None if instead_of is None else self.case.mentor_of(instead_of)
        return ~p.extra[options] | bool((p.mentor[mine] != left).any())

    def _refusing(self, mentors: IntArray, mentee: int) -> IntArray:
        columns = self.case.candidates.columns
        edges = build_edges(columns, self.case.candidates.sides, mentors, np.full_like(mentors, mentee))
        return refusing_rules(edges)

    def price(self, mentor: str, mentee: str, instead_of: str | None, *, thorough: bool = False) -> MovePrice:
        """Return what a move costs; ``thorough`` looks further and says what no plan can save.

        Raises
        ------
        InputError
            When one of the people is not in the register.
        """
        case = self.case
        edge = one_edge(case.candidates.columns, case.mentor_of(mentor), case.mentee_of(mentee))
        found = MovePrice(mentor=mentor, mentee=mentee, instead_of=instead_of)
        if self._is_present(mentor, mentee):
            return replace(found, is_present=True)
        wanted = alone_together(case, (mentor, mentee))
        wanted = wanted[self._can_stand(wanted, instead_of)]
        if not len(wanted):
            return replace(found, refused=rule_refs(case.candidates.columns, int(refusing_rules(edge)[0])))
        if not self.present.may[wanted].any():
            return replace(found, is_forbidden=True)
        leaving = self._leaving(instead_of, mentee)
        if case.problem.locked[leaving].any():
            return replace(found, is_locked=True)
        outcome, status = self._best(wanted[self.present.may[wanted]], leaving, (mentee, instead_of), thorough)
        if outcome is None:
            return found
        before = Outcome(pairing=case.pairing, values=case.values)
        by = FoundBy.SOLVE if status is SolveStatus.OPTIMAL else FoundBy.EXCHANGE
        effect = effect_between(case.candidates, before, outcome, found_by=by, status=status)
        found = replace(found, effect=effect, is_exact=status is SolveStatus.OPTIMAL)
        return self._with_least(found, outcome, wanted, leaving) if thorough and not found.is_exact else found

    def _is_present(self, mentor: str, mentee: str) -> bool:
        pairing = self.case.pairing
        theirs = pairing.mentor[pairing.mentee == self.case.mentee_of(mentee)]
        return self.case.mentor_of(mentor) in theirs.tolist()

    def _leaving(self, instead_of: str | None, mentee: str) -> IntArray:
        if instead_of is None:
            return np.zeros(0, dtype=np.int64)
        options = options_together(self.case, {(instead_of, mentee)})
        return options[self.case.state.is_chosen[options]]

    def _best(
        self, wanted: IntArray, leaving: IntArray, who: tuple[str, str | None], thorough: bool
    ) -> tuple[Outcome | None, SolveStatus]:
        if self.is_flow:
            found = self._solved(wanted, leaving)
            if found is not None:
                return found, SolveStatus.OPTIMAL
        # Seats in groups are left as they are: what is shown is done pair by pair.
        allowed = self.present.may & (self.case.problem.group < 0)
        if who not in self._start:
            self._start[who] = Start(self.case.problem, self.case.pairing, leaving)
        start = self._start[who]
        victims, chains = _THOROUGH if thorough else _QUICK
        exchanges = list(exchanges_for(start, allowed, int(wanted[0]), victims, chains))
        exchanges = [found for found in exchanges if allowed[found[0]].all()]
        looked_at = np.unique(np.array([option for added, _ in exchanges for option in added], dtype=np.int64))
        trial = Trial(self.case.problem, self.case.pairing, looked_at, wishes=WISHES)
        return best_outcome(trial.outcome(added, given_up) for added, given_up in exchanges), SolveStatus.FEASIBLE

    @property
    def is_flow(self) -> bool:
        """Say whether the round is a flow, so that prices are exact."""
        if self._is_flow is None:
            ordered, _ = in_canonical_order(self.case.problem)
            self._is_flow = flow_form(ordered) is not None
        return self._is_flow

    def _solved(self, wanted: IntArray, leaving: IntArray) -> Outcome | None:
        """Return the best plan of a flow with the move, as near to the present one as the best can be."""
        problem = self.case.problem
        kept = self._without(problem, leaving)
        smaller = keep_options(_staying(problem, self.case.pairing), kept)
        place = np.cumsum(kept) - 1
        forced = wanting(smaller, place[wanted[kept[wanted]]])
        solved = solve_again(self.case.candidates, forced, Effort(), option=np.flatnonzero(kept))
        if solved is None or not solved.result.levels[0].value or solved.status is not SolveStatus.OPTIMAL:
            return None
        return solved.outcome

    def _without(self, problem: PairingProblem, leaving: IntArray) -> NDArray[np.bool_]:
        kept = self.present.may.copy()
        kept[self.case.pairing.option] = True
        kept[self._of_same_couple(leaving)] = False
        return with_companions(problem, kept)

    def _of_same_couple(self, leaving: IntArray) -> IntArray:
        p = self.case.problem
        if not len(leaving):
            return leaving
        mine = self.case.state.options_of(int(p.mentee[leaving[0]]))
        return mine[np.isin(p.mentor[mine], p.mentor[leaving])]

    def _with_least(self, found: MovePrice, outcome: Outcome, wanted: IntArray, leaving: IntArray) -> MovePrice:
        """Add what no plan with the pair can save on the first level that gives way."""
        case, prices = self.case, self.case.plan.certificate.prices
        lost = [k for k, (old, new) in enumerate(zip(case.values, outcome.values, strict=True)) if new < old]
        if not lost:
            return replace(found, is_exact=not any(np.subtract(outcome.values, case.values)))
        level = lost[0]
        if any(outcome.values[k] > case.values[k] for k in range(level)) or len(prices) != case.problem.num_levels:
            return found
        kept = self._without(case.problem, leaving)
        mentee = int(case.problem.mentee[wanted[0]])
        if case.problem.max_mentors[mentee] == 1:
            mine = case.state.options_of(mentee)
            kept[np.setdiff1d(mine, wanted)] = False
            kept = with_companions(case.problem, kept)
        try:
            most = level_bound(keep_options(case.problem, kept), prices[level], level, case.values)
        except ValueError:
            return found
        least = max(0, case.values[level] - most)
        given = case.values[level] - outcome.values[level]
        loss = LeastLoss(level=case.problem.level_names[level], least=min(least, given), most=given)
        return replace(found, loss=loss)


def _staying(problem: PairingProblem, pairing: Pairing) -> PairingProblem:
    """Return the problem with a last level that keeps as many of the present options as can be kept."""
    changed = with_level(problem, STAY, problem.num_levels)
    points = changed.points.copy()
    points[-1, pairing.option] = 1
    headline = problem.headline if problem.headline >= 0 else problem.num_levels + problem.headline
    return replace(changed, points=points, headline=headline)
