"""Write when each phone of the set is said: `python datasets/voice/align.py` (see README.md)."""

from __future__ import annotations

import csv
from difflib import SequenceMatcher
from pathlib import Path

import soundfile
from tqdm import tqdm

from ganlib.alignment import align_all, write_alignments
from ganlib.text import Sentence, Word, read

FOLDER = Path(__file__).resolve().parent
# Names and new words that CMUdict lacks, as this speaker says them.
SAID = {
    "digium": "D IH1 JH IY0 AH0 M",
    "dahdi": "D AA1 D IY0",
    "xray": "EH1 K S R EY2",
    "undelete": "AH2 N D IH0 L IY1 T",
    "undeleted": "AH2 N D IH0 L IY1 T IH0 D",
    "rerecord": "R IY2 R IH0 K AO1 R D",
    "prepend": "P R IY2 P EH1 N D",
    "prepending": "P R IY2 P EH1 N D IH0 NG",
    "unistim": "Y UW1 N AH0 S T IH2 M",
    "unmute": "AH2 N M Y UW1 T",
    "unmuted": "AH2 N M Y UW1 T IH0 D",
    "caret": "K EH1 R AH0 T",
    "semicolon": "S EH1 M IY0 K OW2 L AH0 N",
    "uppercase": "AH2 P ER0 K EY1 S",
    "lowercase": "L OW2 ER0 K EY1 S",
}


def spoken(transcript: str, normalised: str) -> Sentence:
    """The words of the normalised transcript with the marks of the other.

    Where the transcript breaks off ("Press ..."), the last mark is a comma.
    """
    words = [as_said(word) for sentence in read(normalised) for word in sentence.words]
    marks = [""] * len(words)
    written = letter_by_letter(read(transcript))
    texts = [text for text, _ in written], [word.text.lower() for word in words]
    for block in SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            marks[block.b + step] = written[block.a + step][1]
    marks[-1] = "," if transcript.rstrip().endswith("...") else written[-1][1]
    return Sentence(tuple(words), tuple(marks))


def as_said(word: Word) -> Word:
    """A word that no dictionary knows, as it is said in these recordings."""
    if word.found != "rules" or word.text not in SAID:
        return word
    return Word(word.text, tuple(SAID[word.text].split()), "rules")


def letter_by_letter(sentences: list[Sentence]) -> list[tuple[str, str]]:
    """Words and marks, spelled words as single letters, as the normalised transcripts have them."""
    pairs: list[tuple[str, str]] = []
    for sentence in sentences:
        for word, mark in zip(sentence.words, sentence.marks, strict=True):
            parts = list(word.text.lower()) if is_spelled(word) else [word.text.lower()]
            pairs += [(part, "") for part in parts[:-1]] + [(parts[-1], mark)]
    return pairs


def is_spelled(word: Word) -> bool:
    """Whether a word is said letter by letter."""
    return word.found == "letters"


def main() -> None:
    """Align every clip and say which could not be."""
    with open(FOLDER / "metadata.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    clips = [soundfile.read(FOLDER / row["file"], dtype="float32")[0] for row in rows]
    texts = [[spoken(row["transcript"], row["normalized_transcript"])] for row in rows]
    with tqdm(total=len(rows), unit="clip") as bar:
        found, reasons = align_all(clips, 16_000, texts, lambda *_: bar.update())
    pairs = zip(rows, found, strict=True)
    write_alignments(FOLDER / "alignment.csv", {row["file"]: one for row, one in pairs if one})
    print(f"{len(rows) - len(reasons)} of {len(rows)} clips aligned")
    for place, reason in reasons.items():
        print(f"{rows[place]['file']}: {reason} ({rows[place]['normalized_transcript']})")


if __name__ == "__main__":
    main()
