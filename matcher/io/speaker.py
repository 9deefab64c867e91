"""Ids and words of a round as people say them: names, organisations, subjects, shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcher.explain.findings import NEWCOMER
from matcher.explain.level_titles import level_title
from matcher.io.choices import (
    BLOCKS,
    CATEGORIES,
    CONTOURS,
    FORMS,
    KINDS,
    MODELS,
    POSITIONS,
    SUBJECTS,
    TOPICS,
    WEEKDAYS,
)
from matcher.plan import Plan
from matcher.roster import Mentee, Mentor, Organisation, Person, Roster
from matcher.texts import Lang, Text, say, text, text_n

_CHOICES = {
    "form": FORMS,
    "kind": KINDS,
    "model": MODELS,
    "topic": TOPICS,
    "block": BLOCKS,
    "category": CATEGORIES,
    "contour": CONTOURS,
    "subject": SUBJECTS,
    "weekday": WEEKDAYS,
    "position": POSITIONS,
}


def lowered(words: str) -> str:
    """Return words without the capital of a sentence; names inside and abbreviations keep theirs.

    >>> lowered("Основы безопасности и защиты Родины"), lowered("ИЗО")
    ('основы безопасности и защиты Родины', 'ИЗО')
    """
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


class Speaker:
    """Says what concerns one plan in one language. People are called by name, by id where they have none."""

    def __init__(self, plan: Plan, lang: Lang) -> None:
        self.plan = plan
        self.lang = lang
        roster: Roster = plan.roster
        self.people: dict[str, Person] = {person.id: person for person in roster.people}
        self.mentors: dict[str, Mentor] = {mentor.person: mentor for mentor in roster.mentors}
        self.mentees: dict[str, Mentee] = {mentee.person: mentee for mentee in roster.mentees}
        self.organisations: dict[str, Organisation] = {found.id: found for found in roster.organisations}
        self._classes = {found.id: found for found in roster.classes}
        self._labels = {
            kind: {choice.id: choice.label(lang) for choice in choices} for kind, choices in _CHOICES.items()
        }

    def say(self, message: Text | str) -> str:
        """Return a sentence in the language of this speaker."""
        return say(message, self.lang)

    def word(self, kind: str, value: str | None) -> str:
        """Return the label of an enumerated value ("topic", "digital"), the value itself where it has none."""
        return "" if value is None else self._labels[kind].get(str(value), str(value))

    def subject(self, value: str | None) -> str:
        """Return a subject as it stands inside a sentence; in English its capital stays."""
        word = self.word("subject", value)
        return lowered(word) if self.lang == "ru" else word

    def person(self, id_: str) -> str:
        """Return the name of a person or class, the id where there is none."""
        if id_ in self._classes:
            return self.say(text("class {name}", name=id_))
        person = self.people.get(id_)
        if person is None and id_.startswith(NEWCOMER):
            return self.say(text("a new mentor"))
        return person.name if person is not None and person.name else id_

    def persons(self, ids: Iterable[str], *, most: int | None = None) -> str:
        """Return several names with commas; beyond ``most`` the rest is counted."""
        listed = list(ids)
        shown = listed if most is None or len(listed) <= most + 1 else listed[:most]
        names = ", ".join(self.person(id_) for id_ in shown)
        if len(shown) == len(listed):
            return names
        return f"{names} {self.say(text_n('and {count} more', 'and {count} more', count=len(listed) - len(shown)))}"

    def organisation(self, id_: str) -> str:
        """Return the name of an organisation, the id where there is none."""
        found = self.organisations.get(id_)
        return found.name if found is not None and found.name else id_

    def organisation_of(self, person: str) -> str:
        """Return the name of the organisation of a person or class."""
        return self.organisation(self.organisation_id_of(person))

    def organisation_id_of(self, person: str) -> str:
        """Return the id of the organisation of a person or class."""
        if person in self._classes:
            return self._classes[person].organisation
        return self.people[person].organisation if person in self.people else ""

    def need(self, mentee: str, name: str) -> str:
        """Return what a cover ("request:2", "deficit:digital") stands for."""
        what, _, which = name.partition(":")
        if what == "deficit":
            which = which.partition(":")[0]
            return self.say(text("gap: {block} competences", block=self.word("block", which)))
        request = self.mentees[mentee].requests[int(which)]
        topic = self.word("topic", request.topic)
        return f"{topic} ({self.subject(request.subject)})" if request.subject else topic

    def needs(self, mentee: str, names: Iterable[str]) -> str:
        """Return several needs with semicolons, the gaps together at the end."""
        listed = list(names)
        gaps = [name for name in listed if name.startswith("deficit:")]
        if len(gaps) < 2:
            return "; ".join(self.need(mentee, name) for name in listed)
        parts = [self.need(mentee, name) for name in listed if name not in gaps]
        blocks = ", ".join(self.word("block", name.split(":")[1]) for name in gaps)
        return "; ".join([*parts, self.say(text("gaps: {blocks} competences", blocks=blocks))])

    def hours(self, minutes_in_four_weeks: int) -> str:
        """Return minutes of four weeks as hours a week, with a decimal comma in Russian."""
        number = f"{minutes_in_four_weeks / 240:.2f}".rstrip("0").rstrip(".")
        return number.replace(".", ",") if self.lang == "ru" else number

    def level(self, name: str) -> str:
        """Return the title of a level; for a turn also who has it."""
        title = self.say(level_title(name))
        turn = name.split(":")[1] if ":" in name else ""
        tiers = self.plan.policy.tiers
        if not turn.isdecimal() or not 0 < int(turn) <= len(tiers):
            return title
        who = [self.say(text("all others")) if c == "*" else self.word("category", c) for c in tiers[int(turn) - 1]]
        return f"{title} ({', '.join(who)})"

    def listed(self, sentences: Sequence[Text | str], separator: str = "; ") -> str:
        """Return several sentences one after the other."""
        return separator.join(self.say(sentence) for sentence in sentences)
