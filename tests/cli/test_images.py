"""Images on the command line, by the makers' formulas."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tests.documents.test_image_size import png

MODELS = ("--model", "gpt-4o", "--model", "claude-opus-4.8", "--model", "gpt-3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.png").write_bytes(png(1024, 1024))
    (tmp_path / "b.png").write_bytes(png(200, 200))
    (tmp_path / "text.txt").write_text("Hello world\n")
    return tmp_path


def test_a_named_image_is_counted_by_formula(command: Runner, folder: Path) -> None:
    outcome = command("count", str(folder / "a.png"), *MODELS)
    assert outcome.code == 0, outcome.err
    assert f"{folder / 'a.png'}: 1 image" in outcome.out
    assert "1,024 × 1,024 pixels (PNG)" in outcome.out
    gpt = next(line for line in outcome.out.splitlines() if line.startswith("GPT-4o"))
    assert "765" in gpt
    assert "by formula" in outcome.out
    assert "No formula is known for GPT-3 (davinci)" in outcome.out
    rows = [line for line in outcome.out.splitlines() if line.startswith("GPT-3")]
    assert [row.split()[-1] for row in rows] == ["unknown"]  # and nowhere that no tokens fit


def test_json_has_each_image_and_the_sums(command: Runner, folder: Path) -> None:
    answer = json.loads(command("count", str(folder), "--images", "--json", *MODELS).out)
    assert answer["images"] == [
        {
            "path": str(folder / "a.png"),
            "format": "PNG",
            "width": 1024,
            "height": 1024,
            "tokens": {"gpt-4o": 765, "claude-opus-4.8": 1369},
        },
        {
            "path": str(folder / "b.png"),
            "format": "PNG",
            "width": 200,
            "height": 200,
            "tokens": {"gpt-4o": 255, "claude-opus-4.8": 64},
        },
    ]
    models = {row["id"]: (row["tokens"], row["provenance"]) for row in answer["models"]}
    assert models["gpt-4o"] == (3 + 765 + 255, "by formula")
    assert models["gpt-3"] == (3, "exact")


def test_a_folder_stays_what_it_is_unless_images_are_asked_for(command: Runner, folder: Path) -> None:
    answer = json.loads(command("count", str(folder), "--json", *MODELS).out)
    assert "images" not in answer
    assert [row["reason"] for row in answer["skipped"]] == ["it is binary data (a PNG image)"] * 2


def test_images_count_in_what_must_fit(command: Runner, folder: Path) -> None:
    for number in range(90):
        (folder / f"{number}.png").write_bytes(png(4000, 4000))
    assert command("count", str(folder), "--fits", "gpt-4o-mini").code == 0
    assert command("count", str(folder), "--images", "--fits", "gpt-4o-mini").code == 3


def test_an_image_through_a_pipe(command: Runner, folder: Path) -> None:
    outcome = command("count", "-", *MODELS, piped=(folder / "b.png").read_bytes())
    assert outcome.code == 0, outcome.err
    assert "200 × 200 pixels" in outcome.out


def test_where_images_are_no_input_they_are_refused_as_before(command: Runner, folder: Path) -> None:
    outcome = command("cost", str(folder / "a.png"), "--model", "gpt-4o")
    assert outcome.code == 1
    assert "it is binary data (a PNG image)" in outcome.err


def test_a_broken_image_is_refused(command: Runner, folder: Path) -> None:
    (folder / "broken.png").write_bytes(png(5, 5)[:20])
    outcome = command("count", str(folder / "broken.png"), *MODELS)
    assert outcome.code == 1
    assert "Cannot read" in outcome.err
