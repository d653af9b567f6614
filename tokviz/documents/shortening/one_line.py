"""Lock files and minified files, each as one line that says what it is, in English: its tokens are the same
everywhere."""

import re
from fnmatch import translate

LOCK_FILES = """
    *.lock *-lock.json *-lock.yaml *.lock.hcl *.lock.json *.lockfile go.sum npm-shrinkwrap.json
    packages.lock.json *.lockb Package.resolved Cargo.lock.msrv"""  # verbatim
"""The names of files in which package managers note what they chose."""
MINIFIED = "*.min.js *.min.css *.min.mjs *.bundle.js *.chunk.js *-min.js"
"""The names of scripts and styles without needless characters."""
ONE_LINE = 500
"""Bytes a line, on average, from which scripts and styles are taken for minified: no one writes them so."""
_SOURCE_MAPS = "*.js.map *.css.map *.mjs.map"
_SCRIPTS = re.compile(r".*\.(?:js|mjs|cjs|css)")


def _names(patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns.split()))


_LOCK_NAMES, _MINIFIED_NAMES, _MAP_NAMES = map(_names, (LOCK_FILES, MINIFIED, _SOURCE_MAPS))


def lock_file_line(text: bytes, name: str) -> bytes:
    """A line in the place of a lock file; any other text as it is."""
    base = name.rpartition("/")[2]
    return _line(text, base, "a lock file") if _LOCK_NAMES.fullmatch(base) else text  # verbatim


def minified_line(text: bytes, name: str) -> bytes:
    """A line in the place of a minified file, by its name or by the length of its lines, or of a source map;
    any other text as it is."""
    base = name.rpartition("/")[2]
    if _MAP_NAMES.fullmatch(base):
        return _line(text, base, "a source map")  # verbatim
    dense = _SCRIPTS.fullmatch(base) and len(text) > ONE_LINE * max(1, text.count(b"\n"))
    if not dense and not _MINIFIED_NAMES.fullmatch(base):
        return text
    what = "minified CSS" if base.endswith(".css") else "minified JavaScript"  # verbatim
    return _line(text, base, what)


def _line(text: bytes, name: str, what: str) -> bytes:
    shown = name.encode("utf-8", "replace").decode()
    return f"[{shown}: {what} of {len(text):,} bytes, left out]\n".encode()  # verbatim
