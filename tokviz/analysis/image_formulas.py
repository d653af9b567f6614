"""The formulas by which makers turn an image's width and height into tokens: one class for each kind.

What differs from model to model of a maker (budgets, multipliers) stands in
``resources/catalog/image_tokens.toml``.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from msgspec import Meta, Struct

AUTO = "auto"
"""The detail of an image where the request names none."""
Text = Annotated[str, Meta(min_length=1)]
Positive = Annotated[int, Meta(ge=1)]
Natural = Annotated[int, Meta(ge=0)]


class ImageRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every row says."""

    id: Text
    kind: Text
    models: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """Patterns of model ids: lower case, without what stands before a slash, hyphens for dots."""
    source: Text
    note: str = ""
    """What the maker leaves open, as a sentence."""
    around: Natural = 0
    """Tokens that mark where the image begins and ends."""

    def tokens(self, width: int, height: int, detail: str) -> int:
        """The tokens of an image of so many pixels, both at least 1."""
        raise NotImplementedError


class Sizing(Struct, frozen=True, forbid_unknown_fields=True):
    """How far an image is scaled down; 0 is no limit."""

    edge: Natural = 0
    patches: Natural = 0


class PatchRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """OpenAI's patches: the image is fitted into an edge, then into a budget of patches, and each costs
    ``multiplier`` tokens."""

    patch: Positive
    multiplier: Decimal
    details: Mapping[str, Sizing]

    def tokens(self, width: int, height: int, detail: str) -> int:
        sizing = self.details.get(detail, self.details[AUTO])
        width, height = _fit_edge(width, height, sizing.edge)
        patches = self._patches(width, height)
        if sizing.patches and patches > sizing.patches:
            patches = self._shrunk(width, height, sizing.patches)
        return math.ceil(patches * self.multiplier)

    def _patches(self, width: int, height: int) -> int:
        return math.ceil(width / self.patch) * math.ceil(height / self.patch)

    def _shrunk(self, width: int, height: int, budget: int) -> int:
        shrink = math.sqrt(self.patch**2 * budget / (width * height))
        across, down = width * shrink / self.patch, height * shrink / self.patch
        shrink *= min(math.floor(across) / across, math.floor(down) / down)
        # A side below one patch would vanish: the formula is silent about such strips.
        return self._patches(math.floor(width * shrink), math.floor(height * shrink)) or budget


class TileRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """OpenAI's tiles: fitted into ``edge``, the shorter side brought down to ``short``; ``base`` tokens and
    ``each`` for every tile. In low detail the base alone."""

    base: Positive
    each: Positive
    edge: Positive = 2048
    short: Positive = 768
    tile: Positive = 512

    def tokens(self, width: int, height: int, detail: str) -> int:
        if detail == "low":
            return self.base
        width, height = _fit_edge(width, height, self.edge)
        if (shorter := min(width, height)) > self.short:
            width, height = width * self.short // shorter, height * self.short // shorter
        return self.base + self.each * math.ceil(width / self.tile) * math.ceil(height / self.tile)


class GridRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anthropic's patches: the largest size of the same shape that keeps to ``edge`` and ``most`` patches."""

    patch: Positive
    edge: Positive
    most: Positive

    def tokens(self, width: int, height: int, detail: str) -> int:
        long, short = max(width, height), min(width, height)
        if self._fits(long, short):
            return self._grid(long, short)
        fits, too_large = 1, long
        while fits + 1 < too_large:
            middle = (fits + too_large) // 2
            if self._fits(middle, self._beside(middle, long, short)):
                fits = middle
            else:
                too_large = middle
        return self._grid(fits, self._beside(fits, long, short))

    def _beside(self, side: int, long: int, short: int) -> int:
        return max(1, round(side / (long / short)))

    def _grid(self, long: int, short: int) -> int:
        return math.ceil(long / self.patch) * math.ceil(short / self.patch)

    def _fits(self, long: int, short: int) -> bool:
        return math.ceil(long / self.patch) * self.patch <= self.edge and self._grid(long, short) <= self.most


class CropRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Gemini's tiles up to 2.5: small images are one, larger ones are cropped into squares of two thirds of
    the shorter side, and each costs ``each`` tokens."""

    small: Positive
    each: Positive
    narrowest: Positive = 1
    widest: Natural = 0

    def tokens(self, width: int, height: int, detail: str) -> int:
        if max(width, height) <= self.small:
            return self.each
        crop = max(self.narrowest, math.floor(min(width, height) / 1.5))
        if self.widest:
            crop = min(crop, self.widest)
        return self.each * math.ceil(width / crop) * math.ceil(height / crop)


class FixedRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many tokens whatever the size, by detail (Gemini 3's media resolution)."""

    details: Mapping[str, Positive]

    def tokens(self, width: int, height: int, detail: str) -> int:
        return self.details.get(detail, self.details[AUTO])


class CappedTileRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """xAI's tiles: one more than cover the image, at most ``most`` and that one."""

    tile: Positive
    most: Positive
    each: Positive

    def tokens(self, width: int, height: int, detail: str) -> int:
        tiles = math.ceil(width / self.tile) * math.ceil(height / self.tile)
        return self.each * (min(tiles, self.most) + 1)


class RowRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pixtral's rows of patches: fitted into ``edge``, a token a patch, and one more that ends each row."""

    patch: Positive
    edge: Positive

    def tokens(self, width: int, height: int, detail: str) -> int:
        ratio = max(width / self.edge, height / self.edge)
        if ratio > 1:
            width, height = max(1, round(width / ratio)), max(1, round(height / ratio))
        return (math.ceil(width / self.patch) + 1) * math.ceil(height / self.patch)


class PixelRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Qwen's resizing: sides rounded to multiples of ``patch``, between ``least`` and ``most`` pixels."""

    patch: Positive
    least: Positive
    most: Positive

    def tokens(self, width: int, height: int, detail: str) -> int:
        across, down = (round(side / self.patch) for side in (width, height))
        pixels = across * down * self.patch**2
        if pixels > self.most:
            scale = math.sqrt(width * height / self.most)
            across, down = (max(1, math.floor(side / scale / self.patch)) for side in (width, height))
        elif pixels < self.least:
            scale = math.sqrt(self.least / (width * height))
            across, down = (math.ceil(side * scale / self.patch) for side in (width, height))
        return across * down + self.around


class BudgetRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Gemma 4: scaled, up or down, to as many whole patches as ``most`` allows."""

    patch: Positive
    most: Positive

    def tokens(self, width: int, height: int, detail: str) -> int:
        scale = math.sqrt(self.most * self.patch**2 / (width * height))
        across, down = (math.floor(side * scale / self.patch) for side in (width, height))
        if not across:
            across, down = 1, min(height // width, self.most)
        elif not down:
            across, down = min(width // height, self.most), 1
        return across * down + self.around


class CanvasRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Llama 4's tiles: the canvas of at most ``most`` tiles that scales the image least, up rather than down;
    the whole image once more beside it, and tokens between tiles and rows."""

    tile: Positive
    most: Positive
    each: Positive

    def tokens(self, width: int, height: int, detail: str) -> int:
        across, down = self._canvas(width, height)
        separators = across * down if across * down > 1 else 0  # between tiles, and one after each row
        tiles = across * down + 1 if across * down > 1 else 1
        return self.each * tiles + separators + self.around

    def _canvas(self, width: int, height: int) -> tuple[int, int]:
        shapes = [(a, b) for a in range(1, self.most + 1) for b in range(1, self.most // a + 1)]
        scales = {
            (a, b): min(Fraction(a * self.tile, width), Fraction(b * self.tile, height)) for a, b in shapes
        }
        larger = [scale for scale in scales.values() if scale >= 1]
        best = min(larger) if larger else max(scales.values())
        return min(
            (shape for shape in shapes if scales[shape] == best), key=lambda shape: shape[0] * shape[1]
        )


class PaddedRule(ImageRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Kimi's patches: scaled to ``most`` patches and ``side`` on a side, padded to blocks of ``merge``."""

    patch: Positive
    merge: Positive
    most: Positive
    side: Positive

    def tokens(self, width: int, height: int, detail: str) -> int:
        patches = max(1, width // self.patch) * max(1, height // self.patch)
        longest = self.side * self.patch
        scale = min(1.0, math.sqrt(self.most / patches), longest / width, longest / height)
        block = self.merge * self.patch
        across, down = (math.ceil(max(1, int(side * scale)) / block) for side in (width, height))
        return across * down + self.around


KINDS: Mapping[str, type[ImageRule]] = {
    "patches": PatchRule,
    "tiles": TileRule,
    "grid": GridRule,
    "crops": CropRule,
    "fixed": FixedRule,
    "capped tiles": CappedTileRule,  # verbatim
    "rows": RowRule,
    "pixels": PixelRule,
    "budget": BudgetRule,
    "canvas": CanvasRule,
    "padded": PaddedRule,
}
"""The classes by what ``kind`` calls them."""


def _fit_edge(width: int, height: int, edge: int) -> tuple[int, int]:
    """The size of the same shape whose longer side is at most ``edge`` (0: any)."""
    longest = max(width, height)
    if not edge or longest <= edge:
        return width, height
    return max(1, round(width * edge / longest)), max(1, round(height * edge / longest))
