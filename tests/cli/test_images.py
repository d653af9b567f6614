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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A thousand tokens of documentation, as many of source, and two images of 765 each."""
    (tmp_path / "shots").mkdir()
    (tmp_path / "docs").mkdir()
    for name in ("shots/a.png", "shots/b.png"):
        (tmp_path / name).write_bytes(png(1024, 1024))
    (tmp_path / "docs" / "guide.md").write_text("word " * 1000)
    (tmp_path / "a.py").write_text("word " * 1000)
    return tmp_path


GPT = ("--images", "--model", "gpt-4o")
IMAGES = {"path": "/shots/", "kind": "images and media as text", "action": "drop", "files": 2}
IMAGES |= {"tokens": 2 * 765, "provenance": "by formula"}


def plan(command: Runner, folder: Path, budget: int, *options: str) -> list[dict[str, object]]:
    outcome = command("count", str(folder), *options, "--budget", str(budget), "--json")
    assert outcome.code in (0, 3), outcome.err
    found: list[dict[str, object]] = json.loads(outcome.out)["plan"]
    return found


def test_a_budget_and_its_plan_know_of_images(command: Runner, project: Path) -> None:
    text = json.loads(command("count", str(project), "--json", "--model", "gpt-4o").out)["counts"][0][
        "tokens"
    ]
    assert plan(command, project, text + 1530, *GPT) == []
    assert plan(command, project, text + 1529, *GPT) == [IMAGES]
    kinds = [step["kind"] for step in plan(command, project, text - 500, *GPT)]
    assert kinds == ["images and media as text", "documentation"]  # images go first, and documentation next
    assert plan(command, project, text, "--model", "gpt-4o") == []  # nobody asked for images
    assert plan(command, project, text, "--images", "--tokenizer", "o200k_base") == []  # it has no formula
    outcome = command("count", str(project), *GPT, "--budget", str(text + 1529))
    assert outcome.code == 3
    assert "Of these, 1,530 are of images, by the formula of GPT-4o." in outcome.err
    assert "1,530  images by formula: /shots/" in outcome.err
    assert f"{text:,}  tokens are left, which fits" in outcome.err


def test_kept_images_stay_in_the_plan(command: Runner, project: Path) -> None:
    found = plan(command, project, 2200, *GPT, "--keep", "a.png")
    assert (found[0]["path"], found[0]["tokens"]) == ("/shots/b.png", 765)
    assert [step["kind"] for step in found][1:] == ["documentation"]


def test_applied_the_plan_leaves_no_image(command: Runner, project: Path) -> None:
    assert command("count", str(project), *GPT, "--budget", "2100", "--apply").code == 3
    assert "/shots/" in (project / ".tokvizignore").read_text().splitlines()
    again = command("count", str(project), *GPT, "--budget", "2100", "--json")
    assert again.code == 0
    assert "images" not in json.loads(again.out)


def test_tables_have_a_column_for_each_models_formula(command: Runner, project: Path) -> None:
    outcome = command("count", str(project), *GPT, "--model", "gpt-3", "--tree=2", "--files")
    rows = [line.split() for line in outcome.out.splitlines()]
    assert "GPT-4o, images by formula" in outcome.out and "GPT-3 (davinci), images" not in outcome.out
    images = [row for row in rows if row and row[0].endswith("a.png") and "765" in row]
    assert len(images) == 2
    assert any("1,530" in row for row in rows if row and row[0] == "shots/")
