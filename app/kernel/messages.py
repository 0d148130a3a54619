"""Marks text for translation without translating it: the words are chosen when they are shown."""


def _(message: str) -> str:
    """Return `message` unchanged; Babel extracts it as a message id."""
    return message
