"""Days and hours: every session on a day that everybody's year allows (HR-16, HR-17, HR-18)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from matcher.judge.schedule.diary import Diary, Meeting
from matcher.outcome import Violation
from matcher.roster import Person, PersonKind
from matcher.school_year import DayKind, ExamWindow
from matcher.texts import Text, text

_CLOSED = {
    DayKind.WEEKEND: text("a day off"),
    DayKind.HOLIDAY: text("a public holiday"),
    DayKind.VACATION: text("a vacation"),
    DayKind.OUTSIDE: text("outside the school year"),
}


def on_open_days(diary: Diary, meeting: Meeting) -> Iterator[Violation]:
    """HR-17: no session on days off, holidays, exam days and days of absence; in vacations only where allowed."""
    day = meeting.session.day
    for id_ in meeting.activity.people:
        kind = diary.year_of(id_).kind_of(day)
        if kind in _CLOSED and not (kind is DayKind.VACATION and meeting.activity.vacations):
            yield _wrong("HR-17", meeting, id_, text("{moment} is {kind}", moment=meeting.moment, kind=_CLOSED[kind]))
        for absence in diary.absences.get(id_, ()):
            if absence.start_day <= day <= absence.end_day:
                yield _wrong("HR-17", meeting, id_, text("{moment}: the person is away", moment=meeting.moment))
        for exam in diary.year_of(id_).exams:
            if id_ in diary.people and _takes(exam, diary.people[id_], day):
                message = text(
                    "{moment}: the person is taken by the exam “{name}”", moment=meeting.moment, name=exam.name
                )
                yield _wrong("HR-17", meeting, id_, message)


def within_hours(diary: Diary, meeting: Meeting) -> Iterator[Violation]:
    """HR-17, HR-18: sessions lie in the hours of everybody's day; those with pupils end before the day limit."""
    start, end = meeting.when
    for id_ in meeting.activity.people:
        year, ahead = diary.year_of(id_), diary.ahead_of(id_)
        if start - ahead < year.day_start_minute or end - ahead > year.day_end_minute:
            message = text("{moment} lies outside the hours of the day", moment=meeting.moment)
            yield _wrong("HR-17", meeting, id_, message)
        if id_ in diary.people and diary.people[id_].person_kind is PersonKind.PUPIL and diary.policy.rule("HR-18").on:
            hours, minutes = diary.policy.thresholds.pupil_day_limit.split(":")
            if end - ahead > int(hours) * 60 + int(minutes):
                message = text("{moment}: later than pupils may stay", moment=meeting.moment)
                yield _wrong("HR-18", meeting, id_, message)


def _takes(exam: ExamWindow, person: Person, day: date) -> bool:
    if not exam.first_day <= day <= exam.last_day:
        return False
    if exam.is_for_all or person.id in exam.people:
        return True
    if person.person_kind is PersonKind.PUPIL:
        return person.grade in exam.grades
    return bool(set(person.subjects) & set(exam.subjects))


def _wrong(rule: str, meeting: Meeting, person: str, message: Text) -> Violation:
    return Violation(rule, (meeting.session.id, person), message)
