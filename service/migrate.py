"""Brings the database to the tables of this version, and back."""

from __future__ import annotations

from importlib import resources

from alembic import command
from alembic.config import Config


def config_of(url: str) -> Config:
    """Return the settings of the migrations for a database."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("service") / "migrations"))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database forward to a revision."""
    command.upgrade(config_of(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Bring the database back to a revision."""
    command.downgrade(config_of(url), revision)
