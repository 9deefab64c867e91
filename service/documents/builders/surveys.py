"""Questionnaires to be filled in on paper (D-10): KAL 4.8, DAL 4.2, 5.3, 6.1."""

from __future__ import annotations

from dataclasses import dataclass

from service.documents.material import Material, Someone
from service.documents.words import listed, word
from service.organisations.details import House
from service.records.questionnaires import Form, read_forms


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A question; ``choices`` are words, ``type`` is "scale", "text" or "choice"."""

    number: int
    words: str
    type: str
    choices: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPaper:
    """A questionnaire for one person, or for anybody."""

    house: House
    title: str
    sides: str
    moments: str
    person: Someone | None
    questions: tuple[QuestionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """D-10: the questionnaires."""

    round: str
    papers: tuple[FormPaper, ...]


def build_forms(it: Material, person: str | None = None) -> Forms:
    """Return every questionnaire once, or those of one person with his name."""
    who = None if person is None else it.people[person]
    house = it.house if who is None else it.houses[who.area_id]
    sides = {"mentor": any(pair.mentor_id == person for pair in it.all_pairs)}
    sides["mentee"] = any(pair.mentee_id == person for pair in it.all_pairs)
    return Forms(
        round=it.round_.name,
        papers=tuple(
            _paper(form, house, who)
            for form in read_forms().values()
            if who is None or any(sides[side] for side in form.sides)
        ),
    )


def _paper(form: Form, house: House, who: Someone | None) -> FormPaper:
    return FormPaper(
        house=house,
        title=form.title,
        sides=listed(word("side", side) for side in form.sides),
        moments=listed(word("moment", one) for one in form.moments),
        person=who,
        questions=tuple(
            QuestionRow(
                number=number,
                words=one.words,
                type=one.type,
                choices="   ".join(f"☐ {word('answer', choice)}" for choice in one.choices),
            )
            for number, one in enumerate(form.questions, start=1)
        ),
    )
