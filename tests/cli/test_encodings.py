"""Every command says how a file was read where it is not just UTF-8, and takes a correction."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tests.documents.texts import TEXTS

JAPANESE = TEXTS["ja"] * 20 + "\n"
LATIN = "Ein schöner Satz über Größe und Maß.\n" * 50


def count(command: Runner, *arguments: str) -> str:
    outcome = command("count", *arguments, "--tokenizer", "o200k_base")
    assert outcome.code == 0
    return outcome.out


def record(command: Runner, *arguments: str) -> dict[str, object]:
    (only,) = json.loads(count(command, *arguments, "--json"))["paths"]
    return dict(only)


def test_a_guess_is_told_with_a_way_to_correct_it(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "ja.txt"
    path.write_bytes(JAPANESE.encode("cp932"))
    out = count(command, str(path))
    assert f"{path}: Shift_JIS (guessed)" in out
    assert "--encoding NAME" in out
    found = record(command, str(path))
    assert found["encoding"] == "Shift_JIS"
    assert found["encoding_guessed"] is True
    assert found["replaced"] == 0


def test_plain_files_are_not_remarked_upon(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("grün\n", encoding="utf-8")
    assert "UTF-8" not in count(command, str(tmp_path))
    found = record(command, str(tmp_path))
    assert "encoding" not in found


def test_lost_bytes_are_told(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "damaged.txt"
    path.write_bytes("Grüße aus Köln\n".encode() * 9 + b"\xff\xfe\xff\n")
    assert "UTF-8, 3 � (U+FFFD)" in count(command, str(path))
    found = record(command, str(path))
    assert (found["encoding"], found["replaced"]) == ("UTF-8", 3)


def test_what_little_tells_is_unsure_with_other_readings(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_bytes(b"ab\xe0\xe8 cd\n")
    assert "unsure, read as " in count(command, str(path))
    found = record(command, str(path))
    assert found["other_encodings"]


def test_sizes_are_the_files_own_bytes(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(LATIN.encode("cp1252"))
    size = path.stat().st_size
    assert size < len(LATIN.encode())
    answer = json.loads(count(command, str(tmp_path), "--json"))
    assert answer["bytes"] == answer["paths"][0]["bytes"] == size
    assert f"{size:,} bytes" in count(command, str(path))


def test_an_encoding_is_taken_for_named_files_and_for_what_is_not_utf8_in_folders(
    command: Runner, tmp_path: Path
) -> None:
    (tmp_path / "old.txt").write_bytes("Größe\n".encode("cp850"))
    (tmp_path / "new.txt").write_text("Größe\n", encoding="utf-8")
    out = count(command, str(tmp_path), "--encoding", "cp850", "--pack", "-")
    assert out.count("Größe") == 2
    answer = json.loads(count(command, str(tmp_path / "old.txt"), "--encoding", "ibm850", "--json"))
    assert answer["paths"][0]["encoding_basis"] == "given"


@pytest.mark.parametrize("name", ["tokens", "cut", "compare"])
def test_every_command_takes_an_encoding_and_binaries(name: str, command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\0b \xe9\n")
    options = ["--tokens", "9"] if name == "cut" else ["--tokenizer", "o200k_base"]
    assert command(name, str(path), *options).code == 1
    assert command(name, str(path), *options, "-a", "--encoding", "latin1").code == 0


def test_an_unknown_encoding_is_told_with_a_near_name(command: Runner) -> None:
    outcome = command("count", "-", "--encoding", "windows-1525")
    assert outcome.code == 2
    assert 'do you mean "Windows-125' in outcome.err
