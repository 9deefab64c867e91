"""The steps of a round as people take them on its pages, one function a step; every page on the way is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from matcher.generate.roster import generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.write_roster import write_roster
from matcher.io.write_timetables import write_timetables
from matcher.roster import Roster
from tests.browser.conftest import PASSWORD, Open, Seat
from tests.browser.story_files import FAULTS, READERS, bare, change_cells, mend_marked

Pairs = frozenset[tuple[str, str]]
"""Pairs as the board names them: mentee and mentor, both by their full names."""
SECONDS = 1_000
"""Milliseconds; what is waited for is said in seconds."""


def people_of(policy: str, *, mentees: int, mentors: int, organisations: int, seed: int) -> Roster:
    """Return made-up people of a regulation; nobody of them has signed anything or stands in a pair yet."""
    found = generate_roster(
        num_mentees=mentees,
        num_mentors=mentors,
        num_organisations=organisations,
        num_municipalities=1,
        seed=seed,
        policy_id=policy,
    )
    return replace(found, locks=(), consents=())


@dataclass
class Story:
    """A round on its way through the pages: whose window it is, what its pictures are called, where files go."""

    here: Seat
    policy: str
    roster: Roster
    folder: Path
    number: int = 0
    round: str = ""
    kept: Pairs = frozenset()

    def see(self, name: str) -> None:
        """Check the page that is shown, and keep its picture under the next number."""
        self.number += 1
        self.here.check(f"story-{self.policy}-{self.number:02}-{name}")

    # The list of people -------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Sign in and take the first step, which leads to the lists of people."""
        self.here.page.set_default_timeout(20 * SECONDS)
        self.here.sign_in()
        self.see("first-steps")
        self.here.page.click(".big-steps a.button")
        self.here.page.wait_for_url("**/rosters")

    def workbook(self, name: str = "people.xlsx") -> Path:
        """Write the people as a workbook in the language of the page."""
        path = self.folder / name
        write_roster(self.roster, path, lang="ru" if self.here.lang == "ru" else "en")
        return path

    def give_spoiled(self) -> Path:
        """Give a workbook with three faults; take the copy they are marked in, mend it and return it."""
        good, bad, page = self.workbook("good.xlsx"), self.workbook("bad.xlsx"), self.here.page
        change_cells(bad, FAULTS)
        self._choose(bad)
        page.wait_for_selector("table.cells")
        assert page.locator("table.cells td.wrong").count() == len(FAULTS)
        self.see("faults")
        marked = self.folder / "marked.xlsx"
        with page.expect_download() as sent:
            page.click("button[data-plain]")
        sent.value.save_as(marked)
        assert mend_marked(marked, good) == len(FAULTS), "each fault is told in its cell"
        return marked

    def _choose(self, path: Path) -> None:
        self.here.page.set_input_files("#files", path)
        self.here.page.click("#upload > p button")

    def give(self, path: Path) -> None:
        """Give a workbook without faults: it is kept and shown."""
        page = self.here.page
        self._choose(path)
        page.wait_for_url("**/rosters/*new=1")
        assert page.locator("tbody tr").count() == len(self.roster.people)
        self.see("list")

    # The round and its pairs --------------------------------------------------------------------------------------

    def open_round(self, *, timetables: Sequence[Path] = (), meetings: bool = False) -> None:
        """Choose the regulation and look for pairs, with the schedule of their meetings where it is asked for."""
        page = self.here.page
        page.click("main a.button")
        page.wait_for_url("**/new-round*")
        page.check(f"#policy-{self.policy}")
        if meetings:
            page.check("input[name=what][value=plan]")
        if timetables:
            page.locator("details:has(#files) summary").click()
            page.set_input_files("#files", timetables)
        self.see("new-round")
        page.click("main form button.big")
        page.wait_for_url("**/runs/*")
        page.wait_for_selector("ul.figures", timeout=60 * SECONDS)
        self.see("found")
        page.click("a.button.big")
        page.wait_for_url("**/rounds/*")
        self.round = page.url.rpartition("/")[2]

    def weeks(self) -> list[Path]:
        """Write timetables of the organisations: maps, each with its table of busy hours."""
        maps = write_timetables(self.roster, generate_busy(self.roster, seed=1), self.folder)
        return [file for path in maps for file in (path, path.with_suffix(".csv")) if file.is_file()]

    def to(self, part: str = "") -> None:
        """Open a page of the round."""
        self.here.go(f"/rounds/{self.round}{part}")

    def pairs(self) -> Pairs:
        """Return the pairs that stand on the board."""
        self.to()
        rows = self.here.page.locator("tr[id^=pair-]").evaluate_all(
            """rows => rows.map(row => [0, 1].map(at => [...row.cells[at].childNodes]
                .filter(one => one.nodeType === Node.TEXT_NODE).map(one => one.textContent.trim()).join("")))"""
        )
        return frozenset((mentee, mentor) for mentee, mentor in rows)

    def drag(self) -> None:
        """Drag a mentee onto a mentor that lights up, see the price, do it."""
        page, before = self.here.page, self.pairs()
        self.see("board")
        for grip in page.locator("[data-move]").all():
            grip.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 400)")
            place = grip.bounding_box()
            assert place is not None
            page.mouse.move(place["x"] + 5, place["y"] + 8)
            page.mouse.down()
            page.wait_for_selector("#mentor-chips li.can, #mentor-chips li.cannot")
            target = page.locator("#mentor-chips li.can")
            if target.count():
                break
            page.keyboard.press("Escape")
            page.mouse.up()
        drop = target.first.bounding_box()
        assert drop is not None
        page.mouse.move(drop["x"] + 20, drop["y"] + 10, steps=3)
        page.mouse.up()
        self._take(before)

    def move_by_keyboard(self) -> None:
        """Move a mentee to another mentor with the keyboard alone, seeing the price before it is done."""
        page, before = self.here.page, self.pairs()
        self.see("board")
        for link in page.locator("tr[id] [data-open-move]").all():
            link.focus()
            page.keyboard.press("Enter")
            page.wait_for_selector("#mentor")
            if page.locator("#mentor option:not([disabled])").count():
                break
            page.keyboard.press("Escape")
            page.wait_for_selector("#move-dialog:not([open])", state="attached")
            page.evaluate("document.getElementById('move-body').textContent = ''")
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Home")
        self._take(before, keyboard=True)

    def _take(self, before: Pairs, *, keyboard: bool = False) -> None:
        """Read the price of the move that is asked for, and make the move."""
        page = self.here.page
        page.wait_for_selector("#price-now:not([hx-get]) form button", timeout=20 * SECONDS)
        assert page.locator("#price-now .cost li").count() > 0, "the price is told before anything is done"
        self.see("price")
        if keyboard:
            page.focus("#price-now form button")
            page.keyboard.press("Enter")
        else:
            page.click("#price-now form button")
        page.wait_for_url("**#pair-*")
        after = self.pairs()
        assert after != before
        self.kept = after & before
        assert self.here.page.locator("tr.locked").count() == 1
        self.see("moved")

    # Up to the order ----------------------------------------------------------------------------------------------

    def prepare(self) -> list[str]:
        """Record everything the regulation asks for beforehand, one after another; return what it was."""
        self.to("/preparation")
        page, done = self.here.page, list[str]()
        self.see("preparation")
        while gate := page.locator("section.now form[action*='/gates/']"):
            if not gate.count():
                break
            done.append(str(gate.get_attribute("action")).rpartition("/")[2])
            for field in gate.locator("input[required]:not([type=date]), textarea[required]").all():
                if not field.input_value():
                    field.fill("12-о" if field.get_attribute("name") == "number" else "Орлова О. Ю. — председатель")
            for box in gate.locator("input[name=part]").all():
                box.check()
            with page.expect_navigation():
                gate.locator("button").last.click()
            assert page.locator(f"#gate-{done[-1]} details:not(.mistake)").count() == 0, (
                "what is recorded is asked for no more"
            )
        return done

    def agree(self, *, number: str | None = None) -> None:
        """Record the agreement: with the minutes of the council where the regulation wants a council."""
        page = self.here.page
        self.see("agreement")
        assert (number is not None) == bool(page.locator("section.now #number").count())
        if number is not None:
            page.fill("#number", number)
            page.fill("#names", "Орлова О. Ю., Белова И. П.")
        page.click("section.now form[action$='/agreement'] button.big")
        page.wait_for_selector("section.now form[action$='/papers']")

    def columns(self) -> set[str]:
        """Return what is asked of people before the order, as the ticks of the page name it."""
        words = self.here.page.locator("section.now input[name=paper]").evaluate_all("all => all.map(one => one.value)")
        kinds = {word.split(":")[2] if word.startswith("consent") else word.split(":")[0] for word in words}
        return kinds | ({"questionnaire"} if self.here.page.locator("a[href*=questionnaire]").count() else set())

    def answer_questionnaires(self) -> int:
        """Enter the questionnaire of everybody who filled one in on paper; return how many there were."""
        page, count = self.here.page, 0
        while (link := page.locator("section.now a[href*=questionnaire]").first).count():
            link.click()
            page.wait_for_url("**/questionnaire/**")
            if not count:
                self.see("questionnaire")
            for group in page.locator("fieldset").all():
                group.locator("input[type=radio]").last.check()
            for field in page.locator("textarea[required]").all():
                field.fill("Хочу работать вместе.")
            page.click("main form button:not(.tip)")
            page.wait_for_url("**/preparation")
            count += 1
        return count

    def collect(self) -> None:
        """Record one paper by its tick, then that everything is signed, and go on."""
        page = self.here.page
        self.see("papers")
        page.locator("section.now input[name=paper]").first.check()
        page.locator("section.now form[action$='/papers'] button:not(.second)").click()
        page.wait_for_selector("section.now .badge.good")
        if page.locator("section.now button[name=all]").count():
            page.click("section.now button[name=all]")
        page.wait_for_selector("section.now .said.good")
        self.see("signed")
        page.click("section.now form[action$='/steps'] button.big")
        page.wait_for_selector("#now >> visible=true")
        page.wait_for_selector("section.now form[action$='/order'], section.now a[href*='role=head']")

    def record_order(self, desk: Seat, *, number: str | None) -> None:
        """Record the order and its term at somebody's desk, and let the pairs begin."""
        page = desk.page
        if number is not None:
            page.fill("#order_no", number)
        page.click("section.now form[action$='/order'] button.big")
        page.wait_for_selector("section.now form input[value=running]", state="attached")

    def let_begin(self) -> None:
        """Let the pairs begin to work."""
        page = self.here.page
        self.to("/preparation")
        self.see("ordered")
        page.click("section.now form[action$='/steps'] button.big")
        page.wait_for_selector("section.now a[href='/year']")
        self.see("working")

    def judge(self, desk: Seat) -> None:
        """Record what the psychologist says of each pair at his desk: the first he recommends, he is against none."""
        page = desk.page
        page.locator("section.now input[value=recommended]").first.check()
        page.click("section.now form[action$='/opinions'] button.big")
        page.wait_for_selector("section.now form[action$='/opinions']", state="detached")
        self.to("/preparation")

    def invite(self, seat: Open, role: str, name: str, size: str = "wide") -> Seat:
        """Invite somebody at the link the page offers; return the window in which he has come in."""
        page = self.here.page
        page.click(f"section.now a[href*='role={role}']")
        page.fill("#name", name)
        page.fill("#login", f"{role}-{self.here.site.login}")
        assert page.input_value("#role") == role
        page.click("#new button")
        link = page.inner_text("#link").strip()
        self.see(f"invited-{role}")
        other = seat(size, self.here.lang)
        other.go("/invitation/" + link.rpartition("/")[2])
        other.page.fill("input[type=password]", PASSWORD)
        other.page.click("main button")
        other.page.wait_for_url("**/rounds")
        other.go(f"/rounds/{self.round}/preparation")
        self.number += 1
        other.check(f"story-{self.policy}-{self.number:02}-{role}")
        return other

    # Papers and meetings ------------------------------------------------------------------------------------------

    def print_order(self, pairs: Pairs, *words: str) -> None:
        """Take the order home as DOCX and PDF: both name everybody of the pairs, and these words."""
        page = self.here.page
        self.to("/documents")
        self.see("documents")
        paper = page.locator("li.paper", has_text="D-04")
        wanted = [*words, *(name for pair in pairs for name in pair)]
        for kind, read in READERS.items():
            with page.expect_download() as sent:
                paper.locator(f"button[value={kind}]").click()
            path = self.folder / f"order.{kind}"
            sent.value.save_as(path)
            said = bare(read(path))
            assert [one for one in wanted if bare(one) not in said] == [], f"missing in {kind}: {said}"

    def schedule(self) -> None:
        """Look at the meetings by week, by month, and of one person, whose calendar is downloaded."""
        page = self.here.page
        self.to("/schedule")
        if page.locator("form[action$='/schedule/plan']").count():
            self.see("no-meetings")
            page.click("form[action$='/schedule/plan'] button")
            page.wait_for_url("**/runs/*")
            page.wait_for_selector("ul.figures", timeout=60 * SECONDS)
            self.see("meetings-found")
            self.to("/schedule")
        if page.locator("table.schools").count():
            self.see("schools")
            page.click("table.schools tbody a >> nth=0")
        nearest = page.locator(".said a[href*='day=']")
        if nearest.count():
            nearest.first.click()
        page.wait_for_selector(".meets li")
        self.see("week")
        page.locator(".toggle a").last.click()
        page.wait_for_selector("table.month li")
        self.see("month")
        offered = set(page.locator("#person option").all_inner_texts())
        page.select_option("#person", label=min(mentee for mentee, _ in self.kept if mentee in offered))
        page.click("form.choose button")
        page.wait_for_selector("a[href*='/schedule/calendar?person=']")
        page.click("a[href*='/schedule/calendar?person=']")
        self.see("calendar")
        with page.expect_download() as sent:
            page.click("a[href*='calendar.ics']")
        path = self.folder / "meetings.ics"
        sent.value.save_as(path)
        assert path.read_text("utf-8").count("BEGIN:VEVENT") > 0, "the meetings are in the calendar"
