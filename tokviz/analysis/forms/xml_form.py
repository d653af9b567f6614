"""XML: an element for each named value, ``item`` for those of a list. It reads only what it wrote."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from tokviz.analysis.forms.json_form import Note
from tokviz.analysis.forms.values import FormError, Value, spelled, unspelled

_ROOT, _ITEM, _ENTRY = "data", "item", "entry"
_NAME = re.compile(r"(?!(?i:xml))(?!(?:item|entry)$)[A-Za-z_][A-Za-z0-9_.-]*$", re.ASCII)
"""Names that an element may have; the others stand in an attribute."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even escaped."""
_LITERAL = {"\r": "&#13;"}
_IN_ATTRIBUTE = {**_LITERAL, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def write_xml(value: Value) -> str:
    """An XML document with two spaces a level; characters that XML forbids become U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", "".join(_parts(value, "", _ROOT, _ROOT)))


def read_xml(text: str, _note: Note) -> Value:
    """What ``write_xml`` has written, as far as XML tells it."""
    try:
        return _value(ElementTree.fromstring(text))
    except ElementTree.ParseError as error:
        raise FormError(f"XML: {error}.") from None


def _parts(value: Value, indent: str, opening: str, name: str) -> Iterator[str]:
    """One element; ``opening`` is what stands in its first tag."""
    if not isinstance(value, list | dict):
        inside = "" if value is None else escape(spelled(value), _LITERAL)
        yield f"{indent}<{opening}>{inside}</{name}>\n" if inside else f"{indent}<{opening}/>\n"
    elif not value:
        yield f"{indent}<{opening}/>\n"
    else:
        yield f"{indent}<{opening}>\n"
        deeper = f"{indent}  "
        if isinstance(value, dict):
            for key, inner in value.items():
                if _NAME.match(key):
                    yield from _parts(inner, deeper, key, key)
                else:
                    named = f'{_ENTRY} name="{escape(key, _IN_ATTRIBUTE)}"'  # verbatim
                    yield from _parts(inner, deeper, named, _ENTRY)
        else:
            for inner in value:
                yield from _parts(inner, deeper, _ITEM, _ITEM)
        yield f"{indent}</{name}>\n"


def _value(element: ElementTree.Element) -> Value:
    if not len(element):
        return unspelled(element.text or "")
    if all(each.tag == _ITEM for each in element):
        return [_value(each) for each in element]
    return {each.get("name", each.tag): _value(each) for each in element}
