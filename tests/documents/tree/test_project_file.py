"""A project file is read as data: every mistake is told with its line and key, and the rest is used."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.speaking import speaking
from tokviz import language
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.project_file import OWN, ProjectFile, read_project_file
from tokviz.documents.tree.walking import WalkOptions


def read(folder: Path, text: str, name: str = OWN) -> ProjectFile:
    (folder / name).write_text(text, encoding="utf-8")
    found = read_project_file(folder)
    assert found is not None
    return found


def test_everything_that_may_stand_there(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
include = ["src/**", "./docs"]
exclude = ["*.lock"]
keep = ["src/core"]
models = ["gpt-4o"]
tokenizers = ["o200k_base"]
ignore_files = false
hidden = true
documents = true
shorten = ["notebooks", "comments"]

[budgets]
"src/**" = 100_000
"./docs" = 0
""",
    )
    assert found == ProjectFile(
        "tokviz.toml",
        include=("src/**", "/docs"),
        exclude=("*.lock",),
        keep=("src/core",),
        models=("gpt-4o",),
        tokenizers=("o200k_base",),
        ignore_files=False,
        hidden=True,
        documents=True,
        shorten=(Shortening.NOTEBOOKS, Shortening.COMMENTS),
        budgets={"src/**": 100_000, "/docs": 0},
    )
    assert str(found) == (
        "tokviz.toml is applied: 3 patterns, 1 pattern kept, 1 model, 1 tokenizer, 2 shortenings, 2 budgets, "
        "without ignore files, with hidden files, with documents"
    )
    options = found.applied(WalkOptions(exclude=("mine",), reading=ReadOptions(binaries=True)))
    assert options.include == ("src/**", "/docs")
    assert options.exclude == ("*.lock", "mine")
    assert options.hidden and not options.respect_ignore_files
    assert options.reading == ReadOptions(
        True, shortened=frozenset((Shortening.NOTEBOOKS, Shortening.COMMENTS)), document_text=True
    )
    assert found.applied(WalkOptions(include=("asked",))).include == ("asked",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('\nexclude = "docs"', "tokviz.toml, line 2: “exclude” must be a list, not text."),
        ("\n\nmodles = []", "tokviz.toml, line 3: unknown key “modles”; did you mean “models”?"),
        ('exclude = ["ok", 5]', "tokviz.toml, line 1: “exclude[1]” must be text, not a whole number."),
        ('shorten = ["notebook"]', "tokviz.toml, line 1: “shorten[0]” has the unknown value 'notebook'."),
        ("hidden = 1", "tokviz.toml, line 1: “hidden” must be true or false, not a whole number."),
        (
            '[budgets]\n"a" = 1\n"b" = "many"',
            "tokviz.toml, line 3: budgets: b: “tokens” must be a whole number",
        ),
        (
            '[budgets]\n"b" = -1',
            "tokviz.toml, line 2: budgets: b: “tokens” must be a whole number of at least 0.",
        ),
        ("budgets = 7", "tokviz.toml, line 1: “budgets” must be a table."),
        ('hidden = true\nkeep = ["["]', "tokviz.toml, line 2: keep [: the pattern matches nothing"),
        ('[budgets]\n"[" = 1', "tokviz.toml, line 2: budgets [: the pattern matches nothing"),
        ("a = [", "tokviz.toml is not used: Invalid value"),
        ("a = " + "[" * 100_000, "tokviz.toml is nested too deeply."),
    ],
)
def test_a_mistake_has_its_line_and_the_rest_is_used(tmp_path: Path, text: str, sentence: str) -> None:
    found = read(tmp_path, text)
    (problem,) = found.problems
    assert problem.startswith(sentence)
    later = read(tmp_path, f'models = ["m"]\n{text}')
    if "is not used" not in sentence and "nested" not in sentence:
        assert later.models == ("m",)
        assert len(later.problems) == 1


@pytest.mark.parametrize("code", [language.ENGLISH, "zh_CN"])
def test_a_file_that_is_no_toml_is_named_once(tmp_path: Path, code: str) -> None:
    with speaking(code):
        (problem,) = read(tmp_path, "a = [").problems
    assert (problem.count(OWN), "Invalid value" in problem) == (1, True)


def test_a_file_that_is_not_utf_8_is_not_used(tmp_path: Path) -> None:
    (tmp_path / OWN).write_bytes(b"# x\na = '\xff'")
    found = read_project_file(tmp_path)
    assert found is not None
    assert found.problems == ("tokviz.toml is not used: line 2 is not UTF-8.",)
    assert str(found) == "tokviz.toml is not applied"


def test_a_key_with_a_typing_mistake_is_guessed(tmp_path: Path) -> None:
    found = read(tmp_path, 'model = "gpt-4o"\nexcludes = ["a"]\nxyzzy = 1\nhidden = true')
    assert found.hidden is True
    assert found.problems == (
        "tokviz.toml, line 1: unknown key “model”; did you mean “models”?",
        "tokviz.toml, line 2: unknown key “excludes”; did you mean “exclude”?",
        "tokviz.toml, line 3: unknown key “xyzzy”.",
    )


def test_the_entries_of_a_list_that_are_right_are_used(tmp_path: Path) -> None:
    assert read(tmp_path, 'exclude = ["a", 5, "b"]').exclude == ("a", "b")
    assert read(tmp_path, "[budgets]\na = 1\nb = 1.5\nc = 3").budgets == {"a": 1, "c": 3}


def test_a_table_of_pyproject(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\nexclude = 1\n[tool.tokviz]\nexclude = ["a"]\nhidden = 3\n'
    text += "[tool.tokviz.budgets]\na = 5\n"
    found = read(tmp_path, text, "pyproject.toml")
    assert found.name == "[tool.tokviz] in pyproject.toml"
    assert (found.exclude, found.budgets) == (("a",), {"a": 5})
    assert found.problems == ("pyproject.toml, line 6: “hidden” must be true or false, not a whole number.",)
    assert read(tmp_path, 'tool.tokviz = "x"', "pyproject.toml").problems == (
        "pyproject.toml: “tool.tokviz” must be a table.",
    )
    # One's own file stands instead.
    assert read(tmp_path, "hidden = true").name == "tokviz.toml"


def test_there_is_none(tmp_path: Path) -> None:
    assert read_project_file(tmp_path) is None
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tokviz"\n')
    assert read_project_file(tmp_path) is None
    (tmp_path / "pyproject.toml").write_text("broken [")
    assert read_project_file(tmp_path) is None


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_nothing_but_a_file_of_the_folder_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text('exclude = ["a"]')
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / OWN).symlink_to(secret)
    found = read_project_file(folder)
    assert found is not None
    assert (found.exclude, len(found.problems)) == ((), 1)
    (folder / OWN).unlink()
    os.mkfifo(folder / OWN)
    found = read_project_file(folder)
    assert found is not None
    assert "named pipe" in found.problems[0]


@given(st.text(st.sampled_from("[]{}=\"'abtokviz.\n 1,budgetsexclude")))
def test_any_text_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    found = read(folder, text)
    assert all(problem.endswith(".") and "\n" not in problem for problem in found.problems)
