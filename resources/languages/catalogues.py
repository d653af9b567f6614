"""Keep the catalogues in this folder: Babel takes what is to be translated from the source, and the phrases
for people from the data.

    catalogues.py new fr               begin a language (plurals and formats from CLDR)
    catalogues.py update [fr ...]      take up new messages, drop those that are gone
    catalogues.py missing fr [COUNT]   print what is not translated yet, as JSON
    catalogues.py fill fr FILE.json    take up translations: {message: text, or a list of its plural forms}
    catalogues.py check [fr ...]       say what is wrong or missing; exit code 1 if anything is

In JSON, a message with a context is written ``context|message``. ``update`` and ``fill`` mark a catalogue
that is complete and has no mistake; only such a one is offered in the preferences or chosen for the system's
language.
"""

import ast
import json
import re
import string
import sys
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import babel
from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from babel.numbers import format_currency, format_decimal, format_percent

_Table: TypeAlias = dict[str, Any]
HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent / "tokviz"
DATA = HERE.parent
KEYWORDS = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
"""Functions of tokviz/language.py, and which of their arguments are what."""
STRINGS = {name: len(places or (1,)) for name, places in KEYWORDS.items()}
"""How many of their arguments are strings; the others are values."""
REMARK = "Translators:"
"""Begins a comment in the source, in the lines above a message, that translators are to read."""
_BETWEEN = "|"
_MNEMONIC = re.compile(r"&(?=\w)(?!\w+;)")
_TAG = re.compile(r"</?\w+[^<>]*>")


def phrases() -> Iterator[tuple[str, str, str]]:
    """(file, phrase, remark) of each phrase for people in the data; the program shows it by ``gettext``.

    Sources, and remarks on where a figure comes from, stay English; so do names, such as “GitHub token”.
    """
    for name, of_file, remark in (
        ("catalog/models.toml", _of_models, "what a model is good at, or a remark on its prices"),
        ("catalog/caching.toml", _of_caching, "“OpenAI keeps a beginning for at least 30 minutes; …”"),
        ("catalog/tokenizers.toml", _of_tokenizers, "about a tokenizer"),
        ("catalog/secrets.toml", _of_secrets, "a kind of key or password, found in a file"),
    ):
        data = tomllib.loads((DATA / name).read_text("utf-8"))
        found = dict.fromkeys(text for text in of_file(data) if re.search("[a-z]", text))
        yield from ((name, phrase, f"{REMARK} {remark}.") for phrase in found if phrase != _LICENCE)


_LICENCE = "Built with Llama"
"""What a licence asks for word by word."""


def _of_models(data: _Table) -> Iterator[str]:
    for model in data["models"]:
        yield from model["strengths"].split(", ")
        prices = model.get("prices")
        for card in (prices, *prices.get("later", ())) if isinstance(prices, dict) else ():
            yield from (card.get("note", ""), card.get("peak", {}).get("but_not_on", ""))


def _of_caching(data: _Table) -> Iterator[str]:
    for rule in data["rules"]:
        yield from (rule["keeps"], rule.get("doubt", ""))


def _of_tokenizers(data: _Table) -> Iterator[str]:
    return (row.get("note", "") for row in data.values())


def _of_secrets(data: _Table) -> Iterator[str]:
    return (row["name"] for row in data["secrets"] if row["name"].islower())


def messages_of(file, keywords, comment_tags, options):  # type: ignore[no-untyped-def] # noqa: ARG001
    """Babel's extraction method: by the syntax tree, so that messages in f-strings are found too."""
    source = file.read().decode("utf-8")
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STRINGS:
            count = STRINGS[node.func.id]
            texts = [arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant)]
            if len(texts) < count:
                raise SystemExit(
                    f"line {node.lineno}: {ast.unparse(node)[:80]}: a message is one plain string"
                )
            remarks = _remarks(lines, node.lineno) or _remarks(lines, node.args[0].lineno)
            yield node.lineno, node.func.id, tuple(texts), remarks


def template() -> Catalog:
    """Every message of the program."""
    catalog = Catalog(project="tokviz", charset="utf-8", fuzzy=False)
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        with path.open("rb") as file:
            found = extract(messages_of, file, KEYWORDS, (REMARK,))
            for _line, message, comments, context in found:
                catalog.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    for place, phrase, remark in phrases():
        catalog.add(phrase, None, [(f"resources/{place}", 0)], auto_comments=[remark])
    return catalog


def path_of(code: str) -> Path:
    """The file of a language."""
    return HERE / f"{code}.po"


def codes() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.stem for path in HERE.glob("*.po"))


def load(code: str) -> Catalog:
    """A language's catalogue."""
    with path_of(code).open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def begin(code: str) -> None:
    """Write a language's catalogue, with nothing translated yet."""
    locale = Locale.parse(code)
    catalog = Catalog(locale=locale, project="tokviz", charset="utf-8", fuzzy=False)
    save(code, catalog)


def save(code: str, catalog: Catalog) -> None:
    """Write a catalogue with the program's messages, what was translated of them, and a head from CLDR."""
    fresh = template()
    catalog.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    state = "draft" if any(problems(catalog, fresh)) or not len(fresh) else "complete"
    file = BytesIO()
    write_po(file, catalog, width=0, sort_output=False, include_lineno=False, omit_header=True)
    path_of(code).write_text(
        _head(code, catalog, state) + file.getvalue().decode("utf-8").rstrip() + "\n", "utf-8"
    )


def problems(catalog: Catalog, fresh: Catalog) -> Iterator[str]:
    """What is missing or wrong in a catalogue, in a sentence each."""
    for message in fresh:
        if not message.id:
            continue
        found = catalog.get(message.id, message.context)
        if found is None or not all(_forms(found)):
            yield f"not translated: {_key(message)}"
            continue
        if len(_forms(found)) != (catalog.num_plurals if message.pluralizable else 1):
            yield f"it has {len(_forms(found))} plural forms: {_key(message)}"
        for text in _forms(found):
            yield from (f"{what}: {_key(message)} → {text}" for what in mistakes(message, text))
    known = {(_key(message)) for message in fresh}
    yield from (f"no message any more: {_key(one)}" for one in catalog if _key(one) not in known)


def mistakes(message: Message, text: str) -> Iterator[str]:
    """What a translation lacks of its message, or has beyond it."""
    english = message.id[-1] if message.pluralizable else message.id
    names = _names(english)
    theirs = _names(text)
    if theirs is None:
        yield "its braces do not match"
    # "one file" may do without the number.
    elif names is not None and (
        theirs != names if not message.pluralizable else not names - {"n"} <= theirs <= names
    ):
        yield f"it has the placeholders {sorted(theirs)}, not {sorted(names)}"
    if "%%" in english and text.replace("%%", "").count("%"):
        yield "a percent sign is written %% in this one"
    if len(_MNEMONIC.findall(text)) != len(_MNEMONIC.findall(english)):
        yield "it must have one & for its mnemonic, as the message has (or none)"
    if sorted(_TAG.findall(text)) != sorted(_TAG.findall(english)):
        yield "its tags differ"
    for strip in (str.lstrip, str.rstrip):
        if (strip(text) == text) != (strip(english) == english):
            yield "the blanks around it differ"


def fill(code: str, texts: dict[str, str | list[str]]) -> list[str]:
    """Take up translations; those that are wrong are left out and told."""
    catalog, told = load(code), []
    messages = {_key(message): message for message in template() if message.id}
    for key, text in texts.items():
        message = messages.get(key)
        forms = [text] if isinstance(text, str) else text
        if message is None:
            told.append(f"no such message: {key}")
        elif wrong := [what for form in forms for what in mistakes(message, form)]:
            told.append(f"{wrong[0]}: {key} → {forms}")
        elif message.pluralizable and len(forms) != catalog.num_plurals:
            told.append(f"{catalog.num_plurals} plural forms are needed: {key}")
        else:
            catalog.add(message.id, context=message.context)
            catalog.get(message.id, message.context).string = (
                tuple(forms) if message.pluralizable else forms[0]
            )
    save(code, catalog)
    return told


def missing(code: str, count: int) -> dict[str, object]:
    """The first messages that are not translated, each with where it is used and what is remarked."""
    catalog = load(code)
    catalog.update(template(), no_fuzzy_matching=True)
    found: dict[str, object] = {}
    for message in catalog:
        if message.id and not all(_forms(message)):
            english = list(message.id) if message.pluralizable else message.id
            places = [place for place, _line in message.locations]
            found[_key(message)] = {"english": english, "in": places, "remarks": message.auto_comments}
        if len(found) == count:
            break
    return found


def _key(message: Message) -> str:
    text = message.id[0] if message.pluralizable else message.id
    return f"{message.context}{_BETWEEN}{text}" if message.context else text


def _forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def _names(text: str) -> set[str] | None:
    try:
        return {name for _text, name, _spec, _kind in string.Formatter().parse(text) if name is not None}
    except ValueError:
        # Braces that are no placeholders, in a message that is never filled.
        return None if "{" in text and re.search(r"\{\w+\}", text) else set()


def _remarks(lines: list[str], line: int) -> list[str]:
    above: list[str] = []
    at = line - 2
    while at >= 0 and lines[at].strip().startswith("#"):
        above.insert(0, lines[at].strip().lstrip("# "))
        at -= 1
    begins = next((at for at, text in enumerate(above) if text.startswith(REMARK)), None)
    return [] if begins is None else [" ".join(above[begins:])]


def _head(code: str, catalog: Catalog, state: str) -> str:
    locale = catalog.locale
    written = (
        re.search(r"X-Name: (.*?)\\n", path_of(code).read_text("utf-8")) if path_of(code).exists() else None
    )
    dollars = format_currency(1234.5, "USD", locale=locale).replace(
        format_decimal(1234.5, "#,##0.00", locale), "{n}"
    )
    fields = {
        "Project-Id-Version": "tokviz",
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalog.plural_forms,
        "X-Name": written[1] if written else _own_name(locale),
        "X-State": state,
        "X-Number": format_decimal(1234567.8, locale=locale),
        "X-Percent": format_percent(0.5, locale=locale).replace("50", "{n}"),
        "X-Dollars": dollars,
        "X-Date": re.sub("y+", "y", locale.date_formats["short"].pattern),
        "X-Direction": locale.character_order,
        "X-Formats-From": f"CLDR, by Babel {babel.__version__}",
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'# Written by resources/languages/catalogues.py.\nmsgid ""\nmsgstr ""\n{lines}\n'


def _own_name(locale: Locale) -> str:
    name = str(locale.get_display_name(locale) or locale)
    return name[:1].upper() + name[1:]


def main(arguments: list[str]) -> int:
    """Do what the head of this file says."""
    command, named = (arguments[0], arguments[1:]) if arguments else ("", [])
    match command:
        case "new":
            begin(named[0])
        case "update":
            for code in named or codes():
                save(code, load(code))
        case "missing":
            count = int(named[1]) if len(named) > 1 else sys.maxsize
            print(json.dumps(missing(named[0], count), ensure_ascii=False, indent=1))
        case "fill":
            told = fill(named[0], json.loads(Path(named[1]).read_text("utf-8")))
            print("\n".join(told))
            return bool(told)
        case "check":
            fresh = template()
            told = [f"{code}: {what}" for code in named or codes() for what in problems(load(code), fresh)]
            print("\n".join(told) if told else f"{len(fresh)} messages, all translated.")
            return bool(told)
        case _:
            print(__doc__)
            return 0 if command == "--help" else 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
