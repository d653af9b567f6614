"""The letters by which menu entries and buttons are reached from the keyboard."""

import re

_IN_BRACKETS = re.compile(r" ?\(&\w\)")
_MARK = re.compile(r"&(&?)")


def without_mnemonic(text: str) -> str:
    """What a menu entry or a button says: ``Save &As…`` as ``Save As…``, ``R&&D`` as ``R&D``. Chinese and
    Japanese put the letter in brackets behind: ``打开(&O)…`` as ``打开…``."""
    return _MARK.sub(r"\1", _IN_BRACKETS.sub("", text))
