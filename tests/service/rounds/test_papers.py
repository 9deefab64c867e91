"""Which papers a pair waits for: of employees, of those who are none, of children (HR-23)."""

from __future__ import annotations

import pytest

from matcher.io.policy_toml import read_policy
from matcher.roster import PersonKind
from service.rounds.papers import AGREEMENT, DUTIES, PERSONAL_DATA, Side, missing_papers, wanted_papers

PARENT, HIMSELF = "legal_representative", "person"
TEACHER = Side(code="M", kind=PersonKind.STAFF, consents={DUTIES: HIMSELF, PERSONAL_DATA: HIMSELF})


@pytest.mark.parametrize(
    ("consents", "wanted"),
    [
        ({}, (AGREEMENT, PERSONAL_DATA)),
        ({AGREEMENT: HIMSELF, PERSONAL_DATA: HIMSELF}, (AGREEMENT, PERSONAL_DATA)),
        ({AGREEMENT: PARENT}, (PERSONAL_DATA,)),
        ({AGREEMENT: PARENT, PERSONAL_DATA: PARENT}, ()),
    ],
)
def test_a_parent_signs_for_a_pupil_in_dalnerechensk(consents: dict[str, str], wanted: tuple[str, ...]) -> None:
    """DAL 3.2.2: an agreement with the legal representative, and a consent to the use of data."""
    policy = read_policy("dalnerechensk")
    pupil = Side(code="P", kind=PersonKind.PUPIL, is_minor=True, consents=consents)
    assert wanted_papers(pupil, policy, is_mentor=False) == wanted
    assert bool(missing_papers(TEACHER, pupil, policy, "M – P")) is bool(wanted)


def test_an_employee_consents_and_others_sign_an_agreement() -> None:
    """Labour Code 351.8 speaks of employees; a retired mentor signs an agreement in its place (A-42)."""
    policy = read_policy("barnaul")
    data = {PERSONAL_DATA: HIMSELF}
    assert wanted_papers(Side(code="M", kind=PersonKind.STAFF, consents=data), policy, is_mentor=True) == (DUTIES,)
    agreed = Side(code="R", kind=PersonKind.RETIRED, consents=data | {AGREEMENT: HIMSELF})
    assert wanted_papers(agreed, policy, is_mentor=True) == ()
    said = Side(code="M", kind=PersonKind.STAFF, consents=data | {AGREEMENT: HIMSELF})
    assert wanted_papers(said, policy, is_mentor=True) == (DUTIES,)
