"""Options in company: no asked-for option is passed over in silence, and what is named first decides."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

ONE = ["--tokenizer", "o200k_base"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("Tokenizers differ, évidemment: größer, 日本語.\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["count", "FILE", "-0"], "-0 needs --files-from"),
        (["count", "FILE", "--apply"], "--apply needs --fits MODEL or --budget N"),
        (["count", "FILE", "--keep", "x"], "--keep needs --fits MODEL or --budget N or --shorten WAYS"),
        (
            ["count", "--since", "HEAD", "--budget", "5"],
            "without --pack, --budget says nothing of what changed",
        ),
        (["count", "--staged", "--fits", "gpt-4o"], "without --pack, --fits says nothing of what changed"),
        (["count", "--diff", "a..b", "--top", "3"], "without --pack, --top says nothing of what changed"),
        (["count", "--since", "HEAD", "--tree"], "without --pack, --tree says nothing of what changed"),
        (["count", "FILE", "--pack", "-", "--json"], "--json does not go with --pack -"),
        # What a script has in an empty variable.
        (["count", "--since", ""], "--since takes a revision"),
        (["count", "--diff", ".."], "“..” names no two revisions"),
        (["count", "--diff", "..."], "“...” names no two revisions"),
        (["cut", "FILE", "--tokens", "5", "--reserve", "5"], "--reserve is kept of a model's window"),
        (
            ["split", "FILE", "--tokens", "5", "--model", "gpt-4o", "--reserve", "5"],
            "--reserve is kept of a model's window",
        ),
        (["split", "FILE", "--tokens", "5", "--json", "--output", "o"], "--json does not go with --output"),
        (["split", "FILE", "--tokens", "5", "--json", "--separator", "x"], "--separator is for chunks on"),
        (
            ["split", "FILE", "--tokens", "5", "--output", "o", "--separator", "x"],
            "--separator is for chunks",
        ),
        (["models", "--revert", "--update", "FILE"], "--revert does not go with --update"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_an_option_that_would_do_nothing_is_told(
    command: Runner, file: Path, arguments: list[str], sentence: str
) -> None:
    outcome = command(*(str(file) if word == "FILE" else word for word in arguments))
    assert outcome.code == 2 and sentence in outcome.err and not outcome.out


@pytest.mark.parametrize(
    ("option", "value"),
    [("--budget", "-1"), ("--budget", "-1,000"), ("--tree", "-1"), ("--reserve", "-5"), ("--top", "-2")],
)
def test_a_negative_number_is_told_as_one_although_an_option_is_called_0(
    command: Runner, file: Path, option: str, value: str
) -> None:
    outcome = command("count", str(file), option, value)
    assert outcome.code == 2 and f"argument {option}: it cannot be negative, as {value} is" in outcome.err


def test_a_negative_share_is_told_as_one(command: Runner, file: Path) -> None:
    outcome = command("cost", str(file), "--model", "gpt-4o", "--cached", "-1%")
    assert outcome.code == 2 and "“-1%” is no percentage from 0 to 100" in outcome.err


def test_the_first_tokenizer_that_is_asked_for_decides(command: Runner, file: Path) -> None:
    def tokens(*names: str) -> tuple[int, str]:
        options = [word for name in names for word in ("--tokenizer", name)]
        outcome = command("count", str(file), "--budget", "1,000", *options)
        return outcome.code, outcome.err.rpartition("(")[2]

    assert tokens("gemma", "r50k_base") == (0, "gemma).\n")
    assert tokens("r50k_base", "gemma") == (0, "r50k_base).\n")


def test_a_model_that_it_is_to_fit_leaves_all_models_shown(command: Runner, file: Path) -> None:
    record = json.loads(command("count", str(file), "--fits", "phi-4", "--all-models", "--json").out)
    shown = [model["id"] for model in record["models"]]
    assert "phi-4" in shown and len(shown) > 100


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("made_from", ["input", "template", "before", "list"])
def test_a_pack_is_never_written_over_what_it_is_made_from(
    command: Runner, file: Path, made_from: str, linked: bool
) -> None:
    own = file.with_name("own.txt")
    own.write_text(f"{file}\n", encoding="utf-8")
    target = own
    if linked:
        target = own.with_name("link.txt")
        target.symlink_to(own)
    options = {
        "input": [str(file), str(own)],
        "template": [str(file), "--template", str(own)],
        "before": [str(file), "--before", f"@{own}"],
        "list": ["--files-from", str(own)],
    }[made_from]
    outcome = command("count", *options, "--pack", str(target), *ONE)
    assert outcome.code == 2 and f"The text would be written over {own}" in outcome.err
    assert own.read_text(encoding="utf-8") == f"{file}\n"


def test_parts_are_never_written_over_what_they_are_made_from(command: Runner, file: Path) -> None:
    own = file.rename(file.with_name("all-001.txt"))
    before = own.read_bytes()
    outcome = command("count", str(own), "--pack", str(own.with_name("all.txt")), "--split", "100", *ONE)
    assert outcome.code == 2 and "all-001.txt, which it is made from" in outcome.err
    assert own.read_bytes() == before


def test_one_text_that_is_too_much_is_not_advised_to_be_left_out(command: Runner, file: Path) -> None:
    outcome = command("count", str(file), "--budget", "2", *ONE)
    assert outcome.code == 3 and "`tokviz cut` gives as much of this one text as fits." in outcome.err
    assert "leave out" not in outcome.err
