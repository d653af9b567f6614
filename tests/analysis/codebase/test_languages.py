"""The kind of a file by its name."""

import pytest

from tokviz.analysis.codebase.languages import _BY_EXTENSION, _BY_NAME, OTHER, language, languages


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("main.py", "Python"),
        ("MAIN.PY", "Python"),
        ("a.test.tsx", "TypeScript"),
        ("fork.h", "C header"),
        ("Makefile", "Makefile"),
        ("Makefile.am", "Makefile"),
        ("Kconfig.debug", "Kconfig"),
        ("Dockerfile", "Dockerfile"),
        ("CMakeLists.txt", "CMake"),
        ("notes.txt", "Text"),
        ("LICENSE", "Text"),
        ("LICENSE-MIT", "Text"),
        ("package-lock.json", "Lock file"),
        ("Cargo.lock", "Lock file"),
        ("package.json", "JSON"),
        (".gitignore", "Ignore rules"),
        (".bashrc", OTHER),
        ("unknown.zzz", OTHER),
        ("nothing", OTHER),
        ("", OTHER),
        (".", OTHER),
    ],
)
def test_a_name(name: str, expected: str) -> None:
    assert language(name) == expected


def test_many_names() -> None:
    assert languages(["b.py", "a.c", "c.py"]) == (["C", "Python"], [1, 0, 1])


@pytest.mark.parametrize("table", [_BY_EXTENSION, _BY_NAME])
def test_a_name_is_listed_for_one_language_only(table: str) -> None:
    names = [name for line in table.strip().splitlines() for name in line.partition(": ")[2].split()]
    assert {name for name in names if names.count(name) > 1} == set()
