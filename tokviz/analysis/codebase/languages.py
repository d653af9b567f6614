"""The kind of a file, told by its name: ``Python``, ``Markdown``, ``C header``; for tables and colours.

Only a name, so it costs nothing; what a file really holds may differ, and no count depends on it.
"""

from collections.abc import Iterable

from tokviz.language import N_, gettext

_BY_EXTENSION = """
Ada: adb ads
Assembly: asm s
AsciiDoc: adoc asciidoc
AWK: awk
Batch: bat cmd
BibTeX: bib
Binary: 7z a aac avi bin bmp bz2 class dbf dll dylib eot exe flac gif gz ico jar jpeg jpg mkv mo mov mp3 mp4
Binary: o ogg otf parquet png pyc pyd rar so sqlite sqlite3 tar tgz tif tiff ttf wasm wav webm webp whl
Binary: woff woff2 xz zip zst
C: c
C header: h
C#: cs csx
C++: cc cpp cxx c++ hh hpp hxx ipp tcc
Clojure: clj cljc cljs edn
CMake: cmake
COBOL: cbl cob
CoffeeScript: coffee
Common Lisp: cl lisp lsp
Configuration: cfg cnf conf config desktop editorconfig env properties
Crystal: cr
CSS: css
CSV: csv tsv
CUDA: cu cuh
D: d
Dart: dart
Device tree: dts dtsi dtso
Diff: diff patch
Document: docm docx dotx epub odp ods odt otp ots ott pdf potx ppsx pptm pptx xls xlsm xlsx xlt
Elixir: ex exs
Elm: elm
Emacs Lisp: el
Erlang: erl hrl
F#: fs fsi fsx
Fortran: f f77 f90 f95 for
gettext: po pot
GLSL: comp frag glsl vert
Go: go
Gradle: gradle
GraphQL: gql graphql
Groovy: groovy
Haskell: hs lhs
HCL: hcl tf tfvars
HTML: htm html xhtml
INI: ini
Java: java
JavaScript: cjs js jsx mjs
Jinja: j2 jinja jinja2
JSON: geojson json json5 jsonc jsonl ndjson webmanifest
Julia: jl
Jupyter: ipynb
Kotlin: kt kts
Less: less
Linker script: ld lds
Lock file: lock
Log: log
Lua: lua
Makefile: mak make mk
Markdown: markdown md mdown mdx
MATLAB: matlab
Meson: meson
Mustache: handlebars hbs mustache
Nim: nim
Nix: nix
Objective-C: m mm
OCaml: ml mli
Pascal: pas pp
Perl: pl pm pod t
PHP: php phtml
PostScript: eps ps
PowerShell: ps1 psd1 psm1
Prolog: pro
Protocol Buffers: proto
Python: py pyi pyw pyx
QML: qml
R: r rmd
reStructuredText: rest rst
Ruby: erb gemspec rake rb
Rust: rs
Sass: sass scss
Scala: sbt scala
Scheme: scm ss
Shell: bash fish ksh sh zsh
Smalltalk: st
Solidity: sol
SQL: ddl dml sql
Svelte: svelte
SVG: svg
Swift: swift
SystemVerilog: sv svh
Tcl: tcl
TeX: cls latex ltx sty tex
Text: text txt
TOML: toml
TypeScript: cts mts ts tsx
VHDL: vhd vhdl
Verilog: v vh
Vim script: vim
Visual Basic: bas vb vbs
Vue: vue
WebAssembly: wast wat
XML: dtd plist resx rss ui wsdl xaml xml xsd xsl xslt
YACC: l lex y yy
YAML: yaml yml
Zig: zig
"""  # verbatim
_BY_NAME = """
CMake: CMakeLists.txt
Configuration: .editorconfig .gitattributes .gitmodules .npmrc
Dockerfile: Containerfile Dockerfile
Ignore rules: .dockerignore .gitignore .ignore .npmignore .prettierignore .tokvizignore
Kconfig: Kconfig
Lock file: Cargo.lock Gemfile.lock Pipfile.lock composer.lock flake.lock go.sum npm-shrinkwrap.json
Lock file: package-lock.json packages.lock.json pdm.lock pnpm-lock.yaml poetry.lock uv.lock yarn.lock
Makefile: GNUmakefile Kbuild Makefile makefile
Meson: meson.build
Ruby: Gemfile Rakefile
Starlark: BUILD BUILD.bazel WORKSPACE
Text: AUTHORS CHANGELOG CHANGES CONTRIBUTING COPYING INSTALL LICENSE MAINTAINERS NEWS NOTICE README TODO
"""  # verbatim
BINARY = N_("Binary")
"""What its name says to be no text."""
OTHER = N_("Other")
"""What has a name that says nothing."""


def _table(text: str, fold: bool) -> dict[str, str]:
    table: dict[str, str] = {}
    for line in text.strip().splitlines():
        language, _, names = line.partition(": ")
        table |= {(name.lower() if fold else name): language for name in names.split()}
    return table


_EXTENSIONS = _table(_BY_EXTENSION, fold=True)
_NAMES = _table(_BY_NAME, fold=False)


# Translators: kinds of files; other kinds have names that are the same everywhere
_WORDS = (
    N_("Assembly"),
    BINARY,
    N_("C header"),
    N_("Configuration"),
    N_("Device tree"),
    N_("Document"),
    N_("Ignore rules"),
    N_("Linker script"),
    N_("Lock file"),
    N_("Log"),
    OTHER,
    N_("Text"),
)
"""Those of the kinds that are words."""


def language_words(kind: str) -> str:
    """A kind for people, in their language."""
    return gettext(kind) if kind in _WORDS else kind


def language(name: str) -> str:
    """The kind of the file called ``name`` (its last part, without folders)."""
    if found := _NAMES.get(name):
        return found
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem:
        return _NAMES.get(stem or name.partition("-")[0], OTHER)
    if found := _EXTENSIONS.get(extension.lower()):
        return found
    # Kconfig.debug, Makefile.am, Dockerfile.test
    return _NAMES.get(name.partition(".")[0], OTHER)


def languages(names: Iterable[str]) -> tuple[list[str], list[int]]:
    """The kinds of many files: the kinds that occur, by name, and for each file which of them it is."""
    found = [language(name) for name in names]
    kinds = sorted(set(found))
    numbers = {kind: number for number, kind in enumerate(kinds)}
    return kinds, [numbers[kind] for kind in found]
