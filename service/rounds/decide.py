"""The decisions of people on pairs: fixing, forbidding, answers, the council's agreement, exceptions, opinions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.policy_words import PairApproval
from matcher.texts import Text, text
from service.errors import Problem, not_found, refused, wrong_input
from service.rounds.asked import DecisionIn
from service.rounds.case import pair_cases
from service.rounds.decided import Decided, read_decided
from service.rounds.desk import RUNNERS, Changes, Desk, pairs_in_sight, roles_over, standing_pairs
from service.rounds.life import LIVE, OPEN, pair_is_missing
from service.rounds.people import people_by_id
from service.rounds.rosters import ids_of, open_nameless
from service.rounds.rules import Rules
from service.tables.access import Role
from service.tables.rounds import Decision, Pair, RosterFile

BEFORE_PROPOSED = ("draft", "preparatory", "matching")
LIFTABLE = frozenset({"HR-02", *(f"HR-{number:02}" for number in range(4, 17)), "HR-24"})
"""Rules the curator may lift for a pair with a reason; orders, consents and vetoes are not among them."""


def forbidden(detail: Text | None = None) -> Problem:
    """Return the problem of somebody whose role does not allow this decision; ``detail`` says whose it is."""
    return Problem(403, "forbidden", text("You may not do this."), detail=detail)


def refuse(place: str, message: Text, cure: Text | None = None) -> NoReturn:
    """Refuse a decision for one reason."""
    raise refused([Fault(place, message, cure)])


def needed(asked: DecisionIn, *names: str) -> None:
    """Check that a decision says what its kind needs; every missing word is a fault."""
    missing = [name for name in names if getattr(asked, name) is None]
    if missing:
        raise wrong_input([Fault(f"body.{name}", text("this has to be given")) for name in missing])


class Subject:
    """Whom a decision concerns: two people (ids), the standing pair of them where there is one."""

    def __init__(self, desk: Desk, asked: DecisionIn) -> None:
        self.pair: Pair | None = None
        if asked.pair is not None:
            self.pair = _pair_in_sight(desk, Pair.id == asked.pair)
            self.mentor_id, self.mentee_id = self.pair.mentor_id, self.pair.mentee_id
            return
        needed(asked, "mentor", "mentee")
        self.mentor_id, self.mentee_id = _ids_of_both(desk, asked.mentor or "", asked.mentee or "")
        rows = people_by_id(desk.session, (self.mentor_id, self.mentee_id))
        if any(person.erased_at is not None for person in rows.values()):
            raise not_found()
        both = (col(Pair.mentor_id) == self.mentor_id) & (col(Pair.mentee_id) == self.mentee_id)
        asked_for = select(Pair).where(both, Pair.round_id == desk.round_.id, col(Pair.state).in_((*OPEN, *LIVE)))
        self.pair = desk.session.exec(asked_for.where(pairs_in_sight(desk.viewer))).first()
        if self.pair is None and not desk.roles:
            raise not_found()

    @property
    def two(self) -> tuple[str, str]:
        """Return the ids of both."""
        return self.mentor_id, self.mentee_id

    @property
    def ids(self) -> dict[str, Any]:
        """Return what the row of the decision names."""
        pair_id = None if self.pair is None else self.pair.id
        return {"mentor_id": self.mentor_id, "mentee_id": self.mentee_id, "pair_id": pair_id}

    def standing(self, *states: str) -> Pair:
        """Return the pair; refuse where there is none in one of these states."""
        if self.pair is None:
            raise not_found()
        if self.pair.state not in states:
            refuse("pair", text("the pair is not in a state in which this can be decided"))
        return self.pair


def _ids_of_both(desk: Desk, mentor: str, mentee: str) -> tuple[str, str]:
    """Return the ids of two people of the roster, who are named by them or by their codes."""
    row = desk.session.get_one(RosterFile, desk.round_.roster_id)
    classes, roster = open_nameless(desk.vault, row)
    known = {person.id for person in roster.people} | set(classes.values())
    if mentor in known and mentee in known:
        return mentor, mentee
    ids = ids_of(desk.session, desk.vault, row)
    found = [word if word in known else ids.get(word) for word in (mentor, mentee)]
    if found[0] is None or found[1] is None:
        raise not_found()
    return found[0], found[1]


def _pair_in_sight(desk: Desk, condition: Any) -> Pair:
    asked = select(Pair).where(condition, Pair.round_id == desk.round_.id, pairs_in_sight(desk.viewer))
    found = desk.session.exec(asked).first()
    if found is None:
        raise not_found()
    return found


def _lock(desk: Desk, asked: DecisionIn) -> Decision:
    only(desk, RUNNERS)
    subject, decided, changes = Subject(desk, asked), _decided(desk), Changes()
    if subject.two in decided.locked or (subject.pair is not None and subject.pair.locked):
        refuse("pair", text("the pair is fixed already"))
    if subject.two in decided.forbidden:
        refuse("pair", text("the pair is forbidden"), text("allow it first"))
    if subject.pair is None:
        faults = list(Rules(desk).against(*subject.two))
        if faults:
            raise refused(faults)
    else:
        changes.set(subject.pair, locked=True)
    return desk.write("lock", **subject.ids, words=reason_of(asked), changes=changes)


def _unlock(desk: Desk, asked: DecisionIn) -> Decision:
    only(desk, RUNNERS)
    subject, decided, changes = Subject(desk, asked), _decided(desk), Changes()
    is_fixed = subject.two in decided.locked or (subject.pair is not None and subject.pair.locked)
    if not is_fixed:
        refuse("pair", text("the pair is not fixed"))
    if subject.pair is not None and subject.pair.locked:
        changes.set(subject.pair, locked=False)
    return desk.write("unlock", **subject.ids, words=reason_of(asked), changes=changes)


def _forbid(desk: Desk, asked: DecisionIn) -> Decision:
    only(desk, RUNNERS | {Role.COUNCIL_MEMBER})
    subject, decided, changes = Subject(desk, asked), _decided(desk), Changes()
    if subject.two in decided.forbidden:
        refuse("pair", text("the pair is forbidden already"))
    if subject.two in decided.locked or (subject.pair is not None and subject.pair.locked):
        refuse("pair", text("the pair is fixed"), text("release it first"))
    if subject.pair is not None:
        if subject.pair.state in LIVE:
            refuse("pair", text("the pair is working"), text("end it with a reason instead"))
        changes.set(subject.pair, state="dropped")
    return desk.write("forbid", **subject.ids, words=reason_of(asked), changes=changes)


def _allow(desk: Desk, asked: DecisionIn) -> Decision:
    only(desk, RUNNERS | {Role.COUNCIL_MEMBER})
    subject, decided = Subject(desk, asked), _decided(desk)
    if subject.two not in decided.forbidden and not _forbidden_in_roster(desk, subject):
        refuse("pair", text("nobody has forbidden the pair"))
    return desk.write("allow", **subject.ids, words=reason_of(asked))


def _forbidden_in_roster(desk: Desk, subject: Subject) -> bool:
    rules = Rules(desk)
    found = rules.facts.locks.get((rules.code_of[subject.mentor_id], rules.code_of[subject.mentee_id]), ())
    return any(lock.status == "forbidden" for lock in found)


def side_of(desk: Desk, asked: DecisionIn, pair: Pair) -> str:
    """Return whose answer is given: that of the viewer himself, or of a side whose paper the curator has."""
    own = [name for name in ("mentor", "mentee") if getattr(pair, f"{name}_id") in desk.viewer.person_ids]
    if own and not asked.paper:
        if asked.side is not None and asked.side not in own:
            raise forbidden()
        return asked.side or own[0]
    if not asked.paper:
        raise forbidden()
    needed(asked, "side")
    assert asked.side is not None
    area_id = pair.mentor_area_id if asked.side == "mentor" else pair.mentee_area_id
    if not (desk.roles | roles_over(desk.session, desk.viewer, area_id)) & RUNNERS:
        raise forbidden()
    return asked.side


def _accept(desk: Desk, asked: DecisionIn) -> Decision:
    subject = Subject(desk, asked)
    pair = subject.standing(*OPEN)
    side = side_of(desk, asked, pair)
    if (pair.id, side) in _decided(desk).accepted:
        refuse("side", text("this side has agreed already"))
    return desk.write("accept", **subject.ids, details={"side": side, "paper": asked.paper})


def _decline(desk: Desk, asked: DecisionIn) -> Decision:
    subject = Subject(desk, asked)
    pair = subject.standing(*OPEN)
    side, changes = side_of(desk, asked, pair), Changes()
    changes.set(pair, state="declined", locked=False)
    details = {"side": side, "paper": asked.paper}
    return desk.write("decline", **subject.ids, details=details, words=reason_of(asked), changes=changes)


def _agree(desk: Desk, asked: DecisionIn) -> Decision:
    """Agree to a pair, or to every pair proposed where none is named (A-02)."""
    _may_agree(desk, asked)
    if desk.round_.state in BEFORE_PROPOSED:
        refuse("round", text("the round has proposed nothing yet"))
    whole = asked.pair is None and asked.mentor is None and asked.mentee is None
    subject = None if whole else Subject(desk, asked)
    pairs = (
        standing_pairs(desk.session, desk.round_.id, ("proposed",))
        if subject is None
        else [subject.standing("proposed")]
    )
    if not pairs:
        refuse("pairs", text("there is no pair to agree to"))
    cases = pair_cases(desk.session, desk.vault, desk.round_, pairs, today=desk.today)
    faults = [fault for case in cases for fault in pair_is_missing(case, desk.policy, "agreed")]
    if faults:
        raise refused(faults)
    changes = Changes()
    for pair in pairs:
        changes.set(pair, state="agreed")
    ids = {} if subject is None else subject.ids
    details: dict[str, Any] = {"pairs": len(pairs), "paper": asked.paper}
    if asked.minutes is not None:
        details["minutes"] = asked.minutes
    if asked.minutes_day is not None:
        details["minutes_day"] = asked.minutes_day.isoformat()
    return desk.write("agree", **ids, details=details, words=reason_of(asked), changes=changes)


def _may_agree(desk: Desk, asked: DecisionIn) -> None:
    if Role.COUNCIL_MEMBER in desk.roles:
        return
    only(desk, RUNNERS)
    if PairApproval.COUNCIL in desk.policy.approvals.pair and not (asked.paper and asked.reason):
        clause = desk.policy.approvals.clause
        message = text("the council agrees to pairs (clause {clause})", clause=clause)
        refuse("body", message, text("record its minutes: paper, and their number and day as the reason"))


def _override(desk: Desk, asked: DecisionIn) -> Decision:
    only(desk, RUNNERS)
    needed(asked, "rule", "reason")
    assert asked.rule is not None
    subject = Subject(desk, asked)
    if asked.rule not in LIFTABLE:
        refuse("rule", text("nobody can lift this rule: {rule}", rule=asked.rule))
    if asked.rule in _decided(desk).rules_lifted(*subject.two):
        refuse("rule", text("the rule is lifted already"))
    return desk.write("override", **subject.ids, details={"rule": asked.rule}, words=reason_of(asked))


def _psychologist(desk: Desk, asked: DecisionIn) -> Decision:
    """Take the psychologist's word: from himself, or from a paper he has signed and the curator has."""
    subject = Subject(desk, asked)
    on_paper = {}
    if Role.PSYCHOLOGIST not in _roles_near(desk, subject) and not (desk.is_runner and desk.is_trial):
        if not (desk.is_runner and asked.paper):
            raise forbidden()
        on_paper = _opinion_on_paper(desk, asked, subject)
    if asked.score is None and asked.recommendation is None:
        needed(asked, "recommendation")
    word = asked.recommendation or ("neutral" if asked.score is not None else None)
    words = {"recommendation": word, "score": asked.score} | on_paper | reason_of(asked)
    return desk.write("psychologist", **subject.ids, words=words)


def _opinion_on_paper(desk: Desk, asked: DecisionIn, subject: Subject) -> dict[str, Any]:
    """Return whose opinion a curator enters and of which day; sealed with it, as it names somebody."""
    if PairApproval.PSYCHOLOGIST not in desk.policy.approvals.pair:
        refuse("body", text("this regulation does not ask the psychologist for his word on pairs"))
    needed(asked, "opinion_by", "opinion_day")
    assert asked.opinion_day is not None
    if asked.opinion_day > desk.today:
        raise wrong_input([Fault("body.opinion_day", text("this day has not come yet"))])
    said = _decided(desk).opinions.get(subject.two)
    if said and not said.get("paper"):
        message = text("the psychologist has given his word on this pair himself")
        refuse("pair", message, text("ask him to change it, or undo it first"))
    return {"paper": True, "by": asked.opinion_by, "day": asked.opinion_day.isoformat()}


def _roles_near(desk: Desk, subject: Subject) -> frozenset[Role]:
    """Return the roles over the round and over the schools of the pair."""
    if subject.pair is None:
        return desk.roles
    near = (subject.pair.mentor_area_id, subject.pair.mentee_area_id)
    return desk.roles.union(*(roles_over(desk.session, desk.viewer, area_id) for area_id in near))


def _comment(desk: Desk, asked: DecisionIn) -> Decision:
    needed(asked, "reason")
    if asked.pair is None and asked.mentor is None and asked.mentee is None:
        if not desk.roles:
            raise not_found()
        return desk.write("comment", words=reason_of(asked))
    return desk.write("comment", **Subject(desk, asked).ids, words=reason_of(asked))


def only(desk: Desk, roles: frozenset[Role]) -> None:
    """Refuse a decision of somebody who holds none of these roles over the round."""
    if not desk.roles & roles:
        raise forbidden()


def _decided(desk: Desk) -> Decided:
    return read_decided(desk.session, desk.vault, desk.round_.id)


def reason_of(asked: DecisionIn) -> dict[str, Any]:
    """Return the words of a decision that are sealed."""
    return {} if asked.reason is None else {"reason": asked.reason}


KINDS: Mapping[str, Callable[[Desk, DecisionIn], Decision]] = {
    "lock": _lock,
    "unlock": _unlock,
    "forbid": _forbid,
    "allow": _allow,
    "accept": _accept,
    "decline": _decline,
    "agree": _agree,
    "override": _override,
    "psychologist": _psychologist,
    "comment": _comment,
}
"""The kinds of this module; those that end or change a working pair stand in :mod:`service.rounds.ending`."""
