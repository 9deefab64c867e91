"""Imports every module of tables, so that ``SQLModel.metadata`` knows them all."""

from sqlmodel import SQLModel

from service.tables import access, areas, documents, privacy, records, rounds

METADATA = SQLModel.metadata
MODULES = (access, areas, documents, privacy, records, rounds)
