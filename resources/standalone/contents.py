"""What a standalone build holds, and what it leaves out although PyInstaller finds it.

Names of files are those in the build, with slashes: ``PySide6/Qt/plugins/platforms/libqxcb.so``.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
EXCLUDED = (
    # What our libraries import only for things that tokviz never asks of them, such as downloads.
    *("awkward", "awkward_cpp", "certifi", "charset_normalizer", "fsspec", "huggingface_hub", "idna"),
    *(
        "importlib_metadata",
        "lazy_importer",
        "packaging",
        "requests",
        "tiktoken_ext",
        "tqdm",
        "urllib3",
        "zipp",
    ),
    # Of Python, what only developers use.
    *(
        "doctest",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "pdb",
        "pydoc_data",
        "tkinter",
        "turtle",
        "unittest",
        "xmlrpc",
    ),
)
_PLUGINS = {
    "iconengines": "svgicon",
    "imageformats": "svg|ico|icns",
    "platforminputcontexts": "composeplatforminputcontextplugin|ibusplatforminputcontextplugin",
    "platforms": "xcb|wayland|offscreen|windows|cocoa",
    "platformthemes": "xdgdesktopportal",
    "printsupport": "cupsprintersupport",
    "styles": "macstyle|modernwindowsstyle|windowsvistastyle",
    "wayland-decoration-client": "adwaita|bradient",
    "wayland-shell-integration": "xdg-shell",
    "xcbglintegrations": "xcb-(egl|glx)-integration",
}
"""Qt's plugins that are kept, by folder; no other folder is. The GTK theme would bring all of GTK; pictures
are SVG; nothing asks the network."""
_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([\w-]+)/(?:lib)?q?([\w.-]+?)(?:\.abi3)?\.(?:so|dll|dylib)")
_TRANSLATION = re.compile(r"PySide6/(?:Qt/)?translations/(.*)\.qm")
_QT_LIBRARY = re.compile(r"(?:.*/)?(?:lib)?Qt6?(EglF\w*|WlShell\w*|Network)(?:[./].*)?")
"""What only plugins need that are left out, unless the program imports it."""
_NO_LIBRARY = re.compile(r".*/opengl32sw\.dll")
"""OpenGL without a graphics card, 20 MB on Windows; widgets are painted without OpenGL."""
_SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
_FROM_SYSTEM = re.compile(
    r"(lib(python3|crypto|ssl|ffi|lzma|bz2|sqlite3|uuid|mpdec|xkbcommon|xcb-)[\w.-]*?|.*cpython-.*)\.so[\d.]*"
)
"""The system's libraries that go into the build: those of Python, and those of X that a desktop may lack. The
others are left to the system that it runs on: graphics drivers, fonts and C++ must be that system's own."""
INFO_PLIST = {
    "CFBundleDocumentTypes": [
        {"CFBundleTypeRole": "Viewer", "LSHandlerRank": "Alternate", "LSItemContentTypes": [kind]}
        for kind in ("public.text", "public.folder")
    ],
    "LSApplicationCategoryType": "public.app-category.developer-tools",
    "NSHighResolutionCapable": True,
}
"""What macOS is told of the program."""
_LEFT_OUT = {"pictures", "README.md", "manual", "standalone", "catalog/choices.toml"}
"""Folders and files of ``resources`` that the program never opens."""


def languages() -> set[str]:
    """The languages that the program speaks besides English, without their regions."""
    return {re.split(r"[-_]", path.stem)[0] for path in (RESOURCES / "languages").glob("*.po")}


def is_kept(name: str, source: str) -> bool:
    """Whether a file of PyInstaller's belongs into the build; ``source`` is where it was found."""
    if plugin := _PLUGIN.fullmatch(name):
        return re.fullmatch(_PLUGINS.get(plugin[1], ""), plugin[2]) is not None
    if translation := _TRANSLATION.fullmatch(name):
        module, _, language = translation[1].partition("_")
        return module == "qtbase" and language.partition("_")[0] in languages()
    if library := _QT_LIBRARY.fullmatch(name):
        return f"Qt{library[1]}" in used_modules()
    if _NO_LIBRARY.fullmatch(name):
        return False
    if sys.platform == "linux" and source.startswith(_SYSTEM):
        return _FROM_SYSTEM.fullmatch(PurePosixPath(name).name) is not None
    return True


@cache
def used_modules() -> frozenset[str]:
    """The modules of Qt that the program imports, and QtDBus, which QtGui does by itself."""
    sources = (path.read_text("utf-8") for path in (ROOT / "tokviz").rglob("*.py"))
    return frozenset({"QtDBus", *re.findall(r"\bPySide6\.(Qt\w+)", "\n".join(sources))})


def excluded_modules() -> list[str]:
    """Modules that PyInstaller is not to follow: ``EXCLUDED``, and those of Qt that no file imports."""
    import PySide6

    every = {path.name.partition(".")[0] for path in Path(PySide6.__file__).parent.glob("Qt?*.*")}
    return [*EXCLUDED, *(f"PySide6.{name}" for name in sorted(every - used_modules()))]


def resource_files() -> Iterator[tuple[Path, str]]:
    """The program's own data: each file, and its name in the build."""
    for path in sorted(RESOURCES.rglob("*")):
        parts = path.relative_to(RESOURCES).parts
        left_out = _LEFT_OUT & {parts[0], "/".join(parts)} or "__pycache__" in parts
        is_script = path.suffix == ".py" and parts[0] != "samples"
        if path.is_file() and not left_out and not is_script:
            yield path, "/".join(("tokviz", "resources", *parts))
