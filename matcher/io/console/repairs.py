"""What a repair offers, on the console."""

from __future__ import annotations

from matcher.compare_sessions import compare_schedules
from matcher.io.console.paper import Paper
from matcher.io.sentences.sessions import SessionWords
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.repair.repair import Repair, RepairWay
from matcher.texts import Lang, text, text_n

_MOST_LINES = 12
WAYS = {
    RepairWay.LEAVE_OUT: text("leave the lost meetings out"),
    RepairWay.REPLACE: text("other times for the lost meetings, all else stays"),
    RepairWay.MOVE_OWN: text("other meetings of the same pairs may move too"),
}


def print_repair(repair: Repair, plan: Plan, lang: Lang, *, full_list: str = "") -> None:
    """Print what was lost and the options side by side, then the dates of the recommended one.

    Of many dates the first are printed; ``full_list`` names the file that has all of them.
    """
    paper, words = Paper(lang), SessionWords(Speaker(plan, lang))
    if repair.lost:
        paper.title(text_n("{count} meeting cannot stay", "{count} meetings cannot stay", count=len(repair.lost)))
    if not repair.options:
        return
    ended = repair.options[0].ended
    if ended:
        paper.line(
            text_n(
                "{count} of them is called off, since its pair or group ends before it",
                "{count} of them are called off, since their pairs or groups end before them",
                count=len(ended),
            )
        )
    paper.table(
        (text("option"), text("what it does"), text("placed anew"), text("moved"), text("left out"), text("people")),
        (
            (
                str(number),
                WAYS[o.way],
                str(len(o.replaced)),
                str(len(o.moved)),
                str(len(o.left_out)),
                str(len(o.people)),
            )
            for number, o in enumerate(repair.options, start=1)
        ),
        justify=("right", "left", "right", "right", "right", "right"),
        styles=("bold", ""),
    )
    paper.title(text("Option 1, the recommended one"))
    lines = change_lines(plan, repair.options[0].plan, words)
    for line in lines[:_MOST_LINES]:
        paper.line(line)
    rest = len(lines) - _MOST_LINES
    if rest > 0:
        more = text_n("and {count} change more", "and {count} changes more", count=rest)
        paper.line(text("{more}; all of them: {file}", more=more, file=full_list) if full_list else more)


def print_session_changes(before: Plan, after: Plan, lang: Lang) -> None:
    """Print which meetings changed from one plan to another; nothing where neither has meetings."""
    if before.schedule is None and after.schedule is None:
        return
    paper, words = Paper(lang), SessionWords(Speaker(after, lang))
    found = compare_schedules(before, after)
    paper.title(text("What changed in the meetings"))
    told = {"kept": found.kept, "moved": len(found.moved), "off": len(found.called_off), "added": len(found.added)}
    people = len(found.people)
    paper.line(
        text(
            "kept: {kept}, moved: {moved}, called off: {off}, new: {added}; people concerned: {people}",
            people=people,
            **told,
        )
    )
    for line in change_lines(before, after, words):
        paper.line(line)


def change_lines(before: Plan, after: Plan, words: SessionWords) -> list[str]:
    """Return the change list for an order: who, from when, to when."""
    found, say = compare_schedules(before, after), words.speaker.say
    who = {
        activity.id: words.who(activity)
        for plan in (before, after)
        if plan.schedule is not None
        for activity in plan.schedule.activities
    }
    same = say(text("the same time"))
    lines = [
        f"• {who[old.activity]}: {(was := words.when(old))} → {same if was == (now := words.when(new)) else now}, "
        f"{words.where(new)}"
        for old, new in found.moved
    ]
    lines += [f"• {who[old.activity]}: {words.when(old)} → {say(text('called off'))}" for old in found.called_off]
    lines += [f"• {who[new.activity]}: {say(text('new'))} {words.when(new)}, {words.where(new)}" for new in found.added]
    return lines
