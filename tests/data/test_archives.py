"""Archives are unpacked whole and inside their folder, or refused and nothing is left."""

import errno
import os
import stat
import tarfile
import zipfile

import pytest

from ganlib.data import archives
from ganlib.data.archives import unpack_archive
from ganlib.errors import DataError

FILES = {"top/a.wav": b"a" * 300, "top/deep/er/b.wav": b"b" * 5000, "top/c.txt": b""}
KINDS = ("zip", "tar", "tar.gz", "tar.bz2", "tar.xz")


@pytest.fixture
def make(make_zip, make_tar):
    """The same files in any kind of archive."""

    def build(files, kind="zip"):
        return (make_zip if kind == "zip" else make_tar)(files, f"archive.{kind}")

    return build


def link(kind: bytes, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo("top/link")
    entry.type, entry.linkname = kind, target
    return entry


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_packed_is_unpacked_and_nothing_else(make, kind, tmp_path, everything_below):
    out = unpack_archive(make(FILES, kind), tmp_path / "new" / "out")
    unpacked = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*.*")}
    assert unpacked == FILES
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["out"]


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_wanted_entries_are_written(make, kind, tmp_path, everything_below):
    out = unpack_archive(make(FILES, kind), tmp_path / "out", keeps=lambda n: n.endswith("b.wav"))
    assert everything_below(out) == ["top", "top/deep", "top/deep/er", "top/deep/er/b.wav"]


def refused(path, tmp_path, everything_below, complaint, **options):
    """The archive is refused with this complaint, and leaves no trace."""
    inside = tmp_path / "inside"
    inside.mkdir()
    before = everything_below(tmp_path)
    with pytest.raises(DataError, match=complaint) as caught:
        unpack_archive(path, inside / "out", **options)
    assert path.name in str(caught.value) and "\n" not in str(caught.value)
    assert everything_below(tmp_path) == before


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
@pytest.mark.parametrize(
    "name",
    ["../evil.wav", "top/../../evil.wav", "/evil.wav", "..\\evil.wav", "C:\\evil.wav", "C:evil.wav",
     "\\\\host\\share\\evil.wav"],
)  # fmt: skip
def test_an_entry_that_leads_out_is_refused(make, kind, name, tmp_path, everything_below):
    path = make({"good.wav": b"la", name: b"evil"}, kind)
    refused(path, tmp_path, everything_below, "leads out of the folder")


def test_an_entry_that_leads_out_is_refused_even_if_nobody_wants_it(
    make, tmp_path, everything_below
):
    path = make({"good.wav": b"la", "../evil.txt": b"evil"})
    refused(path, tmp_path, everything_below, "leads out", keeps=lambda n: n.endswith(".wav"))


def test_a_folder_that_leads_out_is_refused(make_tar, tmp_path, everything_below):
    entry = tarfile.TarInfo("../evil")
    entry.type = tarfile.DIRTYPE
    refused(make_tar({"e": entry}), tmp_path, everything_below, "leads out of the folder")


@pytest.mark.parametrize(
    "entry",
    [link(tarfile.SYMTYPE, "/etc/passwd"), link(tarfile.SYMTYPE, "a.wav"),
     link(tarfile.LNKTYPE, "top/a.wav"), link(tarfile.LNKTYPE, "../../secret"),
     link(tarfile.FIFOTYPE, ""), link(tarfile.CHRTYPE, ""), link(tarfile.BLKTYPE, "")],
)  # fmt: skip
def test_links_and_devices_in_a_tar_are_refused(make_tar, entry, tmp_path, everything_below):
    path = make_tar({"top/a.wav": b"la", "top/link": entry})
    refused(path, tmp_path, everything_below, "is a link or a device")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_are_refused(tmp_path, kind, everything_below):
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("top/link")
        entry.external_attr = (kind | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    refused(path, tmp_path, everything_below, "is a link or a device")


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.bz2"])
def test_a_bomb_is_refused_by_what_it_would_unpack_to(make, kind, tmp_path, everything_below):
    path = make({f"{i}.wav": bytes(2**20) for i in range(20)}, kind)
    assert path.stat().st_size < 2**17
    refused(path, tmp_path, everything_below, "unpacks to more than 17 MB")


def test_a_bomb_of_unwanted_entries_is_refused_too(make, tmp_path, everything_below):
    path = make({f"{i}.txt": bytes(2**20) for i in range(20)}, "tar.gz")
    refused(path, tmp_path, everything_below, "unpacks to", keeps=lambda n: n.endswith(".wav"))


def test_more_bytes_than_allowed_are_refused(make, tmp_path, everything_below):
    path = make({"a.wav": os.urandom(6000), "b.wav": os.urandom(6000)})
    refused(path, tmp_path, everything_below, "unpacks to more", max_bytes=11_999)
    assert unpack_archive(path, tmp_path / "out", max_bytes=12_000).is_dir()


def test_too_many_entries_are_refused(make, tmp_path, everything_below, monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 9)
    path = make({f"{i}.wav": b"la" for i in range(10)})
    refused(path, tmp_path, everything_below, "more than 9 entries")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused_also_where_case_does_not_count(
    tmp_path, everything_below
):
    for second in ("a.wav", "A.WAV", "./a.wav"):
        path = tmp_path / "archive.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.wav", "la")
            archive.writestr(second, "li")
        with pytest.raises(DataError, match="is in it twice"):
            unpack_archive(path, tmp_path / "out")
    assert everything_below(tmp_path) == ["archive.zip"]


def test_a_file_that_is_a_folder_too_is_refused(make, tmp_path, everything_below):
    path = make({"a": b"la", "a/b.wav": b"li"})
    refused(path, tmp_path, everything_below, "truncated or damaged")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_archive_is_refused(make, kind, share, tmp_path, everything_below):
    path = make({f"{i}.wav": os.urandom(3000) for i in range(8)}, kind)
    data = path.read_bytes()
    if kind == "tar":  # it ends in blocks of zeros, which may be missing
        data = data.rstrip(b"\0")
    path.write_bytes(data[: int(share * len(data))])
    refused(path, tmp_path, everything_below, "truncated or damaged|expected a ZIP or TAR")


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_an_archive_with_one_altered_bit_is_refused(make, kind, place, tmp_path, everything_below):
    path = make({f"{i}.wav": os.urandom(3000) for i in range(8)}, kind)
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 4
    path.write_bytes(bytes(data))
    refused(path, tmp_path, everything_below, "truncated or damaged")


def test_the_checksum_at_the_very_end_of_gzip_is_compared(make, tmp_path, everything_below):
    path = make(FILES, "tar.gz")
    data = bytearray(path.read_bytes())
    data[-6] ^= 1  # inside the CRC, which a reader of the TAR alone never reaches
    path.write_bytes(bytes(data))
    refused(path, tmp_path, everything_below, "truncated or damaged")


@pytest.mark.parametrize("content", [b"", b"<html>Not found</html>" * 100])
def test_what_is_no_archive_is_refused(content, tmp_path, everything_below):
    path = tmp_path / "archive.zip"
    path.write_bytes(content)
    refused(path, tmp_path, everything_below, "expected a ZIP or TAR archive")


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_without_files_is_refused(make, kind, tmp_path, everything_below):
    refused(make({}, kind), tmp_path, everything_below, "expected an archive with files in it")


def test_a_file_of_zeros_which_is_a_valid_tar_is_refused(tmp_path, everything_below):
    path = tmp_path / "archive.tar"
    path.write_bytes(bytes(10240))
    refused(path, tmp_path, everything_below, "expected an archive with files in it")


def test_an_encrypted_archive_is_refused(make, tmp_path, everything_below):
    path = make({"a.wav": b"la" * 50})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))
    refused(path, tmp_path, everything_below, "is encrypted")


def test_no_archive_and_a_folder_in_the_way_are_told(make, tmp_path):
    with pytest.raises(DataError, match="found no such file"):
        unpack_archive(tmp_path / "nowhere.zip", tmp_path / "out")
    with pytest.raises(DataError, match="it exists; remove it"):
        unpack_archive(make(FILES), tmp_path)


def test_a_full_disk_is_told_in_one_sentence_and_leaves_nothing(
    make, tmp_path, everything_below, monkeypatch
):
    def full(source, target, size):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    path = make(FILES)
    monkeypatch.setattr(archives, "_write", full)
    with pytest.raises(DataError, match="cannot unpack into .*: No space left on device"):
        unpack_archive(path, tmp_path / "out")
    assert everything_below(tmp_path) == ["archive.zip"]


def test_ctrl_c_leaves_nothing(make, tmp_path, everything_below, monkeypatch):
    def interrupted(source, target, size):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"half")
        raise KeyboardInterrupt

    path = make(FILES)
    monkeypatch.setattr(archives, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        unpack_archive(path, tmp_path / "out")
    assert everything_below(tmp_path) == ["archive.zip"]


def test_a_place_where_nothing_can_be_written_is_told_in_one_sentence(make, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot unpack into .*Not a directory"):
        unpack_archive(make(FILES), tmp_path / "file" / "deep" / "out")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission_to_write_is_told_in_one_sentence(make, tmp_path):
    path = make(FILES)
    (tmp_path / "locked").mkdir(mode=0o555)
    with pytest.raises(DataError, match="cannot unpack into .*Permission denied"):
        unpack_archive(path, tmp_path / "locked" / "out")
