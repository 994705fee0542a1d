"""Which kind of instrument a description is of, for those who need no engine to know."""


def kind_of(description: dict) -> str:
    """The kind that a description names; the first ones were all synthesizers and name none.

    Args:
        description: as `ganlib.instruments.files.read_description` gives it.

    Example:
        >>> kind_of({"kind": "vocoder"}), kind_of({})
        ('vocoder', 'synthesizer')
    """
    return str(description.get("kind", "synthesizer"))
