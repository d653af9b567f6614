"""RTF, by striprtf."""

from tokviz.documents.extraction.output import Output, Units, damaged


def extract(data: bytes, output: Output) -> Units:
    """A document's text."""
    from striprtf.striprtf import rtf_to_text  # nobody else needs it

    try:
        text = rtf_to_text(data.decode("latin-1"), errors="replace")
    except (ValueError, OverflowError, KeyError, IndexError, LookupError) as error:
        raise damaged() from error
    # Characters beyond the first plane come as two halves.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for paragraph in whole.replace("\r\n", "\n").split("\n"):
        output.block(paragraph, "line")
    return Units(0)
