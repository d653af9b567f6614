"""Characters that stand raised: without that, 10⁶ would be 106."""

import re

_POWER = re.compile(r"[+−-]?\d{1,9}|n")
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")


def raised(text: str) -> str:
    """``text`` in signs that are raised themselves if it is a number; “1st” reads well as it is."""
    return text.translate(_RAISED) if _POWER.fullmatch(text) else text
