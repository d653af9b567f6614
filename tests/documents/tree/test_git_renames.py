"""A file that is gone and a new one like it are one that was renamed, as git has it."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.documents.tree.git_changes import ChangedFile
from tokviz.documents.tree.git_patches import patch_text
from tokviz.documents.tree.git_renames import similarity, with_renames

LINES = b"".join(b"line %d\n" % number for number in range(40))
EDITED = LINES.replace(b"line 7\n", b"seven\n")


def gone(path: str, text: bytes) -> ChangedFile:
    return ChangedFile(path, text, None)


def new(path: str, text: bytes) -> ChangedFile:
    return ChangedFile(path, None, text)


def pairs(*files: ChangedFile) -> dict[str, str]:
    return {file.path: file.former for file in with_renames(files)}


def test_equal_files_are_paired_first_those_that_are_called_alike() -> None:
    assert pairs(gone("a/x.py", LINES), gone("b/y.py", LINES), new("c/y.py", LINES)) == {
        "a/x.py": "",
        "c/y.py": "b/y.py",
    }


def test_files_with_half_of_their_lines_in_common_are_paired_the_most_alike_first() -> None:
    half = LINES[: len(LINES) * 6 // 10]
    assert pairs(gone("a", LINES), new("b", half), new("c", EDITED)) == {"b": "", "c": "a"}
    assert pairs(gone("a", LINES), new("b", half)) == {"b": "a"}
    assert pairs(gone("a", LINES), new("b", LINES[: len(LINES) // 3])) == {"a": "", "b": ""}


def test_what_is_there_on_both_sides_and_what_is_empty_is_not_paired() -> None:
    both = ChangedFile("both", LINES, EDITED)
    assert pairs(both, new("new", LINES), gone("e", b""), new("f", b"")) == {
        "both": "",
        "new": "",
        "e": "",
        "f": "",
    }


def test_a_folder_of_very_many_files_may_be_renamed_and_each_edited() -> None:
    def text(number: int, edited: bytes = b"") -> bytes:
        own = b"".join(b"%d times %d is %d\n" % (number, n, number * n) for n in range(20))
        return b"import all\n" + edited + own + b"the end\n"

    files = [gone(f"a/{n}.py", text(n)) for n in range(400)]
    files += [new(f"b/{n}.py", text(n, b"import more\n")) for n in range(1, 400)] + [new("c", text(0))]
    expected = {f"b/{n}.py": f"a/{n}.py" for n in range(1, 400)}
    begun = time.thread_time()
    assert pairs(*files) == {**expected, "c": "a/0.py"}
    assert time.thread_time() - begun < 2  # 0.06 s


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=12)), max_size=8))
def test_no_file_is_lost(made: list[tuple[bool, bytes]]) -> None:
    files = [(new if fresh else gone)(f"{n}", text) for n, (fresh, text) in enumerate(made)]
    found = with_renames(files)
    paths = [path for file in found for path in (file.path, file.former) if path]
    assert sorted(paths) == sorted(file.path for file in files)
    texts = [text for file in found for text in (file.before, file.after) if text is not None]
    assert sorted(texts) == sorted(text for _fresh, text in made)


def test_how_much_two_texts_have_in_common() -> None:
    assert similarity(LINES, LINES) == 100
    assert similarity(LINES, EDITED) == 97
    assert similarity(LINES, b"") == similarity(b"", LINES) == 0


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
@pytest.mark.parametrize("after", [LINES, EDITED, b"\0\1" * 99])
def test_the_patch_is_one_that_git_applies(tmp_path: Path, after: bytes) -> None:
    before = after if after.startswith(b"\0") else LINES
    patch = patch_text([gone("old name.py", before), new("sub/new.py", after)])
    assert b"rename from old name.py\nrename to sub/new.py\n" in patch
    (tmp_path / "old name.py").write_bytes(before)
    (tmp_path / "p.diff").write_bytes(patch)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "p.diff"], cwd=tmp_path, check=True)
    assert (tmp_path / "sub/new.py").read_bytes() == after and not (tmp_path / "old name.py").exists()


def test_a_binary_file_that_was_renamed_and_altered_differs() -> None:
    data = b"\0\1\n" * 99
    patch = patch_text([gone("a.bin", data), new("b.bin", data + b"\0")])
    assert patch == (
        b"diff --git a/a.bin b/b.bin\nsimilarity index 99%\nrename from a.bin\nrename to b.bin\n"
        b"Binary files a/a.bin and b/b.bin differ\n"
    )
