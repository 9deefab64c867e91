"""What explanations find: ids, numbers and sentences, nothing rendered.

Points under SO-04 and SO-05 and the rules HR-02 and HR-24 stand on what single people said of each other. Findings
carry them for the curator; whoever prints for others goes through :mod:`matcher.explain.audience`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from matcher.compare import Figure, LevelChange, Move
from matcher.outcome import Proof, SolveStatus
from matcher.roster import Contour, MentoringForm, MentoringKind, RoleModel, Topic
from matcher.texts import Text

NEWCOMER = "new mentor"
"""How the id of a mentor begins who is looked for and does not exist yet."""


class FoundBy(StrEnum):
    """How a changed plan was found: by a chain of exchanges round the present plan, or by solving all of it again."""

    EXCHANGE = "exchange"
    SOLVE = "solve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a concrete, valid, changed plan does against the present one.

    ``figures`` count people, requests and so on, only those that change; ``levels`` are the values of the levels that
    change, the first decides; ``moves`` are the mentees whose mentors change. ``status`` is `OPTIMAL` where no plan
    of the changed round is better (of one found by exchanges: better for people and requests), else `FEASIBLE`.
    """

    figures: tuple[Figure, ...]
    levels: tuple[LevelChange, ...]
    moves: tuple[Move, ...]
    found_by: FoundBy
    status: SolveStatus

    @property
    def is_gain(self) -> bool:
        """Return whether the first level that changes rises."""
        return bool(self.levels) and self.levels[0].after > self.levels[0].before

    @property
    def newly_served(self) -> tuple[str, ...]:
        """Return the mentees who get a mentor and had none."""
        return tuple(move.mentee for move in self.moves if not move.before)

    @property
    def no_longer_served(self) -> tuple[str, ...]:
        """Return the mentees who lose their only mentor."""
        return tuple(move.mentee for move in self.moves if not move.after)

    @property
    def moved(self) -> tuple[Move, ...]:
        """Return the moves of mentees who had a mentor before and have one after."""
        return tuple(move for move in self.moves if move.before and move.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextBest:
    """The best other partner of one side of a pair, as far as points go, and what it would take.

    ``effect`` is the best plan found that has this pair instead; None where none was looked for or found.
    """

    mentor: str
    mentee: str
    fit: int
    covers: tuple[str, ...]
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReasons:
    """Why a pair stands in the plan.

    ``points`` are weighted points by criterion and ``ideal`` what each could reach; ``fit`` is their share in per cent.
    ``covers`` names requests ("request:0") and gaps ("deficit:digital") of the mentee, ``open_needs`` those that stay
    open with all his mentors.
    """

    mentor: str
    mentee: str
    form: MentoringForm
    model: RoleModel | None
    kind: MentoringKind
    contour: Contour
    group: str | None
    locked: bool
    fit: int
    points: Mapping[str, int]
    ideal: Mapping[str, int]
    covers: tuple[str, ...]
    open_needs: tuple[str, ...]
    common_slots: int | None
    clauses: tuple[str, ...]
    warnings: tuple[Text, ...]
    next_for_mentee: NextBest | None = None
    next_for_mentor: NextBest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorPlaces:
    """What one mentor of a short set can take of its mentees."""

    mentor: str
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRoom:
    """What one quota of a short set still admits of its mentees; ``what`` says whose quota it is."""

    what: Text
    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortSet:
    """Mentees who can go only to these mentors (or only within these quotas), and how many can be served at most.

    ``left_out`` are those of them the plan leaves without a mentor. ``subjects`` are what all of them ask for.
    ``proof`` is `CERTIFICATE` where counting places proves it (an independent judge has counted too), `SOLVER` where a
    search over these people has, None where the statement holds for the present plan only.
    """

    mentees: tuple[str, ...]
    left_out: tuple[str, ...]
    mentors: tuple[MentorPlaces, ...]
    quotas: tuple[QuotaRoom, ...]
    subjects: tuple[str, ...]
    most_served: int
    proof: Proof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRef:
    """A hard rule that refuses a pair: its id, the sentence, the clause, whether the curator may lift it."""

    rule: str
    sentence: Text
    clause: str
    may_be_lifted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedGroup:
    """Mentors whom the same rules refuse to one mentee, the best first."""

    rules: tuple[RuleRef, ...]
    mentors: tuple[str, ...]


class CureKind(StrEnum):
    """What would help."""

    PLACE = "place"
    HOURS = "hours"
    GROUP = "group"
    KIND = "kind"
    CONTOUR = "contour"
    RULE = "rule"
    RECRUIT = "recruit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """One concession that would place a mentee, and what it does: a fact of a plan made with it.

    ``mentor`` is whose limit or rule gives way (None for a new mentor, whom ``subject``, ``topic`` and ``organisation``
    describe); ``minutes`` are those of four weeks he would have to give more.
    """

    kind: CureKind
    mentee: str
    mentor: str | None
    rules: tuple[RuleRef, ...] = ()
    contour: Contour | None = None
    minutes: int = 0
    subject: str | None = None
    topic: Topic | None = None
    organisation: str | None = None
    effect: Effect


class Cause(StrEnum):
    """What stands between a mentee and a mentor.

    No need that the regulation knows; no mentor who keeps the rules; some who do, but no way of working together; a set
    that is short; something that counts more would have to give way; only a group would do and none comes together; all
    places are taken.
    """

    NO_NEED = "no_need"
    NO_CANDIDATE = "no_candidate"
    NO_WAY = "no_way"
    SHORT = "short"
    HELD_BACK = "held_back"
    ONLY_GROUPS = "only_groups"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyReasons:
    """Why a mentee has no mentor.

    ``num_allowed`` counts the mentors no rule refuses, ``num_candidates`` those of them who could also take him on
    their own: by kind, hours and places of both. ``accepted_kinds`` are the kinds he named, if any. ``short_set`` is
    the set he belongs to, ``held_back`` the plan that would serve him and gives up something that counts more (or, in a
    plan not proved best, something less). ``refused`` are the mentors who cannot be his, the most fitting first.
    ``is_tried`` says whether cures were looked for; in large rounds those of the last tiers are left to be asked for.
    """

    mentee: str
    cause: Cause
    num_allowed: int
    num_candidates: int
    accepted_kinds: tuple[MentoringKind, ...]
    short_set: ShortSet | None
    held_back: Effect | None
    refused: tuple[RefusedGroup, ...]
    cures: tuple[Cure, ...]
    is_tried: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit:
    """What one more place with a mentor, or one new mentor, would bring.

    For a new mentor ``mentor`` is None and ``subject``, ``topic``, ``organisation`` and ``municipality`` say who is
    looked for; ``places`` is how many mentees he would take. ``is_exact`` says that, by the prices of the certificate,
    no plan with this change gains more on the first level that rises (None where this was not asked).
    """

    mentor: str | None
    places: int
    subject: str | None
    topic: Topic | None
    organisation: str | None
    municipality: str | None
    served: tuple[str, ...]
    effect: Effect
    is_exact: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The best plan found that has (or, with ``forbid``, has not) a pair.

    ``is_present`` says whether the present plan has it. ``refused`` are the rules that forbid the pair; ``effect`` is
    None where it is so already, or where no plan was found.
    """

    mentor: str
    mentee: str
    forbid: bool
    is_present: bool
    refused: tuple[RuleRef, ...] = ()
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockingPair:
    """Two people who are allowed to work together and would both rather do so than keep what they have.

    ``instead_mentor`` is the mentor the mentee would leave, ``instead_mentee`` whom the mentor would leave; None where
    a place is free.
    """

    mentor: str
    mentee: str
    instead_mentor: str | None
    instead_mentee: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another plan, different in at least so many pairs from the present one and from the alternatives before."""

    number: int
    num_new_pairs: int
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The best plan with at most so many new pairs against the plan before."""

    most_new_pairs: int
    num_new_pairs: int
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorLoad:
    """How much of a mentor's limits a plan uses; minutes are those of four weeks."""

    mentor: str
    organisation: str
    pairs: int
    max_pairs: int
    groups: int
    max_groups: int
    seats: int
    minutes: int
    max_minutes: int
    num_candidates: int
    is_overload_risk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationBalance:
    """Mentors and mentees of one organisation, and where its mentees found theirs."""

    organisation: str
    mentors: int
    mentees: int
    served: int
    served_inside: int
    guests: int
    pairs_given: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """Everything explained about a plan at once.

    ``unexplained`` are mentees without a mentor whom a very large round leaves to be asked for one by one.
    """

    pairs: tuple[PairReasons, ...]
    nobody: tuple[NobodyReasons, ...]
    unexplained: tuple[str, ...]
    short_sets: tuple[ShortSet, ...]
    recruits: tuple[Recruit, ...]
    loads: tuple[MentorLoad, ...]
    organisations: tuple[OrganisationBalance, ...]
    seconds: float
