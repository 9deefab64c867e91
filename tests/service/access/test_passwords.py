"""Passwords: length and the common ones, nothing else; a storm does not eat the machine."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from service.access import passwords
from service.access.passwords import Busy, faults_of, fits, hash_password, place


@pytest.mark.parametrize(
    "password", ["kvrtzbqw", "ёжик под ёлкой", "        x", "a" * 60 + "bcde", "жъ" * 64, "🦉🦊🦉🦊🦉🦊🦉🦊"]
)
def test_anything_uncommon_of_eight_to_128_will_do(password: str) -> None:
    assert faults_of(password, "somebody") == []
    assert fits(password, hash_password(password))


@pytest.mark.parametrize(
    "password",
    [
        "",
        "kvrtzbq",
        "password",
        "PassWord",
        "12345678",
        "qwertyuiop",
        "йцукенгш",
        "пароль123",
        "ПАРОЛЬ123",
        "учитель2025",
        "dkflbvbhjdyf",
        "владимировна",
        "somebody@school",
        "x" * 129,
    ],
)
def test_short_long_and_common_ones_are_refused(password: str) -> None:
    assert faults_of(password, "somebody@school") != []


def test_three_thousand_common_ones_are_known() -> None:
    assert len(passwords._list()) >= 3000
    assert all(len(word) >= passwords.MIN_LENGTH for word in passwords._list())


def test_what_looks_the_same_is_the_same() -> None:
    assert fits("ёлка-ёлка", hash_password("е\u0308лка-е\u0308лка"))


def test_nothing_fits_where_nothing_is_kept() -> None:
    assert not fits("the password of nobody", None)


def test_hashes_take_moderate_memory() -> None:
    assert "m=19456,t=2,p=1" in hash_password("kvrtzbqw")


def test_more_than_a_few_at_once_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """While all places are taken whoever comes is told so at once, and people we know have places of their own."""
    at_once, most = 0, 0
    full, go_on = threading.Event(), threading.Event()
    lock = threading.Lock()

    def slow(word: str) -> str:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
            if at_once == passwords._AT_ONCE:
                full.set()
        go_on.wait(10)
        with lock:
            at_once -= 1
        return "hash"

    monkeypatch.setattr(passwords._hasher, "hash", slow)
    taken = threading.Barrier(passwords._PLACES + 1)

    def come(_: int) -> str:
        with place(reserved=False):
            taken.wait(10)
            return hash_password("kvrtzbqw")

    with ThreadPoolExecutor(passwords._PLACES) as pool:
        waiting = [pool.submit(come, number) for number in range(passwords._PLACES)]
        taken.wait(10)
        with pytest.raises(Busy), place(reserved=False):
            pass
        assert full.wait(10)
        go_on.set()
        assert [one.result(10) for one in waiting] == ["hash"] * passwords._PLACES
    assert most == passwords._AT_ONCE


def test_places_are_given_back() -> None:
    held = 0
    for _ in range(3 * passwords._PLACES):
        with place(reserved=False):
            held += 1
    assert held == 3 * passwords._PLACES
    with ExitStack() as all_places:
        for _ in range(passwords._PLACES):
            all_places.enter_context(place(reserved=False))
        with pytest.raises(Busy), place(reserved=False):
            pass
