"""Tables of a folder of Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from matcher.io.tables.table import Raw, Source, Table, file_error
from matcher.texts import text

if TYPE_CHECKING:
    import polars


def read_parquet_table(path: Path) -> Table:
    """Return the table of one Parquet file; its column names are the heading row.

    Raises
    ------
    InputError
        When the file is no Parquet file or a column is of a type no roster has.
    """
    import polars

    try:
        frame = polars.read_parquet(path)
    except (polars.exceptions.PolarsError, OSError, ValueError) as error:
        message = text("the Parquet file is damaged and cannot be read")
        raise file_error(path.name, "damaged", message, text("write the file again")) from error
    columns = [_cells(path, frame[name]) for name in frame.columns]
    rows: list[list[Raw]] = [list(frame.columns)]
    rows.extend(list(row) for row in zip(*columns, strict=True))
    return Table(name=path.name, source=Source.PARQUET, rows=rows)


def _cells(path: Path, series: polars.Series) -> list[Raw]:
    import polars

    dtype = series.dtype
    if dtype == polars.Boolean:
        return [None if value is None else "TRUE" if value else "FALSE" for value in series.to_list()]
    if isinstance(dtype, polars.List) and dtype.inner == polars.String:
        return [None if value is None else tuple(item or "" for item in value) for value in series.to_list()]
    if dtype.is_decimal():
        series = series.cast(polars.Float64)
    if not (
        dtype.is_numeric()
        or dtype in (polars.String, polars.Date, polars.Time, polars.Null)
        or isinstance(dtype, (polars.Datetime, polars.Categorical, polars.Enum))
    ):
        raise file_error(
            f"{path.name}!{series.name}",
            "wrong_column_type",
            text("a column of the type {type} cannot be read", type=str(dtype)),
            text("write it as text, number, date, time or list of texts"),
        )
    return cast("list[Raw]", series.to_list())
