"""Personal links by letter, to a mail server of the test."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from email import policy

import pytest
from fastapi.testclient import TestClient

from service.access.set_up import public_address
from service.app import build_app
from service.core import Core
from service.tables.access import Role
from tests.service.access.people import new_browser
from tests.service.access.test_links import open_it, person
from tests.service.conftest import House


class Mailbox(socketserver.ThreadingTCPServer):
    """Takes every letter but those to "full@…"."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.letters: list[bytes] = []


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                assert isinstance(self.server, Mailbox)
                self.server.letters.append(letter)
            if line.startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"550 full\r\n" if b"FULL@" in line else b"250 fine\r\n")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def posting(house: House, mailbox: Mailbox) -> House:
    core = house.core
    url = f"smtp://school%40mail.example@127.0.0.1:{mailbox.server_address[1]}"
    settings = core.settings.model_copy(update={"smtp_url": url, "language": "ru"})
    app = build_app(Core(settings=settings, database=core.database, vault=core.vault, jobs=core.jobs))
    return House(core=core, client=TestClient(app, base_url="https://testserver"), areas=house.areas)


def test_a_link_is_sent(sqlite_house: House, mailbox: Mailbox) -> None:
    house = posting(sqlite_house, mailbox)
    said = {"person": person(house), "role": "mentor", "send_to": "mentor@school.example"}
    made = house.client.post("/api/v1/links", json=said, headers=house.headers(Role.CURATOR)).json()
    assert made["sent"] is True
    letter = email.message_from_bytes(mailbox.letters[0], policy=policy.default)
    assert (letter["from"], letter["to"]) == ("school@mail.example", "mentor@school.example")
    assert letter["subject"] == "Ваша личная ссылка"
    text = letter.get_content()
    assert made["link"] in text
    assert open_it(new_browser(house), made) == 303
    assert made["link"].startswith(public_address(house.core.settings))


def test_a_letter_that_is_refused_leaves_the_link(sqlite_house: House, mailbox: Mailbox) -> None:
    house = posting(sqlite_house, mailbox)
    said = {"person": person(house), "role": "mentor", "send_to": "full@school.example"}
    made = house.client.post("/api/v1/links", json=said, headers=house.headers(Role.CURATOR)).json()
    assert made["sent"] is False
    assert open_it(new_browser(house), made) == 303


def test_nothing_is_sent_without_a_mail_server(sqlite_house: House) -> None:
    said = {"person": person(sqlite_house), "role": "mentor", "send_to": "mentor@school.example"}
    headers = sqlite_house.headers(Role.CURATOR)
    assert sqlite_house.client.post("/api/v1/links", json=said, headers=headers).status_code == 409
    assert sqlite_house.client.get("/api/v1/links", headers=headers).json()["items"] == []


@pytest.mark.parametrize("address", ["a", "a@b", "a@b.c\r\nBcc: x@y.z", "a@b.c,d@e.f", "<a@b.c>", "a b@c.d"])
def test_what_is_no_address_is_refused(sqlite_house: House, address: str) -> None:
    said = {"person": person(sqlite_house), "role": "mentor", "send_to": address}
    headers = sqlite_house.headers(Role.CURATOR)
    assert sqlite_house.client.post("/api/v1/links", json=said, headers=headers).status_code == 422
