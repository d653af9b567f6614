"""How many tokens an image is to a model, from its width and height alone: the maker's published formula."""

from datetime import date
from fnmatch import fnmatchcase

from msgspec import Struct

from tokviz.analysis.image_formulas import AUTO, KINDS, ImageRule, Text
from tokviz.assets import Assets, TomlFile
from tokviz.language import _
from tokviz.lists import listed
from tokviz.tokens import Count, Provenance


class ImageSource(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a formula was published."""

    title: Text
    date: date
    """When it was published, or read if it has no date of its own."""


class ImageRules:
    """The rules of ``image_tokens.toml`` in their order. DataFileError if the file is wrong."""

    def __init__(self, assets: Assets) -> None:
        file = TomlFile(assets.path("catalog", "image_tokens.toml"), ("sources", "rules"))
        self.sources = file.table("sources", ImageSource)
        rules: list[ImageRule] = []
        for name, row in file.rows("rules").items():
            kind = row.get("kind")
            if kind not in KINDS:
                file.fail(name, _("“kind” must be one of {names}", names=listed(KINDS)))
            rule = file.read(name, row, KINDS[kind])
            if rule.source not in self.sources:
                file.fail(name, _("unknown source “{name}”", name=rule.source))
            details = getattr(rule, "details", {AUTO: None})
            if AUTO not in details:
                file.fail(name, _("“{key}” lacks “{name}”", key="details", name=AUTO))
            rules.append(rule)
        self.rules = tuple(rules)

    def find(self, model: str) -> ImageRule | None:
        """The rule of a model by its id; None where its maker has published none that is known."""
        name = model.lower().rpartition("/")[2].replace(".", "-")
        for rule in self.rules:
            if any(fnmatchcase(name, pattern) for pattern in rule.models):
                return rule
        return None

    def source(self, rule: ImageRule) -> ImageSource:
        """Where the rule was published."""
        return self.sources[rule.source]


def image_tokens(rule: ImageRule, width: int, height: int, detail: str = AUTO) -> Count:
    """The tokens of an image of ``width`` × ``height`` pixels. ``detail`` is what a request asks for, in the
    maker's words (``low``, ``high``, ``original``; ``media_resolution_low`` …); any other is ``auto``."""
    if width < 1 or height < 1:
        raise ValueError(f"an image has at least one pixel, not {width} × {height}")
    level = detail.lower().removeprefix("media_resolution_")
    return Count.certain(rule.tokens(width, height, level), Provenance.FORMULA)
