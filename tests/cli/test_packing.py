"""``--pack`` and ``--copy``: one's own text, templates, order, and parts that are exactly what is said."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pygit2
import pytest

from tests.cli.conftest import Runner
from tests.references import reference

ONE = ("--tokenizer", "r50k_base")
EARLIER = '<codebase name="earlier">\n</codebase>\n'
"""A text that was packed before."""


def count(text: str) -> int:
    return len(reference("r50k_base").encode(text, disallowed_special=()))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    texts = {"a.py": "x = 1\n", "src/large.py": "word = 'word'\n" * 200, "src/z.py": "z = 1\n" * 20}
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_ones_own_text_stands_before_and_after_and_is_counted(command: Runner, project: Path) -> None:
    target, prompt = project.parent / "out.md", project.parent / "prompt.txt"
    prompt.write_text("Look at this code.\n\nThink.", encoding="utf-8")
    options = ("--before", f"@{prompt}", "--after", "@@all: what is wrong?")
    outcome = command("count", str(project), "--pack", str(target), *options, *ONE)
    assert outcome.code == 0
    text = target.read_text()
    assert text.startswith("Look at this code.\n\nThink.\n\n# project\n\n```\na.py\nsrc/\n  large.py\n")
    assert text.endswith("z = 1\n```\n\n@all: what is wrong?\n")
    own = count("Look at this code.\n\nThink.") + count("@all: what is wrong?")
    assert f"{count(text):,} tokens by r50k_base, " in outcome.err
    assert f" of them for the wrapping, {own} your own text." in outcome.err
    # It counts for the limit too.
    most = ("--budget", str(count(text) - 1))
    assert command("count", str(project), "--pack", str(target), *options, *most, *ONE).code == 3
    assert command("count", str(project), "--pack", str(target), *most, *ONE).code == 0


def test_ones_own_text_from_standard_input(command: Runner, project: Path) -> None:
    outcome = command(
        "count", str(project), "--pack", "-", "--before", "@-", "--template", "plain", *ONE, piped=b"Piped."
    )
    assert outcome.out.startswith("Piped.\n\nproject\n\na.py\n")
    assert "\n==== src/z.py\nz = 1\n" in outcome.out


@pytest.mark.parametrize(
    ("options", "sentence", "code"),
    [
        (["--before", "@nowhere.txt", "--pack", "-"], "Cannot read nowhere.txt: there is no such file", 1),
        (["--before", "@", "--pack", "-"], "--before @ names no file", 2),
        (["--before", "x"], "--before needs --pack FILE or --copy", 2),
        (["--split", "9"], "--split needs --pack FILE or --copy", 2),
        (["--split", "9", "--copy"], "--copy takes one text", 2),
        (["--overwrite", "--copy"], "--overwrite needs --pack FILE: no file is written otherwise", 2),
        (["--split", "0", "--pack", "-"], "it takes at least 1", 2),
        (["--split", "40", "--pack", "-"], "No parts of 40 tokens can be made", 1),
        (["--template", "nowhere", "--pack", "-"], "There is no template nowhere: name markdown, xml,", 1),
        (["--order", "change", "--pack", "-"], "lies in no git repository; order by path or by tokens.", 1),
    ],
)
def test_what_cannot_be_is_one_sentence(
    command: Runner, project: Path, options: list[str], sentence: str, code: int
) -> None:
    outcome = command("count", str(project), *options, *ONE)
    assert sentence in outcome.err
    assert outcome.code == code
    assert "Traceback" not in outcome.err


def test_a_template_of_ones_own(command: Runner, project: Path) -> None:
    own = project.parent / "own.txt"
    own.write_text("{{before}}{{#files}}\n<{{path}}>\n{{text}}{{/files}}", encoding="utf-8")
    options = ("--template", str(own), "--pack", "-", *ONE)
    outcome = command("count", str(project), *options, "--before", "Look.", "--order", "tokens")
    assert outcome.out.startswith("Look.\n\n<src/large.py>\nword")
    assert re.findall(r"<(.*)>", outcome.out) == ["src/large.py", "src/z.py", "a.py"]
    outcome = command("count", str(project), *options, "--after", "Lost?")
    assert (outcome.code, outcome.out) == (1, "")
    assert "The template has no {{after}}, so your text after would be lost" in outcome.err
    own.write_text("{{#files}}\n{{oops}}{{text}}{{/files}}", encoding="utf-8")
    assert f"{own}, line 2: there is no “oops” here" in command("count", str(project), *options).err


def test_a_template_is_printed_to_begin_with(command: Runner, project: Path) -> None:
    printed = command("count", "--print-template", "xml").out
    own = project.parent / "own.mustache"
    own.write_text(printed, encoding="utf-8")
    by_own = command("count", str(project), "--pack", "-", "--template", str(own), *ONE).out
    assert by_own == command("count", str(project), "--pack", "-", "--template", "xml", *ONE).out


def test_without_the_tree_and_with_line_numbers(command: Runner, project: Path) -> None:
    outcome = command("count", str(project), "--pack", "-", "--no-tree", "--line-numbers", *ONE)
    assert outcome.out.startswith("# project\n\n\n## a.py\n\n```py\n1: x = 1\n```\n")
    assert "\n200: word = 'word'\n" in outcome.out


def test_the_order_by_the_last_change(command: Runner, project: Path) -> None:
    repository = pygit2.init_repository(str(project))
    for moment, path in enumerate(("src/z.py", "a.py", "src/large.py")):
        repository.index.add(path)
        who = pygit2.Signature("A", "a@example.org", 1000 + moment, 0)
        parents = [] if repository.head_is_unborn else [repository.head.target]
        repository.create_commit("HEAD", who, who, path, repository.index.write_tree(), parents)
    repository.index.write()
    options = ("--pack", "-", "--order", "change", *ONE)
    assert re.findall("^## (.*)$", command("count", str(project), *options).out, re.M) == [
        *("src/large.py", "a.py", "src/z.py")
    ]
    (project / "src/z.py").write_text("edited\n", encoding="utf-8")
    (project / "src/new.py").write_text("new\n", encoding="utf-8")
    os.utime(project / "src/new.py", (5000, 5000))
    in_folder = command("count", str(project / "src"), *options)
    assert re.findall("^## (.*)$", in_folder.out, re.M) == ["z.py", "new.py", "large.py"]
    assert in_folder.err.count("\n") == 1


@pytest.mark.parametrize("ending", [".md", ".xml", ".txt"])
def test_parts_are_what_is_said_of_them(command: Runner, project: Path, ending: str) -> None:
    target = project / "parts" / f"out{ending}"
    target.parent.mkdir()
    options = ("--pack", str(target), "--split", "400", "--after", "What is wrong?", *ONE)
    for _ in range(2):  # the second time they are there already, and no part of the input
        outcome = command("count", str(project), *options, "--json")
        assert outcome.code == 0, outcome.err
        found = json.loads(outcome.out)
        texts = [Path(part["path"]).read_text() for part in found["pack"]["parts"]]
        tokens = [part["tokens"]["r50k_base"] for part in found["pack"]["parts"]]
        assert [count(text) for text in texts] == tokens
        assert max(tokens) <= 400
        assert found["files"] == found["pack"]["files"] == 3
    assert sorted(path.name for path in target.parent.iterdir()) == [
        f"out-00{number}{ending}" for number in range(1, len(texts) + 1)
    ]
    assert len(texts) > 2
    lines = "".join(texts).count("word = 'word'\n")
    assert lines == 200
    assert f"3 files in {len(texts)} parts, {min(tokens):,} to {max(tokens):,} tokens each" in outcome.err
    assert found["pack"]["parts"][0]["files"][0] == "a.py"
    fewer = command("count", str(project), "--pack", str(target), "--split", "5000", *ONE)
    assert f"out-002{ending} and {len(texts) - 2} more are left there from an earlier pack" in fewer.err


@pytest.mark.parametrize("more", [[], ["--json"], ["--split", "100"]])
@pytest.mark.parametrize("named", ["refused.bin", "nowhere.txt"])
def test_nothing_is_written_where_no_input_can_be_read(
    command: Runner, tmp_path: Path, named: str, more: list[str]
) -> None:
    (tmp_path / "refused.bin").write_bytes(b"\0\1\2")
    target = tmp_path / "out.md"
    target.write_text(EARLIER, encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    outcome = command("count", str(tmp_path / named), "--pack", str(target), *more, *ONE)
    assert outcome.code == 1
    assert f"Cannot read {tmp_path / named}" in outcome.err
    assert target.read_text(encoding="utf-8") == EARLIER
    assert sorted(tmp_path.iterdir()) == before


def test_what_can_be_read_is_written_beside_what_cannot(command: Runner, project: Path) -> None:
    target, refused = project.parent / "out.md", project.parent / "refused.bin"
    refused.write_bytes(b"\0\1\2")
    outcome = command("count", str(refused), str(project / "a.py"), "--pack", str(target), *ONE)
    assert outcome.code == 1
    assert "x = 1\n" in target.read_text(encoding="utf-8")


def test_parts_on_standard_output(command: Runner, project: Path) -> None:
    outcome = command("count", str(project), "--pack", "-", "--split", "400", *ONE)
    texts = outcome.out.split("\0")
    assert texts.pop() == ""
    assert all(count(text) <= 400 for text in texts)
    assert texts[1].startswith(f"# project, part 2 of {len(texts)}\n")


def test_a_limit_is_about_the_largest_part(command: Runner, project: Path) -> None:
    options = ("--pack", "-", "--split", "400", *ONE)
    assert command("count", str(project), *options, "--budget", "400").code == 0
    outcome = command("count", str(project), *options, "--budget", "300")
    assert (outcome.code, outcome.out) == (3, "")
    assert "Over the budget of 300" in outcome.err
    assert "leave out" not in outcome.err


def test_a_secret_in_ones_own_text(command: Runner, project: Path) -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"[::-1]
    options = ("--pack", "-", "--before", f"key {key}", "--fail-on-secrets", *ONE)
    outcome = command("count", str(project), *options)
    assert (outcome.code, outcome.out) == (4, "")
    assert "your own text, line 1: AWS access key" in outcome.err


def test_copying_without_a_display_asks_the_terminal(
    command: Runner, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.cli.clipboard.has_clipboard", lambda *_: False)
    terminal = project.parent / "tty"
    terminal.touch()
    monkeypatch.setattr("tokviz.cli.clipboard._terminal", lambda: terminal)
    outcome = command("count", str(project), "--copy", *ONE)
    assert outcome.code == 0
    assert "the clipboard: 3 files, " in outcome.err
    assert "The terminal was asked to copy it (OSC 52)" in outcome.err
    written = terminal.read_bytes()
    assert written.startswith(b"\x1b]52;c;")
    text = base64.b64decode(written.removeprefix(b"\x1b]52;c;").removesuffix(b"\x07")).decode()
    assert text == command("count", str(project), "--pack", "-", *ONE).out
    (project / "more.txt").write_text("word " * 20_000, encoding="utf-8")
    assert "terminals take 74,994 bytes" in command("count", str(project), "--copy", *ONE).err
    monkeypatch.setattr("tokviz.cli.clipboard._terminal", lambda: None)
    assert "neither a display nor a terminal" in command("count", str(project), "--copy", *ONE).err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system's own clipboard would change")
def test_copying_starts_what_holds_the_text(
    command: Runner, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offscreen, Qt has a clipboard of its own process."""
    monkeypatch.setattr("tokviz.cli.clipboard.has_clipboard", lambda *_: True)
    monkeypatch.delenv("DISPLAY", raising=False)
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):  # a class, as modules that are imported from here on expect
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr("tokviz.cli.clipboard.subprocess.Popen", Noted)
    (project / "PySide6.py").write_text("raise SystemExit('a module of the current folder was run')\n")
    monkeypatch.chdir(project)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    outcome = command("count", str(project), "--copy", *ONE)
    (process,) = started
    try:
        assert outcome.code == 0, outcome.err
        assert "It is on the clipboard." in outcome.err
        os.kill(process.pid, 0)  # it holds the text
    finally:
        os.kill(process.pid, signal.SIGKILL)
        os.waitpid(process.pid, 0)


@pytest.mark.parametrize("ending", [".md", ".xml", ".txt", "own"])
@pytest.mark.parametrize("split", [False, True])
def test_a_pack_inside_the_tree_is_not_counted_the_next_time(
    command: Runner, project: Path, ending: str, split: bool
) -> None:
    before = json.loads(command("count", str(project), "--json", *ONE).out)
    options = ["--split", "300"] if split else []
    if ending == "own":
        own = project.parent / "own.txt"
        own.write_text("{{part}}{{contents}}{{#files}}\n<{{path}}>\n{{text}}{{/files}}", encoding="utf-8")
        options += ["--template", str(own)]
    target = project / f"pack{ending}"
    assert command("count", str(project), "--pack", str(target), *options, *ONE).code == 0
    written = sorted(path.name for path in project.glob("pack*"))
    assert len(written) > 1 if split else len(written) == 1
    again = command("count", str(project), "--json", *ONE)
    after = json.loads(again.out)
    assert after["counts"] == before["counts"] and after["files"] == before["files"]
    assert {(Path(one["path"]).name, one["reason"]) for one in after["skipped"]} == {
        (name, "packed by tokviz") for name in written
    }
    assert f"{written[0]} is left out: tokviz has packed it; --include {written[0]} counts it." in again.err
    named = json.loads(command("count", str(project), "--include", written[0], "--json", *ONE).out)
    assert named["files"] == 1
    assert json.loads(command("count", str(project / written[0]), "--json", *ONE).out)["files"] == 1
    # It is written over as often as one likes, and edited it is a text of one's own.
    assert command("count", str(project), "--pack", str(target), *options, *ONE).code == 0
    (project / written[0]).write_text("mine", encoding="utf-8")
    assert json.loads(command("count", str(project), "--json", *ONE).out)["files"] == before["files"] + 1


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("inside", [False, True])
def test_a_pack_is_written_over_no_file_of_ones_own(
    command: Runner, project: Path, split: bool, inside: bool
) -> None:
    folder = project if inside else project.parent
    target, lost = folder / "notes.md", folder / ("notes-001.md" if split else "notes.md")
    lost.write_text("# Notes\n", encoding="utf-8")
    options = ["--split", "300"] if split else []
    outcome = command("count", str(project), "--pack", str(target), *options, *ONE)
    assert outcome.code == 2
    assert f"{lost} is there already, and tokviz has not packed it; name another" in outcome.err
    assert lost.read_text(encoding="utf-8") == "# Notes\n"
    assert not (folder / "notes-002.md").exists()
    assert command("count", str(project), "--pack", str(target), "--overwrite", *options, *ONE).code == 0
    assert lost.read_text(encoding="utf-8") != "# Notes\n"


def test_a_pack_by_ones_own_template_that_is_not_remembered_is_written_over_on_request(
    command: Runner, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template, target = project.parent / "own.txt", project.parent / "pack.txt"
    template.write_text("{{#files}}<{{path}}>\n{{text}}{{/files}}", encoding="utf-8")
    asked = ("count", str(project), "--pack", str(target), "--template", str(template), *ONE)
    assert command(*asked).code == 0
    monkeypatch.setenv("XDG_DATA_HOME", str(project.parent / "another"))
    refused = command(*asked)
    assert refused.code == 2 and "write over it with --overwrite" in refused.err
    assert command(*asked, "--overwrite").code == 0
    assert command(*asked).code == 0, "now it is remembered"
    needs = command("count", str(project), "--overwrite", *ONE)
    assert needs.code == 2 and "--overwrite needs --pack FILE or --copy" in needs.err


def test_where_packs_are_not_remembered_they_are_written_over_all_the_same(
    command: Runner, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.parent / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_DATA_HOME", str(project.parent / "file"))
    for _time in range(2):
        outcome = command("count", str(project), "--pack", str(project / "pack.md"), *ONE)
        assert outcome.code == 0
        assert "It cannot be remembered that this is a packed text" in outcome.err
