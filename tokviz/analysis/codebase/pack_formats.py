"""The formats that a codebase can be packed in, each a template."""

from enum import StrEnum
from functools import cached_property

from tokviz.analysis.codebase.pack_template import PackTemplate, read_template

_MARKDOWN = """\
{{#before}}
{{before}}
{{/before}}
# {{name}}{{#part}}, part {{part}} of {{parts}}{{/part}}

{{#tree}}
{{tree|fence}}
{{tree}}{{tree|fence}}
{{/tree}}
{{#part}}
{{#tree}}

In this part:

{{/tree}}
{{contents|fence}}
{{contents}}{{contents|fence}}
{{/part}}
{{#files}}

## {{path}}{{#piece}} ({{piece}}){{/piece}}{{#shortened}} (shortened: {{shortened}}){{/shortened}}

{{text|fence}}{{language}}
{{text}}{{text|fence}}
{{/files}}
{{#after}}

{{after}}{{/after}}\
"""  # verbatim
_XML = """\
<codebase name={{name|attribute}}{{#part}} part="{{part}}" parts="{{parts}}"{{/part}}>
{{#before}}
<instructions>{{before|cdata}}</instructions>
{{/before}}
{{#tree}}
<tree>{{tree|cdata}}</tree>
{{/tree}}
{{#part}}
<contents>{{contents|cdata}}</contents>
{{/part}}
{{#files}}
<file path={{path|attribute}}{{#piece}} piece={{piece|attribute}}{{/piece}}\
{{#shortened}} shortened={{shortened|attribute}}{{/shortened}}{{#pictures}} \
controls="written as their pictures ␀ to ␡"{{/pictures}}>{{text|cdata}}</file>
{{/files}}
{{#after}}
<instructions>{{after|cdata}}</instructions>
{{/after}}
</codebase>
"""  # verbatim
_PLAIN = """\
{{#before}}
{{before}}
{{/before}}
{{name}}{{#part}}, part {{part}} of {{parts}}{{/part}}

{{#tree}}
{{tree}}
{{/tree}}
{{#part}}
{{#tree}}
In this part:

{{/tree}}
{{contents}}
{{/part}}
{{#files}}
{{text|rule}} {{path}}{{#piece}} ({{piece}}){{/piece}}{{#shortened}} (shortened: {{shortened}}){{/shortened}}
{{text}}
{{/files}}
{{#after}}
{{after}}{{/after}}\
"""  # verbatim


class PackFormat(StrEnum):
    """How the files are kept apart."""

    MARKDOWN = "markdown"
    XML = "xml"
    PLAIN = "plain"

    @property
    def template(self) -> PackTemplate:
        """The format's template."""
        return _FORMATS[self].template

    @property
    def source(self) -> str:
        """The template as it is written: what one's own may begin with."""
        return _FORMATS[self].source

    @property
    def ending(self) -> str:
        """Of the files that are written in it."""
        return _FORMATS[self].ending


class _Format:
    def __init__(self, name: str, ending: str, source: str) -> None:
        self.name, self.ending, self.source = name, ending, source

    @cached_property
    def template(self) -> PackTemplate:
        return read_template(self.source, self.name)


_FORMATS = {
    PackFormat.MARKDOWN: _Format("markdown", ".md", _MARKDOWN),
    PackFormat.XML: _Format("xml", ".xml", _XML),
    PackFormat.PLAIN: _Format("plain", ".txt", _PLAIN),
}


def format_for(path: str) -> PackFormat:
    """What a file's name asks for; Markdown, if it asks for nothing."""
    named = (form for form in PackFormat if path.lower().endswith(form.ending))
    return next(named, PackFormat.MARKDOWN)
