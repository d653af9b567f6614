"""Patterns do what their writer means, however other tools taught them to be written."""

from pathlib import Path

import pytest

from tokviz.documents.tree.walking import WalkOptions, walk
from tokviz.documents.tree.written_patterns import ways_to_mean

FILES = ("README.md", "app/[slug]/page.tsx", "app/s/page.tsx", "src/a.ts", "src/b.tsx", "src/c,d.txt", "x.md")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(root: Path, *include: str, exclude: tuple[str, ...] = ()) -> list[str]:
    options = WalkOptions(include=include, exclude=exclude)
    return sorted(file.path for listing in walk(root, options, {}) for file in listing.files)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.{ts,tsx}", ["app/[slug]/page.tsx", "app/s/page.tsx", "src/a.ts", "src/b.tsx"]),
        ("*.ts,*.tsx", ["app/[slug]/page.tsx", "app/s/page.tsx", "src/a.ts", "src/b.tsx"]),
        ("*.ts, x.{md,rst}", ["src/a.ts", "x.md"]),
        ("{src,app}/{a,b}.{ts,tsx}", ["src/a.ts", "src/b.tsx"]),
        ("./src/a.ts", ["src/a.ts"]),
        ("./src/", ["src/a.ts", "src/b.tsx", "src/c,d.txt"]),
        (".", sorted(FILES)),
        ("{root}/src", ["src/a.ts", "src/b.tsx", "src/c,d.txt"]),
        ("{root}/src/*.ts", ["src/a.ts"]),
        ("app/[slug]/page.tsx", ["app/[slug]/page.tsx", "app/s/page.tsx"]),
        ("src/c,d.txt", ["src/c,d.txt"]),
        ("/src", ["src/a.ts", "src/b.tsx", "src/c,d.txt"]),
    ],
)
def test_a_pattern_means_what_its_writer_means(root: Path, pattern: str, expected: list[str]) -> None:
    assert found(root, pattern.replace("{root}", str(root))) == expected


def test_an_exclamation_mark_takes_back_as_in_gitignore(root: Path) -> None:
    left = found(root, exclude=("*.md", "!README.md"))
    assert "README.md" in left
    assert "x.md" not in left
    (root / ".gitignore").write_text("*.ts\n", encoding="utf-8")
    assert "src/a.ts" in found(root, exclude=("!a.ts",))
    assert found(root, "*.tsx", "!s/") == ["app/[slug]/page.tsx", "src/b.tsx"]
    assert found(root, "!*.tsx", "!*.md") == ["src/c,d.txt"]


def test_patterns_that_matched_nothing_are_known_at_the_end(root: Path) -> None:
    options = WalkOptions(include=("*.rs", "*.ts", "nowhere/*"))
    *before, last = walk(root, options, {})
    assert last.unmatched == ("*.rs", "nowhere/*")
    assert not any(listing.unmatched for listing in before)


def test_braces_cannot_blow_up() -> None:
    assert len(ways_to_mean("{a,b}" * 40, Path("/"))) <= 500
