"""What files are to whoever maintains them."""

import time
from pathlib import Path

import pytest

from tests.analysis.codebase.test_tree_shape import in_walk_order
from tokviz.analysis.codebase.file_kinds import ORDER, Kind, file_kinds, folders, matching_files
from tokviz.analysis.codebase.generated import says_generated
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.tree.git_attributes import read_attributes

KINDS = {
    "Cargo.lock": Kind.LOCK_FILES,
    "web/pnpm-lock.yaml": Kind.LOCK_FILES,
    "api/a.pb.go": Kind.GENERATED,
    "Django.egg-info/SOURCES.txt": Kind.GENERATED,
    "PKG-INFO": Kind.GENERATED,
    "js/x.min.js": Kind.MINIFIED,
    "vendor/x/y.go": Kind.VENDORED,
    "dist/x.js": Kind.BUILT,
    "x.csv": Kind.DATA,
    "tests/fixtures/a.py": Kind.FIXTURES,
    "src/__snapshots__/a.snap": Kind.SNAPSHOTS,
    "locale/de/x.po": Kind.TRANSLATIONS,
    "README.de.md": Kind.TRANSLATIONS,
    "README_zh-CN.md": Kind.TRANSLATIONS,
    "logo.svg": Kind.MEDIA,
    "CHANGES": Kind.CHANGELOGS,
    "ChangeLog": Kind.CHANGELOGS,
    "changelog.rst": Kind.CHANGELOGS,
    "History.md": Kind.CHANGELOGS,
    "CHANGELOG-1.2.md": Kind.CHANGELOGS,
    "docs/NEWS.txt": Kind.CHANGELOGS,
    "examples/a.py": Kind.EXAMPLES,
    "website/index.html": Kind.WEBSITE,
    "docs/a.txt": Kind.DOCUMENTATION,
    "CONTRIBUTING.md": Kind.DOCUMENTATION,
    "tests/a.py": Kind.TESTS,
    "src/a_test.go": Kind.TESTS,
    "src/a.spec.ts": Kind.TESTS,
    "packages/x/test/helper.js": Kind.TESTS,
    "man/x.1": Kind.DOCUMENTATION,
    "doc.7": Kind.DOCUMENTATION,
    "benches/a.rs": Kind.TESTS,
    # What looks like a by-product and is none:
    "README.md": Kind.SOURCE,
    "packages/x/README.rst": Kind.SOURCE,
    "src/changes.py": Kind.SOURCE,
    "src/history.js": Kind.SOURCE,
    "app/news/views.py": Kind.SOURCE,
    "releases/client.go": Kind.SOURCE,
    "package.json": Kind.SOURCE,
    "pyproject.toml": Kind.SOURCE,
    "src/latest.py": Kind.SOURCE,
    "src/contest.ts": Kind.SOURCE,
    "qwen3.5/model.py": Kind.SOURCE,
    "d3.min.js/index.ts": Kind.SOURCE,
    "x.csv/reader.py": Kind.SOURCE,
    "Dockerfile-3.8": Kind.SOURCE,
    "config.production.js": Kind.SOURCE,
}


def kinds(paths: list[str], root: Path | None = None) -> dict[str, Kind]:
    ordered = in_walk_order(set(paths))
    shape = TreeShape([("project", ordered)])
    attributes = [read_attributes(root, folders(shape, 0))] if root else []
    found = file_kinds(shape, attributes)
    return {path: ORDER[kind] for path, kind in zip(ordered, found.kinds.tolist(), strict=True)}


def test_by_their_names() -> None:
    assert kinds(list(KINDS)) == KINDS


def test_a_test_folder_that_a_python_package_ships_is_its_source() -> None:
    """As ``django.test`` is."""
    paths = ["django/__init__.py", "django/test/__init__.py", "django/test/client.py", "x/test/helper.py"]
    found = kinds(paths)
    assert found["django/test/client.py"] is Kind.SOURCE
    assert found["x/test/helper.py"] is Kind.TESTS
    assert kinds([*paths, "django/test/test_client.py"])["django/test/client.py"] is Kind.TESTS


def test_builds_of_what_lies_beside_them_for_development_are_build_output() -> None:
    """As in react-dom."""
    names = ["dom.development.js", "dom.production.js", "dom.profiling.js", "other.production.js"]
    names += ["dom-profiling.development.js", "dom-profiling.profiling.js", "own-profiling.development.js"]
    found = kinds([f"cjs/{name}" for name in names])
    built = {path for path, kind in found.items() if kind is Kind.BUILT}
    made = {"dom.production.js", "dom.profiling.js", *names[4:6]}
    assert built == {f"cjs/{name}" for name in made}
    assert {found[path] for path in found.keys() - built} == {Kind.SOURCE}


def test_a_folder_of_many_builds_takes_no_time() -> None:
    began = time.thread_time()
    assert set(kinds([f"{number:05}.production.js" for number in range(8000)]).values()) == {Kind.SOURCE}
    assert time.thread_time() - began < 2


def test_attributes_come_before_names(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / ".gitattributes").write_text(
        "api.py linguist-generated\nvendor/ours.py -linguist-vendored\n", encoding="utf-8"
    )
    (tmp_path / "src" / ".gitattributes").write_text("*.txt linguist-documentation\n", encoding="utf-8")
    found = kinds(["api.py", "vendor/ours.py", "vendor/x.py", "src/a.txt", "b.txt"], tmp_path)
    assert found == {
        "api.py": Kind.GENERATED,
        "vendor/ours.py": Kind.SOURCE,
        "vendor/x.py": Kind.VENDORED,
        "src/a.txt": Kind.DOCUMENTATION,
        "b.txt": Kind.SOURCE,
    }


def test_the_patterns_of_an_option() -> None:
    shape = TreeShape([("one", ["a/b.py", "a/c.py", "d.py"]), ("two", ["a/b.py"])])
    assert matching_files(shape, ["/a/"], "--keep").tolist() == [True, True, False, True]
    assert matching_files(shape, ["b.*", "d.py"], "--keep").tolist() == [True, False, True, True]
    with pytest.raises(ValueError, match=r"--keep \[a"):
        matching_files(shape, ["[a"], "--keep")


@pytest.mark.parametrize(
    "text",
    [
        "// Code generated by protoc-gen-go. DO NOT EDIT.\n",
        "# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\n",
        "/**\n * @generated SignedSource<<abc>>\n */\n",
        "// <auto-generated>\n//     This code was generated by a tool.\n",
        "# This file was autogenerated by uv via the following command:\n",
        "/* This file has been automatically generated from x.y */",
        "<!-- This file is generated, do not edit by hand -->",
        "#\n# This file is autogenerated by pip-compile with Python 3.12\n",
    ],
)
def test_a_file_that_says_it_is_generated(text: str) -> None:
    assert says_generated(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "print('generated by hand, do not edit')\n",
        "# Generates the tables\n",
        "x = 'Code generated by me. DO NOT EDIT.'\n",
        "# a\n" * 400 + "# Code generated by x. DO NOT EDIT.\n",
    ],
)
def test_one_that_does_not(text: str) -> None:
    assert not says_generated(text.encode())
