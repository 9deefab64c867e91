"""Passwords: length and the common ones, nothing else; a storm does not eat the machine."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.access import passwords
from service.access.passwords import Busy, faults_of, fits, hash_password


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
    """While all turns are taken and all places to wait are full, whoever comes is told so at once."""
    at_once, most, go_on = 0, 0, threading.Event()
    lock = threading.Lock()

    def slow(word: str) -> str:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        go_on.wait(10)
        with lock:
            at_once -= 1
        return "hash"

    monkeypatch.setattr(passwords._hasher, "hash", slow)
    places = passwords._AT_ONCE + passwords._WAITING
    arrived = threading.Barrier(places + 1)

    def come(_: int) -> str:
        arrived.wait(10)
        return hash_password("kvrtzbqw")

    with ThreadPoolExecutor(places) as pool:
        waiting = [pool.submit(come, number) for number in range(places)]
        arrived.wait(10)
        while passwords._places._value > 0:  # type: ignore[attr-defined]
            pass
        with pytest.raises(Busy):
            hash_password("kvrtzbqw")
        go_on.set()
        assert [one.result(10) for one in waiting] == ["hash"] * places
    assert most == passwords._AT_ONCE
