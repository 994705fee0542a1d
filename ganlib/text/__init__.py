"""Text to what is spoken: sentences, words, phones.

In the order of reading: `cleaning` (plain characters); `addresses`, `abbreviations`, `calendar`,
`quantities`, `numbers` (all of it in words); `dictionary`, `endings`, `spelling` (how a word
sounds); `pronouncing` (which of them counts); `reading` (sentences). `learning` made what
`spelling` knows.
"""

from ganlib.text.pronouncing import Word
from ganlib.text.reading import Sentence, read
from ganlib.text.symbols import SYMBOLS

__all__ = ["SYMBOLS", "Sentence", "Word", "read"]
