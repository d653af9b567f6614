"""The command line in another language: what people read is in it, what programs read stays as it is."""

import ast
import json
import os
import re
import subprocess
import sys
from argparse import __file__ as argparse_file
from pathlib import Path

import pytest

from tests.speaking import speaking
from tokviz import language
from tokviz.__main__ import for_programs
from tokviz.catalog.own_models import EXAMPLE
from tokviz.cli.commands import COMMANDS
from tokviz.cli.parser import problem_words

_COMPLAINTS = (
    *("the following", "one of the", "unrecognized", "not allowed", "ignored", "expected "),
    *("ambiguous", "invalid choice"),
)
"""How argparse's sentences begin that our arguments can lead to."""


_VALUES = {"blank", "plain"}
"""Of options."""


def tokviz(*arguments: str, speaks: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tokviz", *arguments],
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, language.VARIABLE: speaks, "COLUMNS": "120"},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_has_no_word_of_english(name: str) -> None:
    told = tokviz(*filter(None, (name, "--help")), speaks=language.PSEUDO)
    assert told.returncode == 0, told.stderr
    _usage, _, rest = told.stdout.replace(EXAMPLE, "").partition("\n\n")
    described = re.sub(r"(?m)^  (-.*?|\w+)(  |$)|\{.*?\}", "", rest)  # options, commands, JSON
    assert set(re.findall(r"(?<![\w.{,/–-])[a-z]{3,}\b(?![}.=_,])", described)) <= _VALUES


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
    with speaking(language.PSEUDO):
        for text in raised_while_parsing:
            complaint = re.sub(r"%(\(\w+\))?[rs]", "--x", text)
            assert problem_words(complaint) != complaint, text
            assert "--x: " in problem_words(f"argument --x: {complaint}")


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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that are counted, and others about which there is something to say."""
    made = tmp_path_factory.mktemp("inputs")
    (made / "one.txt").write_text("One, two and three. Four!\n" * 50, "utf-8")
    (made / "two.json").write_text('[{"name": "a", "size": 1}, {"name": "b", "size": 2}]', "utf-8")
    (made / "latin.txt").write_bytes("Grüße aus Köln, schöne Straße\n".encode("latin-1") * 20)
    (made / "binary.bin").write_bytes(bytes(range(256)) * 4)
    chat = [{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Hi."}]
    (made / "chat.json").write_text(json.dumps({"model": "gpt-4o", "messages": chat}), "utf-8")
    return made


_CELL = {"cell_type": "code", "source": "1 + 1", "outputs": [], "metadata": {}, "execution_count": 1}

FOR_PROGRAMS = [
    "count {folder} --json --tokenizer r50k_base --shorten none --budget 100",
    "count {folder}/missing {folder}/binary.bin {folder}/latin.txt --json --tokenizer r50k_base",
    "compare {folder}/one.txt --json --tokenizer r50k_base --tokenizer cl100k_base",
    "compare {folder}/one.txt --csv --tokenizer r50k_base --tokenizer cl100k_base",
    "compare {folder}/two.json --forms --json --tokenizer r50k_base",
    "compare {folder}/two.json --forms --csv --tokenizer r50k_base",
    "compare {folder}/one.txt --model gpt-4o --model gpt-4 --json",
    "compare {folder}/one.txt --model gpt-4o --model gpt-4 --csv",
    "cost {folder}/one.txt --model gpt-4o --calls 1000 --json",
    "cost {folder}/one.txt --model gpt-4o --calls 1000 --csv",
    "cut {folder}/one.txt --tokens 20 --at sentence --json --tokenizer r50k_base",
    "split {folder}/one.txt --tokens 20 --at line --json --tokenizer r50k_base",
    "tokens {folder}/two.json --json --tokenizer r50k_base",
    "decode 1,2,3 --json --tokenizer r50k_base",
    # Not all models: that would load every tokenizer there is, twice.
    "chat {folder}/chat.json --json --fits --by message --model gpt-4o --model gpt-4 --model claude-opus-4",
    "models --json --current",
    "tokenizers --json",
    "cache --json",
    "history {folder} --json",
    "count --json --nonsense",
]


@pytest.mark.parametrize("line", FOR_PROGRAMS)
def test_what_a_program_reads_is_the_same_in_every_language(line: str, folder: Path) -> None:
    arguments = line.format(folder=folder).split()
    english = tokviz(*arguments, speaks=language.ENGLISH)
    other = tokviz(*arguments, speaks=language.PSEUDO)
    assert other.stdout == english.stdout
    assert other.returncode == english.returncode
    assert other.stderr == english.stderr


@pytest.mark.parametrize("ending", ["md", "xml", "txt"])
def test_a_text_for_a_model_is_the_same_in_every_language(ending: str, tmp_path: Path) -> None:
    """Its notes too: what is shortened and how, and which part of which file stands where. Of a document it
    is the text, whatever stands around that."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text("# a remark\n" + "print('hello')\n" * 400, "utf-8")
    (folder / "poetry.lock").write_text("[[package]]\n" * 50, "utf-8")
    (folder / "cell.ipynb").write_text(json.dumps({"cells": [_CELL], "nbformat": 4}), "utf-8")
    (folder / "letter.eml").write_text("From: a@example.org\nSubject: Hello\n\nHow are you?\n", "utf-8")
    packed = {}
    for speaks in (language.ENGLISH, language.PSEUDO):
        out = tmp_path / speaks
        out.mkdir()
        shorten = "notebooks,lockfiles,comments"
        options = f"--split 900 --tokenizer r50k_base --documents --shorten {shorten} --pack {out}/p.{ending}"
        told = tokviz("count", str(folder), *options.split(), speaks=speaks)
        assert told.returncode == 0, told.stderr
        packed[speaks] = {file.name: file.read_bytes() for file in out.iterdir()}
    assert len(packed[language.ENGLISH]) > 1
    assert packed[language.PSEUDO] == packed[language.ENGLISH]
    assert any(b"without comments" in text for text in packed[language.PSEUDO].values())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("count {folder} --tokenizer r50k_base --budget 100", 3),
        ("cut {folder}/one.txt", 2),
        ("models --search nothing-like-it", 1),
    ],
)
def test_an_exit_code_is_the_same_in_every_language(line: str, code: int, folder: Path) -> None:
    told = tokviz(*line.format(folder=folder).split(), speaks=language.PSEUDO)
    assert told.returncode == code
    assert "ẽẍ" in told.stderr
