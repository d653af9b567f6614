"""Texts that aim at the places where splitting a text could go wrong."""

from collections.abc import Sequence
from functools import lru_cache

from hypothesis import strategies as st

FRAGMENTS = [
    # Contractions, in every case, with the long s and apostrophes that NFKC makes.
    *("don't", "IT'S", "we'LL", "'", "’", "'ſ", "＇s", "s ", "O'", "'s'"),
    # White space of every kind.
    *(
        " ",
        "  ",
        " " * 9,
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u00a0",
        "\u1680",
    ),
    *("\u180e", "\u2003", "\u200b", "\u2028", "\u202f", "\u3000", "\ufeff", "▁", "▁▁", "\x00", "\x7f"),
    # Letters, digits and numbers.
    *(
        "a",
        "Z",
        "word",
        "CamelCase",
        "é",
        "e\u0301",
        "ß",
        "ǅ",
        "ʰ",
        "ª",
        "ﬁ",
        "K",
        "Ⅷ",
        "①",
        "½",
        "٣",
        "7",
        "1234567",
    ),
    # Other scripts, and marks that join what stands before them.
    *(
        "中文",
        "字",
        "か",
        "が",
        "か\u3099",
        "カ\u309a",
        "々",
        "ー",
        "・",
        "한국",
        "각",
        "ᄀ",
        "ᅡ",
        "ᆨ",
        "नि",
        "ि",
        "த\u0bbe",
    ),
    *(
        "العربية",
        "ﷺ",
        "ไทย",
        "ำ",
        "עברית",
        "\u0301",
        "\u0338",
        "=\u0338",
        "<\u0338",
        "👩‍👩‍👧",
        "🇩🇪",
        "👍🏽",
        "\u200d",
        "\ufe0f",
    ),
    # Punctuation of every kind.
    *(
        "。",
        "，",
        "、",
        "！",
        "（",
        "」",
        "“",
        "”",
        "…",
        "—",
        ".",
        ",",
        ";",
        ":",
        "/",
        "//",
        "_",
        "-",
        "=",
        "|",
        "~",
        "`",
    ),
    *(
        '":',
        '",',
        "].",
        "){",
        "x=1;",
        "0]",
        "self.",
        "[0-9]",
        "<h1>",
        "</h1>",
        ">▁</",
        "<td>\n",
        "\\n",
        "&amp;",
        "#!",
    ),
]


def texts(more: Sequence[str] = (), longest: int = 16) -> st.SearchStrategy[str]:
    """Texts of fragments, among them ``more``, and of arbitrary characters."""
    return _texts(tuple(more), longest)


@lru_cache(64)
def _texts(more: tuple[str, ...], longest: int) -> st.SearchStrategy[str]:
    # Hypothesis looks through all of ``more``, thousands of tokens, whenever this is made.
    fragments = [st.sampled_from(FRAGMENTS), st.sampled_from(FRAGMENTS), st.text(max_size=3)]
    if more:
        # Special tokens whole, and without their beginning or end.
        broken = st.tuples(st.sampled_from(more), st.integers(1, 4), st.booleans())
        fragments += [
            st.sampled_from(more),
            broken.map(lambda part: part[0][part[1] :] if part[2] else part[0][: -part[1]]),
        ]
    return st.lists(st.one_of(fragments), max_size=longest).map("".join).map(valid)


def valid(text: str) -> str:
    """The text with what UTF-8 cannot hold made U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
