"""A Jupyter notebook as its cells: source, prose, text output; what is no text is named by type and size."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from tokviz.documents.decoding import encode_text
from tokviz.documents.shortening.encoded import base64_size, shorten_encoded
from tokviz.documents.shortening.kept import KeptError
from tokviz.language import _

_HEADS = {"code": "# %%", "markdown": "# %% [markdown]", "raw": "# %% [raw]", "heading": "# %% [markdown]"}
"""The marks of the percent format, which editors and models know."""
_OUTPUT = "# %% [output]"
_AS_TEXT = ("text/plain", "text/markdown", "text/latex", "application/json")
"""What is shown of an output that comes in several forms: the first of these."""
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def notebook_cells(text: bytes) -> bytes:
    """The cells of a notebook; KeptError if it is none that can be read."""
    notebook = _parsed(text)
    try:
        parts = [part for cell in _cells(_object(notebook)) for part in _cell(cell)]
    except (TypeError, KeyError, RecursionError):
        raise KeptError(_("the notebook is broken: its cells are not as its format has them")) from None
    return shorten_encoded(encode_text("\n\n".join(parts) + "\n" if parts else ""))


def _parsed(text: bytes) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        pass  # it is stricter, and three times as fast: NaN and lone surrogates do stand in notebooks
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise KeptError(
            _("the notebook is broken: it is nested too deeply")
            if isinstance(error, RecursionError)
            else _("the notebook is broken: it is no JSON")
        ) from None


def _cells(notebook: dict[str, Any]) -> list[Any]:
    """Of format 4, or of 3, which has them in worksheets."""
    if (cells := notebook.get("cells")) is None:
        return [cell for sheet in _list(notebook["worksheets"]) for cell in _list(_object(sheet)["cells"])]
    return _list(cells)


def _cell(value: object) -> Iterator[str]:
    cell = _object(value)
    kind = str(cell["cell_type"])
    source = _joined(cell["source"] if "source" in cell else cell.get("input", ""))
    if source.strip():
        yield f"{_HEADS.get(kind, f'# %% [{kind}]')}\n{source}"
    for name, forms in _object(cell.get("attachments") or {}).items():
        yield "\n".join(_named(form, data, f"{name}: ") for form, data in _object(forms).items())
    outputs = _list(cell.get("outputs") or [])
    if shown := "\n".join(filter(None, (_output(output).rstrip() for output in outputs))):
        yield f"{_OUTPUT}\n{shown}"


def _output(value: object) -> str:
    output = _object(value)
    kind = output.get("output_type")
    if kind == "stream":
        return _plain(_joined(output["text"]))
    if kind in ("error", "pyerr"):
        trace = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
        return _plain(_joined(trace, "\n"))
    if "data" in output:
        forms = _object(output["data"])
    else:  # format 3 has them beside the kind
        forms = {_FORMER[form]: data for form, data in output.items() if form in _FORMER}
    text = next((form for form in _AS_TEXT if form in forms), None)
    lines = [] if text is None else [_plain(_as_text(forms[text]))]
    lines += [_named(form, data) for form, data in forms.items() if form not in _AS_TEXT]
    return "\n".join(lines)


_FORMER = {
    "text": "text/plain",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "latex": "text/latex",
    "json": "application/json",
    "javascript": "application/javascript",
    "pdf": "application/pdf",
}
"""The forms of an output in format 3."""


def _plain(text: str) -> str:
    """``text`` without the escape sequences that colour it in a terminal."""
    return _ANSI.sub("", text) if "\x1b" in text else text


def _as_text(data: object) -> str:
    return _joined(data) if isinstance(data, str | list) else json.dumps(data, ensure_ascii=False)


def _named(form: str, data: object, name: str = "") -> str:
    """What is left out, by type and size: of what is in base64 the size of what it stands for."""
    text = _as_text(data)
    binary = form.startswith(("image/", "audio/", "video/")) and not form.endswith("xml")
    encoded = binary or form == "application/pdf"
    size = base64_size(text) if encoded else len(text) if text.isascii() else len(encode_text(text))
    return f"[{name}{form}, {size:,} bytes]"  # verbatim


def _joined(lines: object, between: str = "") -> str:
    """A text of a notebook, which may come as a list of lines."""
    if isinstance(lines, str):
        return lines
    return between.join(_list(lines))  # TypeError where a line is no text


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value
