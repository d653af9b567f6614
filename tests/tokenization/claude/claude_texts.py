"""Texts on which a careless count of Claude's tokens goes wrong."""

import random
import sys

from hypothesis import strategies as st

EXAMPLES = (
    # A space between words costs nothing, before a number it does.
    *("a b", "a 1", "1 b", "a  b", "a\nb", "a (b", "(a) b", "1 (b", "文 a", "a 文 ( b", "а б"),
    # Contractions, and what is none.
    *("it's", "it'S", "IT'S", "it's ok", "we'll've", "it''s", "('s", "x! 's", "1's", "文's", "²'s", "ⓐ's"),
    *("'song", "'t", "a 'b", "don't 'm", "'ll", "ⓐt's 'd", "x's\u0301", "\u0301's", "'s\n", "it'll\n'll"),
    # Pieces across punctuation and characters of other kinds.
    *("².", "x².", '："', "：'", "்.", "க்.", '文，"', "（a", "）a", '！"a', '"！ a'),
    # Normalization: in which order, and what it hides.
    *(
        "e\x07\u0301",
        "é",
        "e\u0301",
        "\u00a0a",
        " a",
        "  a",
        "\u2003 a",
        "a\u00a0b",
        "a\x00b",
        "\x07",
        "\x07 a",
    ),
    *(
        "a\x07b",
        "it\x07's",
        "\ue000a\ue000b",
        "\u0e4d\u0e32",
        "\u0e4d\x07\u0e32",
        "\u0e4d\ue000\u0e32",
        "\r",
        "\r\n",
    ),
    *(
        "“a”",
        "‘a’",
        "it’s",
        "„a“",
        "\ufdd0",
        "a\ufdd4b",
        "\ufdd1 \ufdd0a",
        "\ufeffa",
        "\u200ba",
        "\u3000a \u3000",
    ),
    # The beginning and the end meet the frame.
    *(
        "",
        " ",
        "\n",
        " \n",
        "\n\n\n",
        "1",
        " 1",
        "文",
        " 文",
        "'",
        "'a",
        " 'a",
        "!",
        " !",
        "\t",
        "\ta",
        "²",
        "٣ a",
    ),
    *("a" + "\n" * n for n in (1, 2, 3, 4, 26, 27, 28, 29, 30, 31, 62, 63, 126, 127, 128, 129, 300)),
    *("\n" * n for n in (5, 28, 29, 131)),
    *("a \n", "a\n ", "a\n\t\n", "a\r\n\r\n", "\n a", "  \n"),
    # Cases.
    *("Word", "WORD", "WOR", "WORd", "wORD", "W", "WORD文", "ÉCOLE", "École", "éCOLE", "ΟΔΟΣ", "Οδος", "ΣΑΣ"),
    *(
        "İstanbul",
        "AİB",
        "Aİb",
        "ẞA",
        "Straẞe",
        "ϴα",
        "Θϴ",
        "ǅa",
        "ǄA",
        "ℳa",
        "ϒa",
        "ⅧⅧⅧⅧ",
        "Ⅷ",
        "ⒶⒷⒸⒹ",
        "Ⓐⓑ",
    ),
    *(
        "\u1c89\u1c8a",
        "\u1c89\u1c89\u1c89\u1c89",
        "\ua7cba",
        "\u0264",
        "Ааа",
        "АААА",
        "ⓕ",
        "ſs",
        "Ⴀა",
        "ꙀꙀꙀꙀ",
    ),
    # Marks: on a letter, on nothing, dividing, and riding.
    *(
        "\u0301",
        "\u0301a",
        "!\u0301a",
        "1\u0301A",
        "文\u0301",
        "a\u0301\u0302b",
        "\u0730",
        "!\u0711a",
        "\u093ea",
    ),
    *("क्षि", "म\u094d", "क\u200d्", "a\u0338b", "a \u0338 b", "\u05b0a", "ש\u05c1ל", "⚖\ufe0f a", "\ufe0f a"),
    *("❤\ufe0f \ufe0f", "²\ufe0f ²", "1\ufe0f\u20e3 a", "文\ufe0f 文", "🏳\ufe0f\u200d🌈 🏳\ufe0f", "a\ufe0fb"),
    # Numbers.
    *(
        "1234567",
        "12 345",
        "٣٤ ٥",
        "1٣ a",
        "٣1 a",
        " ٣ 文",
        "½ ½",
        "²³ ² a",
        "²३ a",
        "𝟎𝟏 a",
        "〇一",
        "① ②",
        "12²",
    ),
    # Nothing above U+FFFF has a piece.
    *("😀", "😀😀 a", "👍🏽", "𐐀𐐁", "𠀀", "\U000e0001", "\U0010ffff\uffff", "🎉", "🌍 🌑", "\ud83d"),
    # Long.
    *(
        " " * 200,
        "a" + " " * 129 + "b",
        "=" * 300,
        "ab" * 100,
        "x" * 70,
        "X" * 70,
        "文" * 100,
        "9" * 100,
        "!?" * 60,
    ),
)
ALPHABETS = (
    *(
        "abstdmrelv",
        "ABSTDLRV",
        "'’‘“”\"",
        "0123",
        "٠١٢۳",
        "²³½①०१",
        "文漢字식가、。〄々",
        "😀𝟎🏳𐐀",
        "\ufe0f\ufe0e",
    ),
    *(
        "\u0301\u0e4d\u0e32\u0e33\u093e\u094d\u0711\u0730\u05b0\u0338",
        "()!.,:;-—«（）：；、=_{}<>/*",
        "  \n\t\u3000",
    ),
    *(
        "\x07\x00\r\x1f\x85\xa0\u2003\u200b\ufeff\ue000\uf8ff",
        "ⓐⅧⅷⒶᛮİẞßſςΣσϴθǅǆℳ",
        "éÉñжЖयகது்ا",
        "\ufdd0\ufdd4\u0378",
    ),
    "\u1c89\u1c8a\ua7cb\u0264",
)
WORDS = (
    "it's",
    "DON'T",
    "'s",
    "'t",
    "'ll",
    "'re",
    "hello",
    "World",
    "NASA",
    "ÉCOLE",
    "ΑΣ",
    "  ",
    "\n\n",
    "getValue",
)
NEWER = frozenset("\u0cf3\u0ece\u2ffc\u2ffd\u2ffe\u2fff\u31ef") if sys.version_info < (3, 12) else frozenset()
"""Below U+10000, what Python's Unicode does not know yet, so that ctok takes it for something else here."""


def mixture(draw: random.Random) -> str:
    """A short text of everything, of which every part is likely to matter."""
    parts = []
    for _ in range(draw.randint(1, 10)):
        alphabet = draw.choice(ALPHABETS)
        some = "".join(draw.choice(alphabet) for _ in range(draw.randint(1, 4)))
        blanks = draw.choice(" \n'") * draw.choice((1, 1, 2, 3, 40))
        wild = chr(draw.randrange(0x10000 if draw.random() < 0.8 else 0x110000))
        wild = "" if wild in NEWER or "\ud800" <= wild <= "\udfff" else wild
        parts.append(draw.choice((alphabet[0], some, some, some, draw.choice(WORDS), blanks, wild)))
    return "".join(parts)


def texts() -> st.SearchStrategy[str]:
    """Mixtures that hypothesis can make smaller, with newlines at the end every now and then."""
    part = st.one_of(
        *(st.text(alphabet, max_size=5) for alphabet in ALPHABETS),
        st.sampled_from(WORDS),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters=NEWER), max_size=4),
        st.builds(lambda c, n: c * n, st.sampled_from(" \n\t'=a文"), st.integers(1, 80)),
    )
    ends = st.integers(0, 40).map("\n".__mul__)
    return st.builds("{}{}".format, st.lists(part, max_size=12).map("".join), st.one_of(st.just(""), ends))
