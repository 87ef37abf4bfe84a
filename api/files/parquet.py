"""A table as Parquet: typed columns under names that stay, and what is to be known as metadata."""

from __future__ import annotations

from io import BytesIO

from api.files.tables import Cell, Column, Kind, Table


def parquet_bytes(table: Table) -> bytes:
    """The table; `about` lies beside it as key-value metadata."""
    from arro3.core import Array, DataType, Schema, Table as Columns  # noqa: PLC0415, I001
    from arro3.core import Field  # noqa: PLC0415 - only who makes a file pays for it
    from arro3.io import write_parquet  # noqa: PLC0415

    types = {
        Kind.TEXT: DataType.utf8(),
        Kind.WHOLE: DataType.int64(),
        Kind.SHARE: DataType.float64(),
        Kind.DAY: DataType.utf8(),
    }
    fields = [Field(one.code, types[one.kind], nullable=True) for one in table.columns]
    arrays = [
        Array(_values(table, place, column), type=types[column.kind])
        for place, column in enumerate(table.columns)
    ]
    made = BytesIO()
    held = Columns.from_arrays(arrays, schema=Schema(fields))
    write_parquet(held, made, key_value_metadata={"title": table.title, **dict(table.about)})
    return made.getvalue()


def _values(table: Table, place: int, column: Column) -> list[Cell]:
    cells = [row[place] for row in table.rows]
    if column.kind is Kind.DAY:
        return [None if cell is None else str(cell) for cell in cells]
    if column.kind is Kind.SHARE:
        return [None if cell is None else float(str(cell)) for cell in cells]
    return cells
