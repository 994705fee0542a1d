"""Where sound comes from: the catalogue, any folder, fixed-length clips and streams.

- `load_clips("fsdd")`: a set or any folder of audio as fixed-length clips in memory.
- `fetch("fsdd")`: download, verify and unpack a set of the catalogue.
- `stream("my_folder")`: a `tf.data.Dataset` for what does not fit into memory.
- `info("fsdd")`: counts, durations, rates, labels, voices, splits, licence, unusable files.
- `DATASETS`: the catalogue itself; `catalogue_table()` is its text.
"""

from ganlib.data.catalog import DATASETS, DataSet, data_folder, default_digits
from ganlib.data.clips import Clips
from ganlib.data.download import fetch
from ganlib.data.loading import load_clips
from ganlib.data.stream import stream
from ganlib.data.summary import DataInfo, catalogue_table, info

__all__ = [
    "DATASETS",
    "Clips",
    "DataInfo",
    "DataSet",
    "catalogue_table",
    "data_folder",
    "default_digits",
    "fetch",
    "info",
    "load_clips",
    "stream",
]
