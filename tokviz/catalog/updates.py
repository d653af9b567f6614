"""A newer list of models in place of the one that ships: what it changes, taking it, and going back.

Nothing is fetched: the user brings a file, such as the ``models.toml`` of a newer release.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tokviz import system_errors
from tokviz.assets import DataFileError
from tokviz.catalog.catalog import newest_source
from tokviz.catalog.folders import UserFolders
from tokviz.catalog.model import RATES, LanguageModel, Prices, Rates
from tokviz.catalog.model_file import PRICE_SET_BY_HOST, read_models
from tokviz.language import N_, TranslatedEnum, _, clause, dollars, gettext, number, pgettext
from tokviz.language import date as date_in_digits
from tokviz.lists import listed

_COMPARED = {
    # Translators: figures of a model, from here on.
    "name": N_("name"),
    "developer": N_("developer"),
    "access": N_("access"),
    "context_window": N_("context window"),
    "max_input": N_("max input"),
    "max_output": N_("max output"),
    "capabilities": N_("capabilities"),
    "min_cacheable": N_("min cacheable"),
    "tokenizer": N_("tokenizer"),
    "provenance": N_("provenance"),
    "released": N_("released"),
    "retired": N_("retired"),
    "withdrawn": N_("withdrawn"),
}
_PRICES = {
    "input": N_("input price"),
    "output": N_("output price"),
    "cached_input": N_("cached input price"),
    "cache_write": N_("cache write price"),
    "cache_write_1h": N_("cache write 1h price"),
    "cache_write_12h": N_("cache write 12h price"),
    "batch_input": N_("batch input price"),
    "batch_output": N_("batch output price"),
    "batch_cached_input": N_("batch cached input price"),
    "batch_cache_write": N_("batch cache write price"),
    "batch_cache_write_1h": N_("batch cache write 1h price"),
}
UNKNOWN = _("unknown")


class UpdateError(Exception):
    """An update that cannot be taken. ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that changes; a model that comes or goes has neither figure nor values."""

    model: str
    """Its name."""
    figure: str = ""
    """Its name for people, as are the values."""
    before: str = ""
    after: str = ""
    added: bool = False

    def __str__(self) -> str:
        if not self.figure:
            new = _("{model}: new", model=self.model)
            return new if self.added else _("{model}: no longer listed", model=self.model)
        return f"{self.model}: {self.figure} {self.before} → {self.after}"


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
            # Translators: {problem} says what is wrong with a file.
            _("{problem}; it is no list of models that tokviz can take.", problem=clause(str(error)))
        ) from error
    published, current = newest_source(models), newest_source(listed)
    if published < current:
        raise UpdateError(
            _(
                "{file} is of {date}, older than the list in use, of {current}.",
                file=path,
                date=date_in_digits(published),
                current=date_in_digits(current),
            )
        )
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
        reason = system_errors.words(error)
        raise UpdateError(_("{file} cannot be written: {reason}.", file=target, reason=reason)) from error


def revert(folders: UserFolders) -> bool:
    """Go back to the list that ships; False if there was no update. ``UpdateError`` if it cannot be done."""
    try:
        folders.update.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        reason = system_errors.words(error)
        said = _("{file} cannot be removed: {reason}.", file=folders.update, reason=reason)
        raise UpdateError(said) from error
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
            name, was = mine.get(figure, ("", UNKNOWN))
            other_name, is_now = theirs.get(figure, ("", UNKNOWN))
            if was != is_now:
                yield Difference(model.name, name or other_name, was, is_now)
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
            lines.append(f"  {each.figure}: {each.before} → {each.after}")
        last = each.model
    return lines


def _figures(model: LanguageModel) -> dict[str, tuple[str, str]]:
    """By the name of every figure its name and value for people; what is unknown is left out."""
    found = {figure: getattr(model, figure) for figure in _COMPARED}
    words = {
        figure: (gettext(_COMPARED[figure]), _word(value))
        for figure, value in found.items()
        if value is not None and value is not False
    }
    if model.host_sets_price:
        words["price"] = _("price"), gettext(PRICE_SET_BY_HOST)
    if model.prices:
        words |= {figure: (name, value) for figure, name, value in _prices(model.prices)}
    return words


def _prices(prices: Prices) -> Iterator[tuple[str, str, str]]:
    yield from _rates(prices)
    for tier in prices.tiers:
        for rate, name, value in _rates(tier):
            said = _("{price} above {tokens} tokens", price=name, tokens=number(tier.above))
            yield f"{rate} above {tier.above}", said, value  # verbatim
    for later in prices.later:
        for rate, name, value in _rates(later):
            said = _("{price} from {date}", price=name, date=date_in_digits(later.start))
            yield f"{rate} from {later.start}", said, value  # verbatim
    if prices.peak:
        yield "peak", _("peak hours"), f"× {number(str(prices.peak.factor))} {prices.peak.when}"


def _rates(card: Rates) -> Iterator[tuple[str, str, str]]:
    for rate in RATES:
        if (amount := getattr(card, rate)) is not None:
            yield rate, gettext(_PRICES[rate]), dollars(f"{amount.normalize():f}")


def _word(value: object) -> str:
    match value:
        case bool():
            return _("yes")
        case int():
            return number(value)
        case Decimal():
            return number(f"{value.normalize():f}")
        case date():
            return date_in_digits(value)
        case tuple():
            return listed(map(_word, value)) or pgettext("capabilities", "none")
        case TranslatedEnum():
            return value.words
    return str(value)
