"""Parquet lists: typed columns, only those that are asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dmgen.audience.cells.vector import TEXT
from dmgen.audience.read.sheet import InputFile, Sheet, checked_header, digest, nameless
from dmgen.errors import ListError
from dmgen.messages import mark


@dataclass(frozen=True, slots=True)
class _ParquetSource:
    path: Path
    header: tuple[str, ...]
    repeated: tuple[str, ...]
    raw_names: list[str]

    def read(self, names: Collection[str]) -> Sheet:
        wanted = {name: raw for name, raw in zip(self.header, self.raw_names, strict=True) if name in names}
        try:
            with pq.ParquetFile(self.path) as file:
                rows = file.metadata.num_rows
                table = file.read(columns=list(dict.fromkeys(wanted.values())))
        except (pa.ArrowException, OSError) as error:
            raise _broken(self.path) from error
        columns = {name: _plain(self.path, name, self._column(table, name)) for name in wanted}
        lines = np.arange(1, rows + 1, dtype=np.int64)
        return Sheet(columns, lines, {}, InputFile(self.path, digest(self.path), rows))

    def _column(self, table: pa.Table, name: str) -> pa.ChunkedArray:
        """Its column of the file, which may have several of one name."""
        place = self.header.index(name)
        raw = self.raw_names[place]
        return table.column(table.schema.get_all_field_indices(raw)[self.raw_names[:place].count(raw)])


def open_parquet(path: Path) -> _ParquetSource:
    """The parquet file at `path`. Raises ListError where it is damaged or its header is not usable."""
    try:
        raw = pq.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        raise _broken(path) from error
    header, repeated = checked_header(path, raw)
    if "" in header:
        raise nameless(path, header.index("") + 1, 1)
    return _ParquetSource(path, header, repeated, raw)


def _broken(path: Path) -> ListError:
    return ListError(mark("{file}: this is not a whole parquet file. Export it again, or as CSV UTF-8."), file=path)


def _plain(path: Path, name: str, column: pa.ChunkedArray) -> pa.Array:
    """One contiguous array; every kind of text is large_string and empty where there is none."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_nested(kind):
        raise ListError(
            mark("{file}: column {column} holds lists or records ({kind}). Leave it out of the export."),
            file=path,
            column=name,
            kind=kind,
        )
    textual = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    if not any(test(kind) for test in textual) and not _is_binary(kind):
        return column.combine_chunks()
    try:
        cells = column.cast(TEXT).combine_chunks().fill_null("")
        cells.validate(full=True)
    except pa.ArrowException as error:
        raise ListError(
            mark("{file}: column {column} holds bytes that are not UTF-8 text. Export it again."),
            file=path,
            column=name,
        ) from error
    return cells


def _is_binary(kind: pa.DataType) -> bool:
    return any(t(kind) for t in (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary))
