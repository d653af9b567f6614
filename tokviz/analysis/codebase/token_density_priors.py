"""What a byte of a file probably brings before any like it is counted: by tokenizer and kind of file.

The metrics are those of ``resources/catalog/token_density.toml``, which says how they were measured. Only for
what is marked ``~``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from tokviz.analysis.codebase.languages import OTHER
from tokviz.assets import Assets, TomlFile

_Ratio = Annotated[float, Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class TokenDensity:
    """The tables of ``token_density.toml``."""

    per_byte: Mapping[str, float]
    """o200k_base's tokens for a byte on the disk, by kind of file."""
    against_o200k_base: Mapping[str, float]
    """A tokenizer's tokens for each of o200k_base's, by its name."""


def read_token_density(assets: Assets) -> TokenDensity:
    """What the file says; DataFileError if it is wrong."""
    path = assets.path("catalog", "token_density.toml")
    file = TomlFile(path, ("per_byte", "against_o200k_base"))
    return TokenDensity(file.table("per_byte", _Ratio), file.table("against_o200k_base", _Ratio))


_SIZES: Mapping[str, float] = {"characters": 1.0, "lines": 1 / 32}


def likely_per_byte(
    known: TokenDensity, columns: Sequence[str], languages: Sequence[str]
) -> NDArray[np.float64]:
    """``float64[columns, languages]``: what a byte on the disk brings to a column of a token tree. A
    file whose name says that it is no text brings no token."""
    usual = known.per_byte[OTHER]
    density = np.array([known.per_byte.get(language, usual) for language in languages])
    text = (density > 0).astype(np.float64)
    rows = [_row(column, density, text, known.against_o200k_base) for column in columns]
    return np.array(rows, np.float64).reshape(len(columns), len(languages))


def _row(
    column: str, density: NDArray[np.float64], text: NDArray[np.float64], against: Mapping[str, float]
) -> NDArray[np.float64]:
    if column == "bytes":
        return np.ones(len(density))
    if column in _SIZES:
        return text * _SIZES[column]
    # Nothing is known of a user's own tokenizer; a test finds a bundled one that the file forgets.
    return density * against.get(column, 1.0)
