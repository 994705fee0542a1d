"""What instruments say as files: folders of clips or of sentences, each with a metadata.csv."""

from ganlib.recording.clips import record, record_saying, say, transcript_of
from ganlib.recording.sentences import record_reading

__all__ = ["record", "record_reading", "record_saying", "say", "transcript_of"]
