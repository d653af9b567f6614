"""Listings number files, drop repeats and tell what changed."""

import os
from pathlib import Path

import pytest

from tests.documents.tree.test_ignore_files import write
from tokviz.documents.reading import ReadError
from tokviz.documents.tree.listing import Listing, list_folder, named_file, without_repeats
from tokviz.documents.tree.walking import Reason, walk


def paths(listing: Listing) -> list[str]:
    return [file.path for file in listing.files]


def test_a_folder_listed_at_once_and_on_the_way(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1", "b/c": "22", "b/.hidden": "", "d.log": "", ".gitignore": "*.log\n"})
    told: list[int] = []
    listing = list_folder(tmp_path, None, {}, told.append)
    assert paths(listing) == ["a", "b/c"]
    assert told == [0]
    assert listing.path(1).read_text() == "22"
    assert {out.path: out.reason for out in listing.left_out} == {
        ".gitignore": Reason.HIDDEN,
        "b/.hidden": Reason.HIDDEN,
        "d.log": Reason.RULE,
    }
    other = Listing(tmp_path)
    assert [number for number, _ in other.filled_from(walk(tmp_path, None, {}))] == [0, 1]
    assert other == listing


def test_a_walk_tells_how_far_it_is_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokviz.documents.tree.listing.REPORT_EVERY", 3)
    write(tmp_path, {f"{number}": "" for number in range(8)})
    told: list[int] = []
    assert len(list_folder(tmp_path, None, {}, told.append).files) == 8
    assert told == [0, 3, 6]

    def enough(number: int) -> None:
        if number == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        list_folder(tmp_path, None, {}, enough)


def test_a_large_walk_can_be_left_off_within_a_few_thousand_files(tmp_path: Path) -> None:
    for number in range(4001):
        (tmp_path / str(number)).touch()
    told: list[int] = []
    list_folder(tmp_path, None, {}, told.append)
    assert told == [0, 2000, 4000]


def test_a_named_file_is_taken_in_whatever_is_ignored(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*\n", "a": "123"})
    listing = named_file(tmp_path / "a")
    assert (listing.root, paths(listing), listing.files[0].size) == (tmp_path, ["a"], 3)
    with pytest.raises(ReadError, match="there is no such file; check the name"):
        named_file(tmp_path / "b")
    with pytest.raises(ReadError, match="it is a folder"):
        named_file(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")
def test_a_named_link_is_what_it_leads_to(tmp_path: Path) -> None:
    write(tmp_path, {"real/a": "123"})
    (tmp_path / "link").symlink_to("real/a")
    listing = named_file(tmp_path / "link")
    assert (listing.path(0), listing.files[0].size) == ((tmp_path / "real/a").resolve(), 3)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReadError, match="it is a named pipe"):
        named_file(tmp_path / "pipe")


def test_a_file_in_two_roots_is_kept_once(tmp_path: Path) -> None:
    write(tmp_path, {"a": "", "in/b": "", "in/deep/c": "", "other/d": ""})
    listings = [
        list_folder(tmp_path / "in" / "deep", None, {}),
        named_file(tmp_path / "a"),
        list_folder(tmp_path, None, {}),
        list_folder(tmp_path / "in", None, {}),
        list_folder(tmp_path / "in", None, {}),
    ]
    without_repeats(listings)
    assert [paths(listing) for listing in listings] == [["c"], ["a"], ["in/b", "other/d"], [], []]
