"""A newer list of models in place of the one that ships: what it changes, taking it, and going back.

Nothing is fetched: the user brings a file, such as the ``models.toml`` of a newer release.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tokviz.assets import DataFileError
from tokviz.catalog.catalog import newest_source
from tokviz.catalog.folders import UserFolders
from tokviz.catalog.model import RATES, LanguageModel, Prices
from tokviz.catalog.model_file import PRICE_SET_BY_HOST, read_models

_COMPARED = (
    *("name", "developer", "access", "context_window", "max_input", "max_output", "capabilities"),
    *("min_cacheable", "tokenizer", "provenance", "released", "retired", "withdrawn"),
)
UNKNOWN = "unknown"


class UpdateError(Exception):
    """An update that cannot be taken. ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that changes; a model that comes or goes has neither figure nor values."""

    model: str
    """Its name."""
    figure: str = ""
    before: str = ""
    after: str = ""
    added: bool = False

    def __str__(self) -> str:
        if not self.figure:
            return f"{self.model}: {'new' if self.added else 'no longer listed'}"
        return f"{self.model}: {self.figure.replace('_', ' ')} {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Update:
    """A file that was read and may be taken."""

    path: Path
    models: tuple[LanguageModel, ...]
    published: date
    differences: tuple[Difference, ...]
    """To the models listed now, in their order; new models last."""


def read_update(path: Path, listed: Sequence[LanguageModel], today: date) -> Update:
    """What the file at ``path`` would change; ``UpdateError`` if it is no list of models, or an older one."""
    try:
        models = read_models(path, today)
    except DataFileError as error:
        if isinstance(error.__cause__, OSError):  # then what is in it is not known
            raise UpdateError(str(error)) from error
        raise UpdateError(
            f"{str(error).rstrip('.')}; it is no list of models that tokviz can take."
        ) from error
    published, current = newest_source(models), newest_source(listed)
    if published < current:
        raise UpdateError(f"{path} is of {published}, older than the list in use, of {current}.")
    return Update(path, models, published, tuple(differences(listed, models)))


def take(update: Update, folders: UserFolders) -> None:
    """Keep the update for catalogs read from now on. ``UpdateError`` if it cannot be written."""
    target = folders.update
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        passing = target.with_suffix(".new")
        passing.write_bytes(update.path.read_bytes())
        passing.replace(target)
    except OSError as error:
        raise UpdateError(f"{target} cannot be written: {error.strerror or error}.") from error


def revert(folders: UserFolders) -> bool:
    """Go back to the list that ships; False if there was no update. ``UpdateError`` if it cannot be done."""
    try:
        folders.update.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UpdateError(f"{folders.update} cannot be removed: {error.strerror or error}.") from error
    return True


def differences(before: Sequence[LanguageModel], after: Sequence[LanguageModel]) -> Iterator[Difference]:
    """What changes from one list of models to another."""
    new = {model.id: model for model in after}
    for model in before:
        other = new.pop(model.id, None)
        if other is None:
            yield Difference(model.name)
            continue
        mine, theirs = _figures(model), _figures(other)
        for figure in dict.fromkeys((*mine, *theirs)):
            was, is_now = mine.get(figure, UNKNOWN), theirs.get(figure, UNKNOWN)
            if was != is_now:
                yield Difference(model.name, figure, was, is_now)
    yield from (Difference(model.name, added=True) for model in new.values())


def difference_lines(differences: Sequence[Difference]) -> list[str]:
    """A line a change, under each model's name."""
    lines: list[str] = []
    last = ""
    for each in differences:
        if not each.figure:
            lines.append(str(each))
        else:
            if each.model != last:
                lines.append(f"{each.model}:")
            lines.append(f"  {each.figure.replace('_', ' ')}: {each.before} → {each.after}")
        last = each.model
    return lines


def _figures(model: LanguageModel) -> dict[str, str]:
    """Every figure in words; what is unknown is left out."""
    found = {figure: getattr(model, figure) for figure in _COMPARED}
    words = {
        figure: _word(value) for figure, value in found.items() if value is not None and value is not False
    }
    if model.host_sets_price:
        words["price"] = PRICE_SET_BY_HOST
    if model.prices:
        words |= dict(_prices(model.prices))
    return words


def _prices(prices: Prices) -> Iterator[tuple[str, str]]:
    cards = [("", prices), *((f" above {tier.above:,} tokens", tier) for tier in prices.tiers)]
    cards += [(f" from {later.start}", later) for later in prices.later]
    for condition, card in cards:
        for rate in RATES:
            if (amount := getattr(card, rate)) is not None:
                yield f"{rate} price{condition}", f"${amount.normalize():f}"
    if prices.peak:
        yield "peak hours", f"× {prices.peak.factor} {prices.peak.when}"


def _word(value: object) -> str:
    match value:
        case bool():
            return "yes"
        case int():
            return f"{value:,}"
        case Decimal():
            return f"{value.normalize():f}"
        case tuple():
            return ", ".join(map(str, value)) or "none"
    return str(value)
