"""base64 and data URIs become notes; what only looks like them stays."""

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.documents.shortening.encoded import base64_size, shorten_encoded

PNG = b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(3000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"x = '%s'" % base64.b64encode(PNG), b"x = '[3,008 bytes in base64: image/png]'"),
        (
            b'<img src="data:image/png;base64,%s">' % base64.b64encode(PNG),
            b'<img src="data:image/png;base64,[3,008 bytes]">',
        ),
        (
            b"url(data:image/svg+xml;charset=utf8,%s) no-repeat" % (b"%3Csvg%20" * 30),
            b"url(data:image/svg+xml;charset=utf8,[270 characters]) no-repeat",
        ),
        (
            b'url("data:image/svg+xml;utf8,%s")' % (b"<path d='M0 0 L1 1'/>" * 10),
            b'url("data:image/svg+xml;utf8,[210 characters]")',
        ),
        (
            b"-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % base64.encodebytes(PNG[8:]),
            b"-----BEGIN CERTIFICATE-----\n[3,000 bytes in base64]\n-----END CERTIFICATE-----\n",
        ),
        (base64.urlsafe_b64encode(PNG[8:]), b"[3,000 bytes in base64]"),
    ],
)
def test_a_note_says_what_was_there(text: bytes, expected: bytes) -> None:
    assert shorten_encoded(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        b"a" * 5000,
        b"0123456789abcdef" * 500,
        b"ACGT" * 1000 + b"\n",
        b"/usr/share/lib" * 300,
        b"data:text/plain,short",
        b'{"data:image/png;base64,": 1}',
        b"\n".join([b"=" * 70] * 20),
        b"\n".join([b"A word and another, as in every text of ordinary length that was ever typed"] * 9),
        b"someVeryLongIdentifierName" * 40,
    ],
)
def test_what_is_no_base64_stays(text: bytes) -> None:
    assert shorten_encoded(text) == text


@given(st.binary(max_size=400))
def test_the_size_is_that_of_the_decoded_bytes(data: bytes) -> None:
    assert base64_size(base64.encodebytes(data)) == len(data)
    assert base64_size(base64.b64encode(data).decode()) == len(data)


@given(st.text())
def test_ordinary_text_stays(text: str) -> None:
    assert shorten_encoded(text.encode()) == text.encode()
