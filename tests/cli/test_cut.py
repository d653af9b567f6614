"""``tokviz cut`` and ``tokviz split`` print parts of a text that are small enough."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.assets import Assets
from tokviz.cli import run
from tokviz.tokenization.registry import Registry

TEXT = "One is short. Two is short.\r\nThree is a longer line, naïve 漢字. Four.\n" * 30
DATA = TEXT.encode()


def count(name: str, data: bytes) -> int:
    return Registry(Assets()).get(name).count(data)


def output_of(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bytes:
    """What the command writes to standard output for ``DATA``, byte by byte."""
    out = io.TextIOWrapper(io.BytesIO(), newline="\n")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DATA)))
        patch.setattr(sys, "stdout", out)
        assert run([*arguments, "-"]) == 0
    out.flush()
    return out.buffer.getvalue()


def test_cut_prints_the_beginning_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, option in (("mistral-v3", ("--tokenizer", "mistral-v3")), ("o200k_base", ())):
        cut = output_of(monkeypatch, "cut", "--tokens", "100", *option)
        assert DATA.startswith(cut)
        assert count(name, cut) == 100
    lines = output_of(monkeypatch, "cut", "--tokens", "100", "--at", "line")
    assert lines.endswith(b"\n")
    sentences = output_of(monkeypatch, "cut", "--tokens", "100", "--at", "sentence")
    assert sentences.endswith((b". ", b".\r\n"))
    assert len(lines) <= len(sentences) <= len(cut)


def test_cut_says_what_it_kept(command: Runner) -> None:
    outcome = command("cut", "--tokens", "1,000,000", "-", piped=b"short")
    assert (outcome.code, outcome.out) == (0, "short")
    assert outcome.err == "tokviz cut: The whole text fits: 1 token (o200k_base) of 1,000,000.\n"
    outcome = command(
        "cut", "--tokens", "5", "--at", "line", "-", piped=b"One\nTwo and three and four and five\n"
    )
    assert outcome.out == "One\n"
    assert outcome.err == "tokviz cut: Kept 2 tokens (o200k_base), 4 of 36 bytes, to the end of a line.\n"


def test_cut_to_a_models_window(command: Runner) -> None:
    text = b"word " * 9000
    outcome = command("cut", "--model", "gpt-4", "--reserve", "1000", "--json", "-", piped=text)
    answer = json.loads(outcome.out)
    assert answer["limit"] == answer["tokens"] == 8192 - 1000 == count("cl100k_base", answer["text"].encode())
    assert (answer["bytes"], answer["at"], answer["provenance"]) == (45000, "token", "exact")
    assert "GPT-4 takes 7,192 with 1,000 kept for the answer" in outcome.err
    outcome = command("cut", "--model", "gpt-4", "--tokens", "3", "-", piped=text)
    assert "3 tokens (cl100k_base)" in outcome.err


def test_split_prints_every_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = output_of(monkeypatch, "split", "--tokens", "50").split(b"\0")
    assert chunks.pop() == b""
    assert b"".join(chunks) == DATA
    assert [count("o200k_base", chunk) <= 50 for chunk in chunks] == [True] * len(chunks)
    marked = output_of(monkeypatch, "split", "--tokens", "50", "--separator", "|\n", "--at", "line")
    assert marked.replace(b"|\n", b"") == DATA
    assert marked.count(b"\n|\n") > 10


def test_split_as_json_overlaps(command: Runner) -> None:
    outcome = command(
        "split", "--tokens", "60", "--overlap", "20", "--at", "sentence", "--json", "-", piped=DATA
    )
    answer = json.loads(outcome.out)
    assert {key: answer[key] for key in ("tokenizer", "limit", "overlap", "at", "bytes")} == {
        "tokenizer": "o200k_base",
        "limit": 60,
        "overlap": 20,
        "at": "sentence",
        "bytes": len(DATA),
    }
    end = 0
    for number, chunk in enumerate(answer["chunks"], 1):
        assert chunk["number"] == number
        assert chunk["text"].encode() == DATA[chunk["start"] : chunk["end"]]
        assert chunk["tokens"] == count("o200k_base", chunk["text"].encode()) <= 60
        assert chunk["start"] <= end < chunk["end"]
        assert count("o200k_base", DATA[chunk["start"] : end]) <= 20
        end = chunk["end"]
    assert end == len(DATA)
    assert outcome.err.startswith(f"tokviz split: {len(answer['chunks'])} chunks of ")
    assert "overlapping by up to 20, at sentences." in outcome.err


def test_split_of_nothing(command: Runner) -> None:
    outcome = command("split", "--tokens", "60", "--json", "-", piped=b"")
    assert json.loads(outcome.out)["chunks"] == []
    assert "no chunks" in outcome.err


def test_split_writes_files(command: Runner, tmp_path: Path) -> None:
    file, folder = tmp_path / "story.md", tmp_path / "new" / "parts"
    file.write_bytes(DATA)
    outcome = command("split", "--tokens", "100", str(file), "--output", str(folder))
    assert (outcome.code, outcome.out) == (0, "")
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "story-001.md"
    assert b"".join((folder / name).read_bytes() for name in names) == DATA
    again = command("split", "--tokens", "500", str(file), "--output", str(folder))
    assert again.code == 1
    assert "story-001.md is there already" in again.err
    assert command("split", "--tokens", "9", str(file), "--output", str(file)).code == 1
    assert command("split", "--tokens", "900", "-", "--output", str(tmp_path), piped=DATA).code == 0
    assert (tmp_path / "input-001.txt").exists()


def test_estimates_are_cut_by_their_high_end(command: Runner) -> None:
    name = Registry(Assets()).estimator_names()[0]
    outcome = command("cut", "--tokens", "200", "--tokenizer", name, "--json", "-", piped=DATA)
    answer = json.loads(outcome.out)
    assert answer["provenance"] == "estimate"
    assert 150 < answer["tokens"] <= 200
    assert "estimate, by its high end" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["cut"], 2, "Say how much"),
        (["cut", "--tokens", "0"], 2, "at least 1"),
        (["cut", "--tokens", "-5"], 2, "it cannot be negative, as -5 is"),
        (["cut", "--tokens", "x"], 2, "is no number"),
        (["cut", "--tokens", "5", "--at", "word"], 2, "invalid choice"),
        (["cut", "--tokens", "5", "--tokenizer", "o200k"], 2, "did you mean “o200k_base”"),
        (["cut", "--model", "gpt-4", "--tokenizer", "o200k_base"], 2, "not both"),
        (["cut", "--model", "gpt4"], 2, "There is no model “gpt4”"),
        (["cut", "--model", "gpt-4", "--reserve", "9000"], 2, "leaves GPT-4 no tokens"),
        (["split", "--tokens", "5", "--overlap", "5"], 2, "make --overlap smaller"),
        (["split", "--tokens", "1", "--tokenizer", "r50k_base"], 1, "alone takes"),
    ],
)
def test_wrong_requests(command: Runner, arguments: list[str], code: int, sentence: str) -> None:
    outcome = command(*arguments, "-", piped="👩‍👩‍👧".encode())
    assert outcome.code == code
    assert sentence in outcome.err


def test_input_that_fails(command: Runner, tmp_path: Path) -> None:
    for name in ("cut", "split"):
        outcome = command(name, "--tokens", "5", str(tmp_path / "missing"))
        assert outcome.code == 1
        assert "missing" in outcome.err
