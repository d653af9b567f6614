"""A file says what was done to its text, and readings that differ have other fingerprints."""

import base64
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.documents.decoding import FOUND_OUT, ReadOptions
from tokviz.documents.encodings import find_encoding
from tokviz.documents.reading import make_text
from tokviz.documents.shortening.shorten import all_shortened, shorten
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.reading import read_files
from tokviz.documents.tree.walking import FoundFile

BASE64 = ReadOptions(shortened=frozenset({Shortening.BASE64}))
DATA = b"key: " + base64.b64encode(random.Random(2).randbytes(900)) + b"\n"


def test_a_text_says_what_was_done_to_it() -> None:
    found = make_text(DATA, "a.txt", BASE64)
    assert found.text == b"key: [900 bytes in base64]\n"
    assert (found.shortened, found.size_before, found.plain) == ((Shortening.BASE64,), len(DATA), False)
    unchanged = make_text(b"plain", "a.txt", BASE64)
    assert unchanged == make_text(b"plain")
    assert unchanged.plain


def test_other_encodings_are_decoded_first() -> None:
    found = make_text(b"\xff\xfe" + DATA.decode().encode("utf-16-le"), "a.txt", BASE64)
    assert (found.encoding, found.size_before) == ("UTF-16 LE", len(DATA))
    assert found.text == b"key: [900 bytes in base64]\n"


def test_files_of_a_tree_say_it_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    (tmp_path / "b").write_bytes(b"plain")
    files = [FoundFile("a", len(DATA), 0), FoundFile("b", 5, 0)]
    (batch,) = read_files(tmp_path, enumerate(files), BASE64)
    assert batch.texts == [b"key: [900 bytes in base64]\n", b"plain"]
    assert batch.sizes == [len(DATA), 5]
    assert list(batch.known) == [0]
    assert batch.known[0].size_before == len(DATA)


def test_a_fingerprint_tells_readings_apart() -> None:
    options = [
        FOUND_OUT,
        BASE64,
        ReadOptions(shortened=frozenset({Shortening.COMMENTS})),
        ReadOptions(document_text=True),
        ReadOptions(binaries=True),
        ReadOptions(encoding=find_encoding("cp1252")),
        ReadOptions(encoding=find_encoding("cp1252"), forced=True),
    ]
    assert len({one.fingerprint("dir/a.py") for one in options}) == len(options)
    assert FOUND_OUT.fingerprint("a.py") == FOUND_OUT.fingerprint("b.js")
    assert BASE64.fingerprint("dir/a.py") == BASE64.fingerprint("other/a.py")
    assert BASE64.fingerprint("a.py") != BASE64.fingerprint("a.lock")
    assert BASE64.fingerprint("a.py") == ReadOptions(shortened=BASE64.shortened, largest=5).fingerprint(
        "a.py"
    )


PIECES = [
    b"# a comment\n",
    b"\n",
    b"x = 1  # and one behind\n",
    b"y = '%s'\n" % base64.b64encode(random.Random(3).randbytes(600)),
    b'"""a\n\n# docstring"""\n',
]
CHOICES = st.sets(st.sampled_from(list(Shortening)))


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join),
    st.sampled_from(["a.py", "a.min.js", "b.lock", "c.ipynb", "d.txt"]),
    CHOICES,
)
def test_every_choice_is_among_all_texts(text: bytes, name: str, wanted: set[Shortening]) -> None:
    found = shorten(text, name, wanted)
    texts = {each.applied: each for each in all_shortened(text, name)}
    assert texts[found.applied].text == found.text
    assert set(found.applied) <= wanted
    # The steps that can be taken from what is known are those that shorten takes.
    applied: tuple[Shortening, ...] = ()
    for one in Shortening:
        if one in wanted and (*applied, one) in texts:
            applied = (*applied, one)
    assert applied == found.applied
    assert len(found.text) <= len(text)


def test_why_a_text_stays_as_it_is_is_said() -> None:
    options = ReadOptions(shortened=frozenset(Shortening))
    assert make_text(b"{", "a.ipynb", options).kept == "the notebook is broken: it is no JSON"
    assert make_text(b"# x\r\ny\n", "a.py", options).kept.startswith("its comments stay: ")
    assert make_text(b"# x\ny\n", "a.py", options).kept == ""
