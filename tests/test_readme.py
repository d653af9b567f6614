"""The README's commands are whole, and CI runs the very one that it names."""

import re
import tomllib
from pathlib import Path

from tests.benchmarks.codebase_peers import TIMES_AS_FAST

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def command(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```sh\n(.+?)\n```", README, re.DOTALL)
    assert found, name
    return found[1]


def test_two_commands_each_install_what_they_need() -> None:
    for name in ("open", "test"):
        text = command(name)
        assert "\n" not in text
        assert text.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    sample = command("open").split()[-1]
    assert (ROOT / sample).is_file()


def test_ci_takes_its_commands_from_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "README.md" in script
    assert "pytest" not in script
    assert re.findall(r"^sudo apt install .+$", README, re.MULTILINE) != []


def test_the_picture_is_there_and_the_version_is_one() -> None:
    for path in re.findall(r"!\[[^]]*]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    from tokviz import __version__

    assert project["version"] == __version__
    assert project["name"] == "tokviz-desktop"  # PyPI's tokviz is somebody else's package
    assert project["license-files"]
    for path in project["license-files"]:
        assert (ROOT / path).is_file(), path


def test_the_comparison_is_what_the_benchmark_holds() -> None:
    rows = re.findall(r"^\| ([^|]+) \|[^|]+\| ([\d.]+) × \|$", README, re.MULTILINE)
    assert {name: float(times) for name, times in rows} == TIMES_AS_FAST


def test_no_other_file_stands_at_the_top() -> None:
    known = {"tokviz", "resources", "tests", "pyproject.toml", "README.md", "LICENSE"}
    built = {"build", "dist"}
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert names - built - {name for name in names if name.endswith(".egg-info")} == known
