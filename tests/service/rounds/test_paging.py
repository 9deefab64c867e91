"""Lists follow the order people expect."""

from __future__ import annotations

from service.rounds.paging import in_counting_order


def test_codes_follow_each_other_as_people_count() -> None:
    codes = ["T-10", "T-2", "T-1", "12", "3", "", "T-2а", "T"]
    assert sorted(codes, key=in_counting_order) == ["", "3", "12", "T", "T-1", "T-2", "T-2а", "T-10"]
