"""``tokviz count --since``, ``--staged`` or ``--diff`` with ``--pack``: what changed as one text."""

import json
from pathlib import Path

import pytest
import tiktoken

from tests.cli.conftest import Runner
from tests.cli.test_changes import ONE, Project, encoding, project
from tests.speaking import speaking
from tokviz.cli.packed_changes import leads_out

__all__ = ["encoding", "project"]
BOTH = ("--with-diff", "--with-log")
DIFF = """\
@@ -8,3 +8,13 @@ x = 1
 x = 1
 x = 1
 x = 1
+x = 1
"""


def packed(command: Runner, project: Project, target: Path, *options: str) -> str:
    outcome = command("count", str(project.folder), *options, *ONE, "--pack", str(target))
    assert outcome.code == 0, outcome.err
    return target.read_text("utf-8")


def test_a_range_has_its_files_its_diff_and_its_log(
    command: Runner, project: Project, tmp_path: Path, encoding: tiktoken.Encoding
) -> None:
    target = tmp_path / "pack.md"
    text = packed(command, project, target, "--diff", "HEAD~1..HEAD", *BOTH)
    assert text.startswith("# project\n")
    for piece in (
        DIFF,
        "-y = 2\n",
        "\n    two\n",
        "Author: A\n",
        "new = 3\nnew = 3\n",
        "gone.py",
        "x = 1\n" * 20,
    ):
        assert piece in text
    assert "same.py" not in text
    assert "example.org" not in text  # no mail address
    found = json.loads(
        command(
            *("count", str(project.folder), "--diff", "HEAD~1..HEAD", *BOTH, *ONE, "--json"),
            *("--pack", str(target)),
        ).out
    )
    assert found["pack"]["tokens"]["r50k_base"] == len(encoding.encode(text, disallowed_special=()))
    assert [Path(one["path"]).name for one in found["paths"]] == [
        "commits in HEAD~1..HEAD.txt",
        "changes in HEAD~1..HEAD.diff",
        "a.py",
        "new.py",
    ]
    assert [gone["reason"] for gone in found["skipped"]] == ["it is deleted"]


def test_without_the_options_the_files_alone(command: Runner, project: Project, tmp_path: Path) -> None:
    text = packed(command, project, tmp_path / "pack.md", "--diff", "HEAD~1..HEAD")
    assert "x = 1\n" * 20 in text
    assert "@@" not in text
    assert "Author" not in text


def test_patterns_choose_of_the_files_and_of_the_diff(
    command: Runner, project: Project, tmp_path: Path
) -> None:
    text = packed(command, project, tmp_path / "pack.md", "--since", "HEAD~1", *BOTH, "--exclude", "sub")
    assert DIFF in text and "\n    two\n" in text
    assert "new = 3" not in text and "new.py" not in text


@pytest.mark.parametrize("folders", [("", "sub"), ("sub", "")])
def test_of_folders_that_overlap_each_file_is_packed_and_counted_once(
    command: Runner, project: Project, tmp_path: Path, folders: tuple[str, str]
) -> None:
    target = tmp_path / "pack.md"
    paths = [str(project.folder / folder) for folder in folders]
    asked = ("count", *paths, "--diff", "HEAD~1..HEAD", *ONE)
    assert command(*asked, *BOTH, "--pack", str(target)).code == 0
    text = target.read_text("utf-8")
    # Once as it is, and once in the diff.
    assert text.splitlines().count("new = 3") == 4 and text.splitlines().count("+new = 3") == 4
    assert text.count(DIFF) == 1 and text.count("\n    two\n") == 1
    changed = json.loads(command(*asked, "--json").out)["changes"]
    assert sorted(Path(one["path"]).name for one in changed) == ["a.py", "gone.py", "new.py"]


def test_what_is_staged_and_what_only_lies_there(command: Runner, project: Project, tmp_path: Path) -> None:
    project.write("a.py", "staged = 1\n")
    project.stage()
    project.write("a.py", "lying = 1\n")
    staged = packed(command, project, tmp_path / "one.md", "--staged", *BOTH)
    assert "+staged = 1\n" in staged
    assert "lying" not in staged
    assert "commit " not in staged
    lying = packed(command, project, tmp_path / "two.md", "--since", "HEAD~1", *BOTH)
    assert "+lying = 1\n" in lying
    assert "    two\n" in lying


def test_the_pack_is_fitted_searched_and_split(command: Runner, project: Project, tmp_path: Path) -> None:
    key = "AKIA" + "QYLPMN5HFIQR7XYA"
    project.write("a.py", f"key = '{key}'\n")
    project.commit("three")
    project.write("a.py", "key = None\n")
    project.commit("four")
    asked = ("count", str(project.folder), "--diff", "HEAD~1..HEAD", *BOTH, *ONE)
    target = tmp_path / "pack.md"
    over = command(*asked, "--pack", str(target), "--budget", "20")
    assert over.code == 3
    assert not target.exists()
    assert command(*asked, "--pack", str(target), "--fail-on-secrets").code == 4  # in a line that is removed
    assert command(*asked, "--pack", str(target), "--split", "120").code == 0
    parts = [file.read_text("utf-8") for file in sorted(tmp_path.glob("pack-*.md"))]
    assert len(parts) > 1
    assert key in "".join(parts)


def test_what_is_no_text_is_named_in_the_diff(command: Runner, project: Project, tmp_path: Path) -> None:
    project.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\r")
    project.write("latin.txt", "Straße nach Köln und Übersee\n".encode("cp1252") * 3)
    project.commit("three")
    text = packed(command, project, tmp_path / "pack.md", "--diff", "HEAD~1..HEAD", "--with-diff")
    assert "Binary files /dev/null and b/picture.png differ\n" in text
    assert "+Straße nach Köln und Übersee\n" in text


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--pack", "x.md", "--with-diff"), "--with-diff needs --since, --staged or --diff"),
        (("--since", "HEAD", "--with-log"), "--with-log needs --pack FILE or --copy"),
        (("--staged", "--pack", "x.md", "--order", "change"), "--order change does not go with"),
        (("--staged", "--pack", "x.md", "--max-growth", "1"), "--max-growth does not go with --pack"),
    ],
)
def test_options_that_do_not_go_together(
    command: Runner, project: Project, options: tuple[str, ...], sentence: str
) -> None:
    outcome = command("count", str(project.folder), *options)
    assert outcome.code == 2
    assert sentence in outcome.err


def test_outside_a_repository_it_says_so(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    outcome = command("count", str(tmp_path / "plain"), "--since", "HEAD", "--pack", str(tmp_path / "x.md"))
    assert outcome.code == 1
    assert "lies in no git repository" in outcome.err


@pytest.mark.parametrize(
    ("path", "out"), [("a/b", False), ("..", True), ("a/../../b", True), ("/etc/x", True)]
)
def test_no_path_leads_out(path: str, out: bool) -> None:
    assert leads_out(path) is out


def test_a_pack_is_the_same_whatever_language_its_maker_speaks(
    command: Runner, project: Project, tmp_path: Path
) -> None:
    asked = ("--since", "HEAD~1", *BOTH)
    text = packed(command, project, tmp_path / "pack.md", *asked)
    with speaking("de"):
        assert packed(command, project, tmp_path / "paket.md", *asked) == text
