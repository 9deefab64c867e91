"""What settings are refused with a sentence, before anything starts, and that nothing secret is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.texts import say
from service.setting_checks import faults_of
from service.settings import Settings, read_settings, without_password


def said(**given: object) -> str:
    """Return everything that is said about settings that must be refused."""
    with pytest.raises(InputError) as caught:
        read_settings(None, **given)
    return "\n".join(
        f"{one.place}: {say(one.message, 'en')} → {'' if one.cure is None else say(one.cure, 'en')}"
        for one in caught.value.faults
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"time_zone": "Mars/Phobos"}, "there is no such time zone: Mars/Phobos"),
        ({"time_zone": "../etc/passwd"}, "there is no such time zone"),
        ({"time_zone": ""}, "there is no such time zone"),
        ({"public_url": "mentoring"}, "public_url (MATCHER_PUBLIC_URL): this is no address"),
        ({"public_url": "https://host:port"}, "this is no address the service can use"),
        ({"smtp_url": "ftp://host"}, "give an address such as smtp://"),
        ({"oidc_issuer": "https://directory.example"}, "oidc_client_id (MATCHER_OIDC_CLIENT_ID): the directory"),
        ({"oidc_client_id": "matcher"}, "oidc_issuer (MATCHER_OIDC_ISSUER): the directory"),
        ({"database_password_file": Path("/nowhere/at/all")}, "the file cannot be read: /nowhere/at/all"),
        ({"language": "de"}, "give one of: ru, en"),
        ({"second_factor": "perhaps"}, "give true or false"),
        ({"solve_seconds": 0}, "give a number above 0 and up to 3600"),
        ({"port": 99999}, "give a number from 0 to 65535"),
        ({"exports_per_hour": 0}, "give a number of at least 1"),
        ({"idle_minutes": "soon"}, "give a number above 0"),
    ],
)
def test_a_faulty_setting_is_refused_with_a_sentence(given: dict[str, object], sentence: str) -> None:
    assert sentence in said(**given)


def test_all_faults_are_said_at_once() -> None:
    found = said(time_zone="Mars/Phobos", public_url="x", smtp_url="y")
    assert found.count("\n") == 2


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert "the file is empty" in said(smtp_password_file=tmp_path / "empty")


def test_a_misspelt_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHER_PROT", "8080")
    assert "MATCHER_PROT: there is no such setting → perhaps port" in said()


def test_variables_of_others_are_left_alone() -> None:
    others = {"MATCHER_SHARED": "/data", "MATCHER_PORT": "1", "PATH": "/bin"}
    assert faults_of(Settings(), others) == []


def test_no_password_is_printed() -> None:
    address = "postgresql+psycopg://matcher:first@127.0.0.1/x?password=second&sslpassword=third"
    shown = Settings(database=address, smtp_url="smtp://matcher:fourth@host:587").shown()
    printed = "\n".join(shown.values()) + without_password(address)
    assert not [word for word in ("first", "second", "third", "fourth") if word in printed]


def test_the_folder_is_the_same_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings().folder == tmp_path / "matcher-data"
    assert read_settings(None, folder=Path("here")).folder == tmp_path / "here"
    monkeypatch.setenv("MATCHER_FOLDER", "there")
    assert read_settings(None).shown()["folder"] == str(tmp_path / "there")
