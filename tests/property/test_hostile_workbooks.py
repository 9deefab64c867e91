"""Law: whatever stands in the parts of a workbook, checking it answers with a report and leaves nothing behind."""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.io.write_roster import write_roster
from tests.unit.io.roster_files import check, good_roster

PARTS = st.sampled_from(
    [
        *(f"xl/worksheets/sheet{i}.xml" for i in (1, 2, 3, 8, 16)),
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
    ]
)
CELLS = st.sampled_from(
    [b"<v>1e400</v>", b"<v>-1</v>", b"<v>9999999999</v>", b"<v>45000.7</v>", b"<v>nan</v>", b"<v/>", b"<f>1</f>"]
)
ATTRIBUTES = st.sampled_from(
    [b'r="ZZZZ1"', b'r="A0"', b'r="-5"', b't="e"', b't="d"', b't="inlineStr"', b's="999"', b't="s"', b'ref="x"',
     b'min="0" max="99999999" hidden="1"', b'hidden="1"', b'state="hidden"', b'date1904="1"']
)  # fmt: skip
CHANGES = st.lists(
    st.tuples(PARTS, st.floats(0, 1, exclude_max=True), st.one_of(CELLS, ATTRIBUTES, st.binary(max_size=3))),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("good") / "good.xlsx"
    write_roster(good_roster(), path, lang="en")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(data: bytes, where: float, token: bytes) -> bytes:
    """Put the token in the place of a cell's content, of an attribute, or of a few bytes."""
    pattern = rb"<v>[^<]*</v>" if token[:1] == b"<" else rb'\b[a-z]+="[^"]*"' if b"=" in token else rb"."
    spots = list(re.finditer(pattern, data, re.DOTALL))
    if not spots:
        return data
    spot = spots[int(where * len(spots))]
    return data[: spot.start()] + token + data[spot.end() :]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_any_workbook_gets_a_report(parts: dict[str, bytes], changes: list[tuple[str, float, bytes]]) -> None:
    spoilt = dict(parts)
    for name, where, token in changes:
        spoilt[name] = changed(spoilt[name], where, token)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoilt.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in spoilt.items():
                archive.writestr(name, data)
        report = check(path)
        assert [file.name for file in Path(folder).iterdir()] == ["spoilt.xlsx"]
    assert (report.roster is None) == bool(report.faults)
    assert all(fault.cure is not None for fault in report.faults)
