"""Closes a JSON document that was cut off, so that what stands before the cut can be read."""

import json
import re

_STEP = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],]|"', re.DOTALL)
_ATTEMPTS = 200
_DEEPEST = 500


def close_truncated(text: str) -> object:
    """The value of ``text`` up to its last whole item, its open brackets closed; None if there is none.

    Cuts are tried from the last comma backwards, since the end may stand inside a key or a number.
    """
    cuts: list[tuple[int, str]] = []
    closing: list[str] = []
    for match in _STEP.finditer(text):
        sign = match[0]
        if sign == '"':
            break
        if sign in "{[":
            closing.append("}" if sign == "{" else "]")
            cuts.append((match.end(), "".join(reversed(closing))) if len(closing) < _DEEPEST else (0, ""))
        elif sign in "}]" and len(sign) == 1:
            if not closing or closing.pop() != sign:
                break
            cuts.append((match.end(), "".join(reversed(closing))))
        elif sign == ",":
            cuts.append((match.start(), "".join(reversed(closing))))
        if len(cuts) > 2 * _ATTEMPTS:
            del cuts[:_ATTEMPTS]
        if len(closing) > _DEEPEST:
            return None
    for end, brackets in reversed(cuts[-_ATTEMPTS:]):
        try:
            value: object = json.loads(text[:end] + brackets)
        except (ValueError, RecursionError):
            continue
        return value
    return None
