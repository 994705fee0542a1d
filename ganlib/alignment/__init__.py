"""When each phone of a transcript is said: PocketSphinx finds the times, ganlib.text the words.

In the order of use: `sphinx` (words and phones with their frames), `fitting` (whether text and
sound agree), `stress` (what PocketSphinx's phones lack), `aligning` (a clip becomes an `Aligned`),
`aligned` (what that is, and its file).
"""

from ganlib.alignment.aligned import Aligned, read_alignments, write_alignments
from ganlib.alignment.aligning import align, align_all

__all__ = ["Aligned", "align", "align_all", "read_alignments", "write_alignments"]
