"""Who in the roster stands behind the teachers of a file; whoever is left over on either side is named."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matcher.generate.names import short_name
from matcher.io.headings import fold, near
from matcher.roster import Person, Roster

_INITIAL = re.compile(r"^[^\W\d_]\.?$")
_GLUED = re.compile(r"(?<=\.)(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Teacher → person, and those who stay alone.

    ``guessed`` are the teachers who were found by their surname only, or because namesakes have teachers already.
    ``missing`` gives each mentor and mentee without
    a teacher the names in the file that are like theirs, ``strangers`` each teacher without a person the people like
    them, ``unclear`` each teacher the several people the name may mean.
    """

    names: Mapping[str, str]
    guessed: frozenset[str]
    missing: Mapping[str, tuple[str, ...]]
    strangers: Mapping[str, tuple[str, ...]]
    unclear: Mapping[str, tuple[str, ...]]


def match_people(teachers: Sequence[str], roster: Roster, organisation: str) -> Matched:
    """Return who stands behind the teachers, looked up among the people of one organisation.

    A name counts when exactly one person answers to it: by the name in the timetable, the full name, surname and
    initials, and last, as a guess, by the surname alone.
    """
    people = [person for person in roster.people if person.organisation == organisation]
    names: dict[str, str] = {}
    unclear: dict[str, tuple[str, ...]] = {}
    guessed: set[str] = set()
    for is_last, keys in ((False, _timetable_keys), (False, _full_keys), (False, _initial_keys), (True, _surname_keys)):
        seated = set(names.values())
        answering: dict[str, list[str]] = defaultdict(list)
        for person in people:
            for key in keys(person):
                answering[key].append(person.id)
        wanted = {teacher: _teacher_key(teacher, keys) for teacher in teachers if teacher not in names}
        times = Counter(key for key in wanted.values() if key)
        for teacher, key in wanted.items():
            everybody = set(answering.get(key, ()))
            found = sorted(everybody - seated)
            if len(found) == 1 and times[key] == 1:
                names[teacher] = found[0]
                # Only a guess where others answer to the name as well who have a teacher already.
                guessed |= {teacher} if is_last or len(everybody) > 1 else set()
            elif found:
                unclear[teacher] = tuple(found)
    unclear = {teacher: ids for teacher, ids in unclear.items() if teacher not in names}
    alone = [teacher for teacher in teachers if teacher not in names]
    return Matched(
        names={teacher: names[teacher] for teacher in teachers if teacher in names},
        guessed=frozenset(guessed),
        missing=_missing(people, roster, set(names.values()), alone),
        strangers=_strangers([teacher for teacher in alone if teacher not in unclear], people, set(names.values())),
        unclear=unclear,
    )


def _timetable_keys(person: Person) -> list[str]:
    return [] if not person.timetable_name else [fold(person.timetable_name)]


def _full_keys(person: Person) -> list[str]:
    return [fold(person.name)] if person.name.strip() else []


def _initial_keys(person: Person) -> list[str]:
    """Return surname and initials, with both initials and with the first alone."""
    words = person.name.split()
    if len(words) < 2:
        return []
    letters = [fold(word)[:1] for word in words[1:]]
    return [f"{fold(words[0])} {''.join(letters[:num])}" for num in range(1, len(letters) + 1)]


def _surname_keys(person: Person) -> list[str]:
    return [fold(person.name.split()[0])] if person.name.split() else []


def _teacher_key(teacher: str, keys: object) -> str:
    if keys is _initial_keys:
        return _initials_of(teacher)
    if keys is _surname_keys:
        words = [word for word in _words(teacher) if not _INITIAL.match(word)]
        return fold(words[0]) if len(words) == 1 and len(_words(teacher)) == 1 else ""
    return fold(teacher)


def _words(name: str) -> list[str]:
    return _GLUED.sub(" ", name).split()


def _initials_of(name: str) -> str:
    """Return "surname ab" of "Surname A. B.", "A.B. Surname" and "Surname Anna B…"; "" where there is no surname.

    >>> _initials_of("А.И. Орлова"), _initials_of("Орлова Анна"), _initials_of("Орлова")
    ('орлова аи', 'орлова а', '')
    """
    words = _words(name)
    long = [word for word in words if not _INITIAL.match(word)]
    letters = [fold(word)[:1] for word in words if _INITIAL.match(word)]
    if letters and len(long) == 1:
        return f"{fold(long[0])} {''.join(letters)}"
    if not letters and len(long) in (2, 3):
        return f"{fold(long[0])} {''.join(fold(word)[:1] for word in long[1:])}"
    return ""


def _missing(
    people: Sequence[Person], roster: Roster, seated: set[str], alone: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the mentors and mentees of the organisation without a teacher, each with similar names of the file."""
    members = {mentor.person for mentor in roster.mentors} | {mentee.person for mentee in roster.mentees}
    by_mark = _by_mark(alone)
    return {
        person.id: _similar(_spellings(person), by_mark)
        for person in people
        if person.id in members and person.id not in seated
    }


def _strangers(teachers: Sequence[str], people: Sequence[Person], seated: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the teachers without a person, each with the codes of people of similar names."""
    code = {spelling: person.id for person in people if person.id not in seated for spelling in _spellings(person)}
    by_mark = _by_mark(code)
    return {teacher: tuple(dict.fromkeys(code[name] for name in _similar([teacher], by_mark))) for teacher in teachers}


def _spellings(person: Person) -> list[str]:
    name = person.name.strip()
    return [spelling for spelling in (person.timetable_name, name, short_name(name) if name else "") if spelling]


def _by_mark(names: Iterable[str]) -> dict[tuple[int, str], list[str]]:
    """Return names by pairs of letters near their beginning: comparing everybody with everybody is slow."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name in names:
        for mark in _marks(name):
            found[mark].append(name)
    return found


def _marks(name: str) -> list[tuple[int, str]]:
    folded = fold(name)
    return [(at, folded[at : at + 2]) for at in range(0, min(5, len(folded)), 2)]


def _similar(spellings: Iterable[str], by_mark: Mapping[tuple[int, str], Sequence[str]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for spelling in spellings:
        pool = sorted({name for mark in _marks(spelling) for name in by_mark.get(mark, ())})
        found.update(dict.fromkeys(near(spelling, pool)))
    return tuple(found)[:3]
