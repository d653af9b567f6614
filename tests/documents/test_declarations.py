"""What a file says of its own encoding is heard, and believed where its bytes do not say otherwise."""

import pytest

from tokviz.documents.declarations import declared_encoding
from tokviz.documents.decoding import Basis, decode_bytes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("#!/usr/bin/python\n# -*- coding: koi8-r -*-\n", "KOI8-R"),
        ("# vim: set fileencoding=cp1251 :\n", "Windows-1251"),
        ("# coding=iso-8859-2\n", "ISO-8859-2"),
        ("\n\n# coding: koi8-r\n", None),
        ('<?xml version="1.0" encoding="Shift_JIS"?>\n<a/>', "Shift_JIS"),
        ("<?xml version='1.0' encoding='UTF-8'?>\n<a/>", "UTF-8"),
        ('<html><head><meta charset="windows-1250">', "Windows-1250"),
        (
            '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=euc-jp">',
            "EUC-JP",
        ),
        ('@charset "iso-8859-7";\nbody {}', "ISO-8859-7"),
        (";;; a.el -*- mode: lisp; coding: euc-jp-unix; -*-\n", "EUC-JP"),
        ("text\n" * 500 + "/* vim: set ts=4 fenc=cp850: */\n", "CP850"),
        ('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=ISO-8859-2\\n"\n', "ISO-8859-2"),
        ("# coding: no-such-thing\n", None),
        ("# coding: utf-16\n", None),
        ("encoding is a word\n", None),
    ],
)
def test_declarations_are_heard(text: str, shown: str | None) -> None:
    found = declared_encoding(text.encode())
    assert (found and found.shown) == shown


def test_a_declaration_settles_what_a_guess_could_not() -> None:
    word = b"# \xe0\xe8\n"
    assert decode_bytes(word).basis is Basis.UNSURE
    found = decode_bytes(b"# -*- coding: cp1251 -*-\n" + word)
    assert (found.encoding, found.basis) == ("Windows-1251", Basis.DECLARED)
    assert found.text.decode().endswith("# аи\n")


@pytest.mark.parametrize("label", ["koi8-r", "latin-1", "utf-8", "iso-8859-2"])
def test_a_wrong_declaration_is_not_believed(label: str) -> None:
    text = f"# coding: {label}\n# Это простой русский текст для проверки определения кодировки файла.\n"
    found = decode_bytes(text.encode("cp1251"))
    assert (found.text.decode(), found.encoding) == (text, "Windows-1251")
