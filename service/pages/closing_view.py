"""What the closing of a round shows: what each pair still lacks, what goes into the next round, what is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.policy import Policy
from matcher.policy_words import PublicationWhat
from matcher.texts import Text, text
from service.records.policies import policy_of
from service.records.words import Incentive
from service.rounds.carrying import OpenMentee, open_mentees
from service.rounds.case import pair_cases
from service.rounds.decided import decisions_of
from service.rounds.desk import RUNNERS, roles_over
from service.rounds.life import LIVE, pair_is_missing
from service.rounds.people import open_people, people_by_id
from service.tables.access import Role
from service.tables.columns import now
from service.tables.records import Record
from service.tables.rounds import Meeting, MeetingPerson, Pair, Round
from service.work import Work

WORKED = (*LIVE, "closed", "terminated")
INCENTIVES: Mapping[Incentive, Text] = {
    Incentive.EXTRA_PAY: text("extra pay"),
    Incentive.BONUS: text("bonus"),
    Incentive.DIPLOMA: text("diploma or letter of thanks"),
    Incentive.CERTIFICATE: text("certificate"),
    Incentive.STATE_AWARD: text("proposal for an award"),
    Incentive.PERSONNEL_RESERVE: text("reserve of managers"),
    Incentive.ATTESTATION: text("counts at attestation"),
    Incentive.CONTEST_JURY: text("jury of contests"),
    Incentive.FORUM: text("speech at a forum"),
    Incentive.PUBLICATION: text("publication of the experience"),
    Incentive.STATUS: text("title of a mentor"),
    Incentive.OTHER: text("something else"),
}
INCENTIVE_STATES: Mapping[str, Text] = {
    "proposed": text("proposed, the head decides"),
    "approved": text("approved by the head"),
    "declined": text("declined"),
    "given": text("given"),
}


@dataclass(slots=True, kw_only=True)
class PairLine:
    """A pair that has worked, with what is on record for its end."""

    id: str
    mentor: str
    mentee: str
    mentor_id: str
    mentee_id: str
    state: str
    held: int = 0
    missed: int = 0
    full_cycle: bool = False
    has_report: bool = False
    programme: str | None = None
    published: bool = False
    faults: Sequence[Fault] = ()


@dataclass(slots=True, kw_only=True)
class Closing:
    """Everything the page shows."""

    round_: Round
    policy: Policy
    pairs: Sequence[PairLine]
    asks_report: bool
    asks_site: bool
    asks_analysis: bool
    analysis: str | None
    incentives: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    left: Sequence[OpenMentee] = ()
    next_round: Round | None = None
    faults: Sequence[tuple[PairLine, Fault]] = ()
    waits_for_aftercare: Sequence[str] = ()
    may_run: bool = False
    may_judge: bool = False

    @property
    def is_over(self) -> bool:
        """Say whether the round is closed."""
        return self.round_.state == "closed"


def closing_of(work: Work, round_: Round) -> Closing:
    """Return how the closing of a round stands."""
    policy, session = policy_of(round_), work.session
    lines = _lines(work, round_, policy)
    records = _records(work, round_, lines)
    roles = roles_over(session, work.viewer, round_.area_id)
    standing = [line for line in lines if line.state in LIVE]
    analysis = next((one.state for one in records["analytical_report"]), None)
    return Closing(
        round_=round_,
        policy=policy,
        pairs=lines,
        asks_report="D-12" in policy.documents,
        asks_site=policy.publication.what is not PublicationWhat.NONE,
        asks_analysis="D-13" in policy.documents,
        analysis=analysis,
        incentives=_incentives(records["incentive"]),
        left=open_mentees(work, round_),
        next_round=_next_round(work, round_),
        faults=[(line, fault) for line in standing for fault in line.faults],
        waits_for_aftercare=[line.id for line in standing if policy.programme.aftercare and line.state != "aftercare"],
        may_run=bool(roles & RUNNERS),
        may_judge=Role.HEAD in roles,
    )


def _lines(work: Work, round_: Round, policy: Policy) -> list[PairLine]:
    session, today = work.session, now().date()
    asked = select(Pair).where(Pair.round_id == round_.id, col(Pair.state).in_(WORKED))
    pairs = list(session.exec(asked))
    people = people_by_id(session, (id_ for pair in pairs for id_ in (pair.mentor_id, pair.mentee_id)))
    said = open_people(session, work.core.vault, people.values())
    cases = pair_cases(session, work.core.vault, round_, pairs, today=today)
    met = _met(work, round_, pairs, today)
    lines = []
    for pair, case in zip(pairs, cases, strict=True):
        lines.append(
            PairLine(
                id=pair.id,
                mentor=said[pair.mentor_id].name or people[pair.mentor_id].code,
                mentee=said[pair.mentee_id].name or people[pair.mentee_id].code,
                mentor_id=pair.mentor_id,
                mentee_id=pair.mentee_id,
                state=pair.state,
                held=met[pair.id, "held"],
                missed=met[pair.id, "missed"],
                full_cycle=pair.full_cycle,
                has_report=case.final_report_signed,
                faults=pair_is_missing(case, policy, "closed") if pair.state in LIVE else (),
            )
        )
    return sorted(lines, key=lambda line: (line.mentee.casefold(), line.mentor.casefold()))


def _met(work: Work, round_: Round, pairs: Sequence[Pair], today: date) -> Counter[tuple[str, str]]:
    """Return how many meetings of each pair were held and missed."""
    rows = work.session.exec(
        select(col(Meeting.id), col(Meeting.state), col(MeetingPerson.person_id))
        .join(MeetingPerson, col(MeetingPerson.meeting_id) == Meeting.id)
        .where(Meeting.round_id == round_.id, col(Meeting.state).in_(("held", "missed")))
    ).all()
    present: dict[str, set[str]] = defaultdict(set)
    states = {meeting: state for meeting, state, _ in rows}
    for meeting, _, person in rows:
        present[meeting].add(person)
    found: Counter[tuple[str, str]] = Counter()
    for meeting, who in present.items():
        for pair in pairs:
            if {pair.mentor_id, pair.mentee_id} <= who:
                found[pair.id, states[meeting]] += 1
    return found


def _records(work: Work, round_: Round, lines: Sequence[PairLine]) -> Mapping[str, list[Record]]:
    """Return the newest records of the closing, and write those of pairs into their lines."""
    of_round = (col(Record.round_id) == round_.id) & col(Record.replaced_at).is_(None)
    kinds = ("programme", "publication", "analytical_report", "incentive")
    found: dict[str, list[Record]] = defaultdict(list)
    for record in work.session.exec(select(Record).where(of_round, col(Record.kind).in_(kinds))):
        found[record.kind].append(record)
    by_pair = {line.id: line for line in lines}
    for record in found["programme"]:
        if record.pair_id in by_pair:
            by_pair[record.pair_id].programme = record.state
    for record in found["publication"]:
        if record.pair_id in by_pair and record.state == "published":
            by_pair[record.pair_id].published = True
    return found


def _incentives(records: Sequence[Record]) -> Mapping[str, Sequence[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in records:
        if one.person_id is not None:
            found[one.person_id].append((str(one.figures.get("type")), one.state))
    return found


def _next_round(work: Work, round_: Round) -> Round | None:
    ids = [one.details["next_round"] for one in decisions_of(work.session, round_.id) if "next_round" in one.details]
    found = work.session.exec(select(Round).where(col(Round.id).in_(ids)).order_by(col(Round.created_at).desc()))
    return found.first()
