"""Files that are too large to hold: counted part by part, as exactly as a whole, or refused by a limit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tests.documents.texts import TEXTS
from tokviz.cli import input_reading, piped
from tokviz.cli.input_reading import HELD

LINES = "\r\n".join(
    ["Tokens, tokens: naïve 漢字、 🙂 don't.", "def f(x): return [1, 22, 333]  ", *TEXTS.values()]
)
NAMES = ("o200k_base", "gemma3", "mistral-v7", "claude-v3", "claude-opus-5")


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever has more than 5,000 bytes is read in parts of 3,000."""
    monkeypatch.setattr(input_reading, "HELD", 5000)
    monkeypatch.setattr("tokviz.cli.totals.batch_size", lambda _: 3000)
    monkeypatch.setattr("tokviz.documents.large_text.BLOCK", 1024)
    monkeypatch.setattr(input_reading, "BLOCK", 1024)
    monkeypatch.setattr(piped, "_IN_MEMORY", 2000)


def counted(command: Runner, *arguments: str, piped: bytes = b"") -> dict[str, object]:
    outcome = command("count", "--json", *arguments, piped=piped)
    assert (outcome.code, outcome.err) == (0, "")
    answer: dict[str, object] = json.loads(outcome.out)
    return {key: answer[key] for key in ("files", "bytes", "characters", "lines", "counts", "paths")}


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp932"])
def test_parts_add_up_to_the_whole(
    command: Runner, tmp_path: Path, request: pytest.FixtureRequest, codec: str
) -> None:
    text = LINES if codec != "cp932" else TEXTS["ja"] + "\r\n"
    path = tmp_path / "large.txt"
    path.write_bytes(text.encode(codec) * 12)
    (tmp_path / "small.txt").write_text("a small one\n")
    names = [f"--tokenizer={name}" for name in NAMES]
    whole = counted(command, str(tmp_path), *names)
    request.getfixturevalue("small_parts")
    assert counted(command, str(tmp_path), *names) == whole


@pytest.mark.usefixtures("small_parts")
def test_standard_input_is_counted_in_parts(command: Runner, tmp_path: Path) -> None:
    data = (LINES * 12).encode()
    path = tmp_path / "large.txt"
    path.write_bytes(data)
    named, read = (counted(command, "--tokenizer=o200k_base", name, piped=data) for name in (str(path), "-"))
    del named["paths"], read["paths"]
    assert read == named


@pytest.mark.usefixtures("small_parts")
def test_what_cannot_be_split_is_refused_beside_what_can(command: Runner, tmp_path: Path) -> None:
    path, other = tmp_path / "endless.txt", tmp_path / "other.txt"
    path.write_bytes(b"some words first. " * 500 + b"a" * 1_500_000)
    other.write_text("hello")
    limited = ("count", str(path), str(other), "--tokenizer=o200k_base", "--json", "--largest", "1")
    outcome = command(*limited)
    assert outcome.code == 1
    assert outcome.err == (
        f"tokviz count: Cannot read {path}: 1,000,000 bytes of it have no place to split it at; "
        "take more with --largest MB, or split it.\n"
    )
    answer = json.loads(outcome.out)
    assert (answer["files"], answer["bytes"]) == (1, 5)
    assert command(*limited[:-1], "2").code == 0


@pytest.mark.usefixtures("small_parts")
def test_binary_data_and_damage_are_told_of_large_files(command: Runner, tmp_path: Path) -> None:
    binary, damaged = tmp_path / "program", tmp_path / "damaged.txt"
    binary.write_bytes(b"\x7fELF\0\0" * 2000)
    damaged.write_bytes("naïve words. ".encode() * 1000 + b"\xe9 and \xff")
    outcome = command("count", str(binary), str(damaged), "--tokenizer=o200k_base")
    assert outcome.code == 1
    assert f"Cannot read {binary}: it is binary data" in outcome.err
    assert "damaged.txt" in outcome.out and "2 " in outcome.out.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("cut", "--tokens=5"),
        ("split", "--tokens=500"),
        ("tokens",),
        ("compare", "--tokenizer=o200k_base"),
        ("compare", "--tokenizer=o200k_base", "--forms"),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_texts_taken_as_a_whole_have_a_limit(
    command: Runner, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    path = tmp_path / "large.json"
    path.write_bytes(b"[" + b'"some words", ' * 80_000 + b"1]")
    name, *options = arguments
    for given, shown, data in ((str(path), str(path), b""), ("-", "standard input", path.read_bytes())):
        outcome = command(name, given, *options, "--largest", "1", piped=data)
        assert outcome.code == 1
        assert f"Cannot read {shown}: it is larger than 1,000,000 bytes; take more with" in outcome.err
    if name == "cut":
        assert command(name, str(path), *options, "--largest", "2").code == 0


# The peak that wait4 tells of a child is at least what its parent held when it was forked.
_COUNT = """
import sys
from pathlib import Path
from tokviz.cli import run
code = run(sys.argv[1:])
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0], file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's own peak")
def test_a_file_of_60_mb_is_counted_in_little_memory(tmp_path: Path) -> None:
    once = (LINES * 700).encode()
    times = 60_000_000 // len(once) + 1
    assert len(once) * times > HELD
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        for _ in range(times):
            file.write(once)
    arguments = [sys.executable, "-c", _COUNT, "count", str(path), "--tokenizer", "o200k_base", "--json"]
    counted = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert json.loads(counted.stdout)["bytes"] == len(once) * times
    assert int(counted.stderr.split()[-1]) * 1024 < 350_000_000
