"""How options take numbers."""

from argparse import ArgumentTypeError

import pytest

from tokviz.cli.inputs import number, tokens


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("12345", 12_345),
        ("12,345", 12_345),
        ("12_345", 12_345),
        ("128k", 128_000),
        ("128K", 128_000),
        ("1M", 1_000_000),
        ("1.05m", 1_050_000),
        ("1.0001k", None),
        ("1,5k", None),
        ("1_000k", None),
        ("1.5", None),
        ("1e5", None),
        ("k", None),
        (".5k", None),
        ("128kb", None),
        ("128 k", None),
        ("-1k", None),
        ("٣k", None),
        ("", None),
    ],
)
def test_a_number(text: str, value: int | None) -> None:
    for read in (number, tokens):
        if value is None:
            with pytest.raises(ArgumentTypeError, match="is no number"):
                read(text)
        else:
            assert read(text) == value
