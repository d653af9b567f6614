"""Looks into parsed JSON of unknown shape: what is not there, or of another type, is None or empty."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import msgspec

Fields: TypeAlias = Mapping[str, object]

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

_ENCODE = msgspec.json.Encoder().encode

NO_FIELDS: Fields = MappingProxyType({})


def text(fields: Fields, *keys: str) -> str | None:
    """The first of ``keys`` that holds a string that is not empty."""
    for key in keys:
        value = fields.get(key)
        if isinstance(value, str) and value:
            return value
    return None


def number(fields: Fields, *keys: str) -> int | None:
    """The first of ``keys`` that holds a whole number of at least 0, or the text of one."""
    for key in keys:
        value = fields.get(key)
        if value is None:
            continue
        if type(value) is int:  # nearly all are
            if 0 <= value < 1 << 53:
                return value
        elif isinstance(value, str):
            if value.isascii() and value.isdigit() and len(value) < 16:
                return int(value)
        elif type(value) is float and value.is_integer() and 0 <= value < 1 << 53:
            return int(value)
    return None


def fields_at(fields: Fields, *keys: str) -> Fields:
    """The first of ``keys`` that holds an object."""
    for key in keys:
        value = fields.get(key)
        if isinstance(value, dict):
            return value
    return NO_FIELDS


def items(fields: Fields, *keys: str) -> list[object]:
    """The first of ``keys`` that holds a list."""
    for key in keys:
        value = fields.get(key)
        if isinstance(value, list):
            return value
    return []


def objects(values: object) -> list[Fields]:
    """The objects in a list; nothing else is one."""
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def as_json(value: object) -> str | None:
    """A value as compact JSON text; a string as it is; None if it cannot be written."""
    if isinstance(value, str):
        return value
    try:
        return _ENCODE(value).decode()
    except (TypeError, ValueError, RecursionError):
        pass  # json writes more: half a surrogate pair, integers of any length
    try:
        return _COMPACT.encode(value)
    except (TypeError, ValueError, RecursionError):
        return None


def parsed(value: object) -> object:
    """What JSON text holds, or the value itself if it is no JSON text."""
    if isinstance(value, str):
        try:
            loaded: object = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return loaded
    return value
