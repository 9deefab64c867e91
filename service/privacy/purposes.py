"""What people consent to and what each use of their data needs, read from ``purposes.toml``."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from matcher.texts import Lang, Text, say, text

TITLES: dict[str, Text] = {
    "duties": text("consent to the duties of mentoring"),
    "personal_data": text("consent to the processing of personal data"),
    "agreement": text("agreement of the legal representative"),
    "dissemination": text("consent to publication"),
    "health": text("consent to the use of health data"),
}

WORDINGS: dict[str, Text] = {
    "duties": text(
        "I consent to take part in the mentoring programme of {organisation} in the role and for the time of the "
        "order. I know that I may give this up early with a notice of three working days."
    ),
    "personal_data": text(
        "I consent that {organisation} processes my surname, name, patronymic, year of birth, place of work or study, "
        "position, subjects, experience and timetable to form mentoring pairs and to plan their meetings, until the "
        "programme ends. I may withdraw this at any time; the data are then destroyed within thirty days."
    ),
    "agreement": text(
        "As the legal representative I agree that the pupil takes part in the mentoring programme of {organisation} "
        "with the goals and for the time of its plan."
    ),
    "dissemination": text(
        "I consent that {organisation} publishes my surname, name, patronymic, position and the results of the "
        "programme on its site. I may withdraw this at any time; publication then ends within three working days."
    ),
    "health": text(
        "I consent that {organisation} takes limited possibilities of health into account when it chooses a mentor. "
        "Only the curator and the mentor of the pair see this."
    ),
}

TITLES_OF_ADULTS: dict[str, Text] = {"agreement": text("agreement of somebody who is no employee")}
WORDINGS_OF_ADULTS: dict[str, Text] = {
    "agreement": text(
        "I agree with {organisation} to take part in its mentoring programme without being its employee, with the "
        "goals and for the time of its plan. I know that I may give this up early."
    ),
}
"""What adults sign where it is not what the representatives of children sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One thing people consent to; see ``purposes.toml``."""

    id: str
    document: str
    roster: str | None = None
    electronic: bool = True
    asked_of: tuple[str, ...] = ()
    in_place_of: str | None = None
    task: str
    erases: bool = False

    def is_asked(self, *, is_minor: bool, is_employee: bool) -> bool:
        """Say whether somebody is asked to consent to this."""
        who = {"minors"} if is_minor else set()
        who |= set() if is_employee else {"non_employees"}
        return not self.asked_of or not who.isdisjoint(self.asked_of)

    def title(self, lang: Lang, *, is_minor: bool = True) -> str:
        """Return what the paper is called."""
        return say(self.paper(is_minor=is_minor), lang)

    def paper(self, *, is_minor: bool = True) -> Text:
        """Return what the paper is called, as a sentence part."""
        return TITLES[self.id] if is_minor else TITLES_OF_ADULTS.get(self.id, TITLES[self.id])

    def wording(self, organisation: str, lang: Lang, *, is_minor: bool = True) -> str:
        """Return the sentences one signs when no paper is used."""
        words = WORDINGS[self.id] if is_minor else WORDINGS_OF_ADULTS.get(self.id, WORDINGS[self.id])
        return say(replace(words, params={"organisation": organisation}), lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One thing that is done with data, and the purposes that have to be in force for it."""

    id: str
    needs: tuple[str, ...]
    lawful_without: bool = False


@cache
def purposes() -> dict[str, Purpose]:
    """Return all purposes by their ids."""
    return {
        id_: Purpose(id=id_, **{**said, "asked_of": tuple(said.get("asked_of", ()))})
        for id_, said in _table()["purpose"].items()
    }


@cache
def uses() -> dict[str, Use]:
    """Return all uses by their ids."""
    return {
        id_: Use(id=id_, needs=tuple(said["needs"]), lawful_without=said.get("lawful_without", False))
        for id_, said in _table()["use"].items()
    }


@cache
def task_days() -> int:
    """Return the working days the law gives to stop what a withdrawal forbids."""
    days: int = _table()["task"]["working_days"]
    return days


def digest(wording: str) -> str:
    """Return the word under which it is kept what exactly somebody has signed."""
    return hashlib.sha256(wording.encode()).hexdigest()


@cache
def _table() -> dict[str, Any]:
    content = resources.files("service.privacy").joinpath("purposes.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)
