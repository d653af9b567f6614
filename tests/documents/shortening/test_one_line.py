"""Lock files and minified files are one line that says what was there."""

import pytest

from tokviz.documents.shortening.one_line import lock_file_line, minified_line

LONG = b"var a=1;" * 2000


@pytest.mark.parametrize(
    "name", ["package-lock.json", "web/yarn.lock", "go.sum", "Cargo.lock", "pnpm-lock.yaml"]
)
def test_a_lock_file_is_one_line(name: str) -> None:
    base = name.rpartition("/")[2]
    assert lock_file_line(LONG, name) == f"[{base}: a lock file of 16,000 bytes, left out]\n".encode()


@pytest.mark.parametrize("name", ["lock.py", "package.json", "a.txt", "locks/a.py", "uv.lock.py"])
def test_other_files_stay(name: str) -> None:
    assert lock_file_line(LONG, name) == LONG


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a/jquery.min.js", "minified JavaScript"),
        ("site.css", "minified CSS"),
        ("app.mjs", "minified JavaScript"),
        ("app.js.map", "a source map"),
    ],
)
def test_a_minified_file_is_one_line(name: str, what: str) -> None:
    base = name.rpartition("/")[2]
    assert minified_line(LONG, name) == f"[{base}: {what} of 16,000 bytes, left out]\n".encode()


def test_code_that_people_write_stays() -> None:
    text = b"var a = 1;\n" * 2000
    assert minified_line(text, "a.js") == text
    assert minified_line(LONG, "a.json") == LONG
    assert minified_line(LONG, "minify.py") == LONG
