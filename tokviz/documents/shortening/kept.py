"""What a shortening says of a text that it leaves as it is."""


class KeptError(Exception):
    """A text must stay as it is; ``str()`` says why in a few words."""
