"""The command line in another language: what people read is in it, what programs read stays as it is."""

import ast
import re
from argparse import __file__ as argparse_file
from pathlib import Path

import pytest

from tokviz import language
from tokviz.__main__ import for_programs
from tokviz.cli.parser import problem_words

_COMPLAINTS = (
    *("the following", "one of the", "unrecognized", "not allowed", "ignored", "expected "),
    *("ambiguous", "invalid choice"),
)
"""How argparse's sentences begin that our arguments can lead to."""


def test_what_argparse_complains_of_is_translated() -> None:
    """A newer Python may say it in other words: then they are English, and this test names them."""
    source = ast.parse(Path(argparse_file).read_text("utf-8"))
    complaints = [
        node.args[0].value
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]
    raised_while_parsing = [text for text in complaints if text.startswith(_COMPLAINTS)]
    assert len(raised_while_parsing) >= 9
    language.begin({language.VARIABLE: language.PSEUDO}, Path())
    try:
        for text in raised_while_parsing:
            complaint = re.sub(r"%(\(\w+\))?[rs]", "--x", text)
            assert problem_words(complaint) != complaint, text
            assert "--x: " in problem_words(f"argument --x: {complaint}")
    finally:
        language.begin({language.VARIABLE: language.ENGLISH}, Path())


@pytest.mark.parametrize(
    ("arguments", "are"),
    [
        (("count", "--json", "x"), True),
        (("count", "x", "--js"), True),
        (("compare", "--csv"), True),
        (("count", "x"), False),
        (("count", "--", "--json"), False),
        (("-",), False),
    ],
)
def test_who_asks_for_json_is_a_program(arguments: tuple[str, ...], are: bool) -> None:
    assert for_programs(arguments) == are
