"""Updates of the list of models: shown before they are taken, kept, and undone."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog, newest_source
from tokviz.catalog.folders import UserFolders, user_folders
from tokviz.catalog.updates import UpdateError, read_update, revert, take

SHIPPED = Assets().path("catalog", "models.toml").read_text("utf-8")
DAY = date(2026, 11, 29)


def newer(folder: Path) -> Path:
    """The list that ships as it might be a month later: GPT-4o dearer, Mercury 3 gone, Claude 9 new."""
    text = SHIPPED.replace("date = 2026-11-20", "date = 2026-12-20", 1)
    text = text.replace("input = 2.5\noutput = 10\n", "input = 2.25\noutput = 10\n", 1)
    text = text.replace('id = "mercury-3"\nname = "Mercury 3"', 'id = "claude-9"\nname = "Claude 9"')
    path = folder / "newer.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "settings", tmp_path / "data")


def test_an_update_is_shown_taken_used_and_undone(tmp_path: Path, folders: UserFolders) -> None:
    listed = Catalog(Assets(), DAY, folders).listed
    update = read_update(newer(tmp_path), listed, DAY)
    assert [str(each) for each in update.differences] == [
        "GPT-4o: input price $2.5 → $2.25",
        "Mercury 3: no longer listed",
        "Claude 9: new",
    ]
    assert update.published == date(2026, 12, 20)
    assert not folders.update.exists()  # shown is not taken
    take(update, folders)
    after = Catalog(Assets(), DAY, folders)
    assert after.is_updated and after.published == date(2026, 12, 20)
    assert after.get("claude-9").name == "Claude 9"
    assert list(folders.update.parent.iterdir()) == [folders.update]
    assert revert(folders)
    assert not revert(folders)
    assert Catalog(Assets(), DAY, folders).listed == listed


def test_an_update_that_tokviz_has_overtaken_is_not_used(folders: UserFolders) -> None:
    folders.update.parent.mkdir()
    folders.update.write_text(SHIPPED, encoding="utf-8")
    catalog = Catalog(Assets(), DAY, folders)
    assert not catalog.is_updated and catalog.problems == ()


def test_a_damaged_update_is_told_and_the_list_that_ships_is_used(folders: UserFolders) -> None:
    folders.update.parent.mkdir()
    folders.update.write_text("nonsense", encoding="utf-8")
    catalog = Catalog(Assets(), DAY, folders)
    (problem,) = catalog.problems
    assert str(folders.update) in problem and problem.endswith("The list of models that ships is used.")
    assert catalog.models == catalog.shipped


def test_what_is_no_list_of_models_or_an_older_one_is_refused(tmp_path: Path) -> None:
    listed = Catalog(Assets(), DAY).listed
    path = tmp_path / "x.toml"
    with pytest.raises(UpdateError, match=r"cannot be read: No such file or directory\.$"):
        read_update(path, listed, DAY)
    path.write_text('[package]\nname = "x"\n')
    with pytest.raises(UpdateError, match="unknown key “package”; it is no list of models"):
        read_update(path, listed, DAY)
    path.write_text(SHIPPED.replace("date = 2026-11", "date = 2025-11"), encoding="utf-8")
    with pytest.raises(UpdateError, match="older than the list in use"):
        read_update(path, listed, DAY)


def test_an_update_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    update = read_update(newer(tmp_path), Catalog(Assets(), DAY).listed, DAY)
    blocked = UserFolders(tmp_path, tmp_path / "newer.toml")  # a file where the folder should be
    with pytest.raises(UpdateError, match="cannot be written"):
        take(update, blocked)
    with pytest.raises(UpdateError, match="cannot be removed"):
        revert(blocked)


def test_the_same_list_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "same.toml"
    path.write_text(SHIPPED, encoding="utf-8")
    assert read_update(path, Catalog(Assets(), DAY).listed, DAY).differences == ()


def test_the_age_is_that_of_the_newest_source() -> None:
    catalog = Catalog(Assets(), DAY)
    assert catalog.published == newest_source(catalog.models) == date(2026, 11, 20)
    assert DAY - catalog.published < timedelta(days=90)


@pytest.mark.parametrize(
    ("platform", "environment", "settings", "data"),
    [
        ("linux", {}, "/h/.config/tokviz", "/h/.local/share/tokviz"),
        ("linux", {"XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d"}, "/c/tokviz", "/d/tokviz"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, "/h/.config/tokviz", "/h/.local/share/tokviz"),
        ("darwin", {}, "/h/.config/tokviz", "/h/Library/Application Support/tokviz"),
        ("win32", {}, "/h/AppData/Roaming/tokviz", "/h/AppData/Local/tokviz"),
    ],
)
def test_the_folders_are_the_windows(
    platform: str, environment: dict[str, str], settings: str, data: str
) -> None:
    assert user_folders(environment, platform, Path("/h")) == UserFolders(Path(settings), Path(data))
