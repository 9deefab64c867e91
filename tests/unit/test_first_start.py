"""The trial of the first start: what it reads out of the README and out of the forms of a page."""

from __future__ import annotations

import pytest

from benchmarks.service.first_start import PROJECT, Form, command_of_readme, forms_of

PAGE = """
<form method="get" action="/search"><input name="q"></form>
<form method="post" action="/set-up/abc">
<input type="radio" name="scope" value="organisation" checked><input type="radio" name="scope" value="municipality">
<input name="login"><select name="policy"><option value="a">A</option><option value="b" selected>B</option></select>
</form>
<form method="post" action="/made-up-round"><select name="policy"><option value="a"><option value="b"></select></form>
"""


def test_the_readme_says_how_a_school_starts() -> None:
    command = command_of_readme((PROJECT / "README.md").read_text(encoding="utf-8"))
    assert command[0] == "make"
    assert f"\n{command[1]}:" in (PROJECT / "Makefile").read_text(encoding="utf-8")


def test_a_readme_without_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="does not say"):
        command_of_readme("# Matcher\n\n## Start\n\nAsk somebody.\n\n## More\n")


def test_forms_are_sent_as_a_browser_would() -> None:
    assert forms_of(PAGE) == [
        Form("/set-up/abc", {"scope": "organisation", "login": "", "policy": "b"}),
        Form("/made-up-round", {"policy": "a"}),
    ]
