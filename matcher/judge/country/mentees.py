"""What a mentee of a country asks of mentors, and what each mentor is worth to him."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.judge.categories import categories_of
from matcher.judge.country.mentors import PLACES, BoolArray, FloatArray, IntArray, MentorTable
from matcher.judge.facts import Facts
from matcher.policy_parts import FormRule
from matcher.policy_words import KindStanding, Severity
from matcher.roster import (
    Contour,
    Deficit,
    Mentee,
    MenteeCategory,
    MentoringForm,
    MentoringKind,
    OrganisationType,
    PersonKind,
    Request,
)

_UNUSUAL = (MentoringKind.GROUP, MentoringKind.REVERSE)
_FEDERAL = PLACES.index(Contour.FEDERAL)
NOBODY = -(2**62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One need as it is asked: what, how much it counts (SO-02), whether it is one of HR-04."""

    need: Request | Deficit
    counts: int
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """What mentors are worth to those who ask alike: ``row`` (num,) of those who may, and what each criterion gives.

    ``covered`` is SO-02, ``lost`` what SO-03 and SO-10 and the kind take away, by rule. ``num_fit`` have a form and a
    kind, ``num_cover`` of them cover a main need.
    """

    row: IntArray
    covered: IntArray
    subject: IntArray
    spares: IntArray
    kind: IntArray
    num_fit: int


@dataclass(slots=True, kw_only=True, eq=False)
class MenteeView:
    """Looks at mentors from the side of mentees, one kind of asking at a time."""

    facts: Facts
    table: MentorTable
    scarcity: Mapping[object, float]
    scarcest: FloatArray
    _covers: dict[object, tuple[BoolArray, BoolArray]] = field(default_factory=dict)
    _ways: dict[object, tuple[BoolArray, IntArray]] = field(default_factory=dict)
    _subjects: dict[frozenset[str], IntArray] = field(default_factory=dict)
    _years: dict[float, IntArray] = field(default_factory=dict)
    _last: tuple[object, Worth] | None = None

    @classmethod
    def of(cls, facts: Facts, table: MentorTable) -> MenteeView:
        """Return the view, after counting who wants and who offers what (SO-10)."""
        wanted: dict[object, list[Request | Deficit]] = {}
        for mentee in facts.mentees.values():
            for wish in wishes_of(facts, mentee):
                wanted.setdefault(need_key(facts, wish.need), []).append(wish.need)
        view = cls(facts=facts, table=table, scarcity={}, scarcest=np.zeros(len(table.ids)))
        scarcity = {}
        for key, needs in wanted.items():
            covers = view.covers(needs[0])[0]
            scarcity[key] = len(needs) / max(1, len(needs) + int(covers.sum()))
            view.scarcest = np.where(covers, np.maximum(view.scarcest, scarcity[key]), view.scarcest)
        view.scarcity = scarcity
        return view

    def covers(self, need: Request | Deficit) -> tuple[BoolArray, BoolArray]:
        """Return who covers a need, and who does so at the level HR-04 asks for."""
        key = need_key(self.facts, need)
        if key not in self._covers:
            policy = self.facts.policy
            least, floor = policy.thresholds.min_level, policy.rule("HR-04").number("min_mentor_level")
            if isinstance(need, Request):
                found = self.table.covers_request(need, least), self.table.covers_request(need, max(least, floor))
            else:
                found = self.table.covers_gap(need, 0), self.table.covers_gap(need, floor)
            self._covers[key] = found
        return self._covers[key]

    def worth(self, mentee: Mentee, ask: object) -> Worth:
        """Return what mentors are worth to a mentee who asks for ``ask`` (:func:`ask_of`)."""
        if self._last is None or self._last[0] != ask:
            self._last = ask, self._worth(mentee)
        return self._last[1]

    def _worth(self, mentee: Mentee) -> Worth:
        fits, kind = self._way(mentee)
        wishes = wishes_of(self.facts, mentee)
        may = np.zeros(len(fits), dtype=bool)
        for wish in wishes:
            if wish.is_main:
                may |= self.covers(wish.need)[1]
        row = np.flatnonzero(may & fits)
        covered = np.zeros(len(row), dtype=np.int64)
        used = np.zeros(len(row))
        for wish in wishes:
            has = self.covers(wish.need)[0][row]
            covered += wish.counts * has
            np.maximum(used, has * self.scarcity[need_key(self.facts, wish.need)], out=used)
        spares = np.rint(100 * (1 - np.maximum(0, self.scarcest[row] - used))).astype(np.int64)
        return Worth(
            row=row, covered=covered, subject=self._subject(mentee)[row], spares=spares, kind=kind[row],
            num_fit=int(fits.sum()),
        )  # fmt: skip

    def _subject(self, mentee: Mentee) -> IntArray:
        """Return SO-03 with every mentor."""
        theirs = subjects_of(self.facts, mentee)
        if theirs not in self._subjects:
            self._subjects[theirs] = self._subject_points(theirs)
        return self._subjects[theirs]

    def _subject_points(self, theirs: frozenset[str]) -> IntArray:
        policy = self.facts.policy
        points = np.full(len(self.table.ids), 0 if theirs else 50, dtype=np.int64)
        for subject in self.table.all_subjects():
            teaches = self.table.teaches(subject)
            if subject in theirs:
                points[teaches] = 100
            elif any(policy.is_related(subject, mine) for mine in theirs):
                points[teaches] = np.maximum(points[teaches], 50)
        return points

    def _way(self, mentee: Mentee) -> tuple[BoolArray, IntArray]:
        """Return who may by HR-02 and HR-03, and the place of the kind among the preferred ones."""
        forms, kinds = forms_of(self.facts, mentee), frozenset(mentee.kinds)
        if (forms, kinds) not in self._ways:
            fits = np.zeros(len(self.table.ids), dtype=bool)
            for form in forms:
                fits |= self.table.forms[form]
            known: dict[frozenset[str], int] = {}
            for theirs in set(self.table.kinds):
                known[theirs] = self._kind_place(kinds, theirs)
            kind = np.array([known[theirs] for theirs in self.table.kinds], dtype=np.int64)
            self._ways[forms, kinds] = fits & (kind >= 0) & self.table.usable, kind
        return self._ways[forms, kinds]

    def _kind_place(self, mine: frozenset[str], theirs: frozenset[str]) -> int:
        policy = self.facts.policy
        for kind in (*policy.kind_prefer, *policy.kinds, *policy.tolerated_kinds, *MentoringKind):
            refused = policy.kind_standing(kind) is KindStanding.REFUSED or kind not in policy.patterns
            if kind in _UNUSUAL or refused or (mine and kind not in mine) or (theirs and kind not in theirs):
                continue
            order = policy.kind_prefer
            return order.index(kind) if kind in order else len(order)
        return -1

    def suits(self, years: float | None, bonus: int = 0) -> IntArray:
        """Return SO-08 with every mentor; ``bonus`` for a graduate of his school."""
        key = np.nan if years is None else float(years)
        if bonus or key not in self._years:
            low, high = self.facts.policy.thresholds.experience_gap_years
            ahead = self.table.years - key
            gap = np.where(ahead < low, low - ahead, np.where(ahead > high, ahead - high, 0))
            base = np.where(np.isnan(ahead), 30, np.maximum(0, 60 - 6 * gap))
            points = np.rint(np.minimum(100, base + self.table.advance + bonus)).astype(np.int64)
            if bonus:
                return points
            self._years[key] = points
        return self._years[key]

    def nearness(self, mentee: Mentee, row: IntArray) -> IntArray:
        """Return SO-06 with the mentors of ``row``, −1 where they are too far."""
        home = self.facts.organisation(self.facts.people[mentee.person].organisation)
        found: IntArray = self.table.nearness[_FEDERAL][row]
        names = (home.region, home.municipality, home.id)
        in_region = Contour.OTHER_MUNICIPALITY if home.municipality else Contour.REGION
        for depth, place in ((1, in_region), (2, Contour.MUNICIPALITY), (3, Contour.ORGANISATION)):
            first, end = self.table.span.get(names[:depth], (0, 0))
            begin, stop = np.searchsorted(row, (first, end))
            found[begin:stop] = self.table.nearness[PLACES.index(place)][row[begin:stop]]
        nowhere = self.table.span.get((home.region, ""), (0, 0)) if home.municipality else (0, 0)
        begin, stop = np.searchsorted(row, nowhere)
        found[begin:stop] = self.table.nearness[PLACES.index(Contour.REGION)][row[begin:stop]]
        return found


def wishes_of(facts: Facts, mentee: Mentee) -> list[Wish]:
    """Return the needs of a mentee: requests the regulation names, then gaps (7.5, HR-04)."""
    requests = [wanted for wanted in mentee.requests if facts.policy.is_topic_named(wanted.topic)]
    gaps = [deficit for deficit in mentee.deficits if deficit.gap > 0]
    urgent = min((wanted.priority for wanted in requests), default=0)
    by_requests = urgent == 1 or not gaps
    return [
        Wish(need=r, counts=max(1, 4 - r.priority), is_main=by_requests and r.priority == urgent) for r in requests
    ] + [Wish(need=d, counts=min(3, d.gap), is_main=not by_requests) for d in gaps]


def need_key(facts: Facts, need: Request | Deficit) -> object:
    """Return what makes two needs the same."""
    if isinstance(need, Request):
        return need.topic, facts.policy.subjects.main(need.subject) if need.subject else ""
    return need.competence, need.target


def subjects_of(facts: Facts, mentee: Mentee) -> frozenset[str]:
    """Return the subjects of a mentee: his own and those of his requests."""
    asked = [wanted.subject for wanted in mentee.requests if wanted.subject]
    return frozenset(facts.policy.subjects.main(s) for s in (*facts.people[mentee.person].subjects, *asked))


def forms_of(facts: Facts, mentee: Mentee) -> tuple[MentoringForm, ...]:
    """Return the forms whose mentee side fits, where the regulation covers his organisation (7.1)."""
    person, policy = facts.people[mentee.person], facts.policy
    home = facts.organisation(person.organisation)
    if policy.organisation_types and home.type not in policy.organisation_types:
        return ()
    is_staff = person.person_kind is PersonKind.STAFF
    studies = person.person_kind is PersonKind.STUDENT or person.student_status is not None
    holds = {
        MentoringForm.TEACHER_TEACHER: is_staff,
        MentoringForm.HEAD_TEACHER: is_staff,
        MentoringForm.EMPLOYER_STUDENT: studies and policy.participants.students,
        MentoringForm.UNIVERSITY_YOUNG_TEACHER: is_staff and MenteeCategory.NOVICE in categories_of(facts, mentee),
    }
    return tuple(form for form, rule in policy.forms.items() if holds[form] and not _is_barred(rule, home.type))


def _is_barred(rule: FormRule, type_: OrganisationType) -> bool:
    """Return whether a form is not for organisations of this type."""
    return bool(rule.organisation_types) and rule.elsewhere is Severity.HARD and type_ not in rule.organisation_types


def ask_of(facts: Facts, mentee: Mentee) -> tuple[object, ...]:
    """Return all of a mentee that decides what mentors of another region are worth to him, but for his experience."""
    wishes = tuple((need_key(facts, w.need), w.counts, w.is_main) for w in wishes_of(facts, mentee))
    return wishes, subjects_of(facts, mentee), forms_of(facts, mentee), frozenset(mentee.kinds)
