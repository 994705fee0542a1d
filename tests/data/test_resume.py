"""Downloads from servers that behave, break off, begin again, alter, refuse or send too much."""

import dataclasses

import pytest

from ganlib.audio.format import AudioFormat
from ganlib.data import catalog, resume
from ganlib.data.download import fetch
from ganlib.data.loading import load_clips
from ganlib.errors import DataError

FORMAT = AudioFormat(sample_rate=8000, clip_samples=1024)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """What a broken connection leaves is a multiple of this."""
    monkeypatch.setattr(resume, "BLOCK", 1000)


def test_a_set_is_fetched_from_a_server(parts, archive, serve, own_data_folder):
    server = serve(archive.read_bytes())
    fetch("fsdd", source=server.url)
    assert server.requests == [("/archive", None)]
    assert parts(own_data_folder) == ["fsdd"]
    assert catalog.find("fsdd").note()["source"] == server.url


def test_without_a_source_the_official_address_is_asked(archive, small_fsdd, serve, monkeypatch):
    server = serve(archive.read_bytes())
    entry = dataclasses.replace(small_fsdd, origin=server.url)
    monkeypatch.setitem(catalog.DATASETS, "fsdd", entry)
    fetch("fsdd")
    assert len(load_clips("fsdd", "all", FORMAT)) == 28


def test_a_connection_that_breaks_is_taken_up_where_it_broke(archive, serve):
    server = serve(archive.read_bytes())
    server.breaks_after = 9_500
    fetch("fsdd", source=server.url)
    starts = [0 if asked is None else int(asked[6:-1]) for _, asked in server.requests]
    assert starts == list(range(0, len(server.payload), 9_000)) and len(starts) > 4
    assert len(load_clips("fsdd", "all", FORMAT)) == 28


def test_an_interrupted_download_leaves_its_part_and_goes_on_from_there(
    parts, archive, serve, own_data_folder, monkeypatch
):
    server = serve(archive.read_bytes())

    def ctrl_c(self, size):
        if size > 20_000:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(resume.ResumingDownloader, "_refuse_if_larger", ctrl_c)
        # the announced length is not what interrupts
        server.says_length = False
        with pytest.raises(KeyboardInterrupt):
            fetch("fsdd", source=server.url)
    [part] = parts(own_data_folder)
    assert part.endswith(".part")
    held = (own_data_folder / part).stat().st_size
    assert 20_000 < held < len(server.payload)
    server.says_length = True
    fetch("fsdd", source=server.url)
    assert server.requests[-1] == ("/archive", f"bytes={held}-")
    assert parts(own_data_folder) == ["fsdd"]


def test_a_server_that_ignores_range_begins_again_and_so_do_we(
    archive, serve, own_data_folder, monkeypatch
):
    server = serve(archive.read_bytes())
    server.breaks_after, server.ranges = 9_000, False
    with pytest.raises(DataError, match="the download is truncated"):
        fetch("fsdd", source=server.url)
    assert len(server.requests) == resume.ATTEMPTS + 1  # the first brought something new
    server.breaks_after = None
    fetch("fsdd", source=server.url)
    assert server.requests[-1][1] == "bytes=9000-"  # asked for the rest, got everything
    assert len(load_clips("fsdd", "all", FORMAT)) == 28


def test_a_truncated_download_is_refused_and_its_part_kept(parts, archive, serve, own_data_folder):
    server = serve(archive.read_bytes())
    server.breaks_after, server.ranges = 9_000, False
    with pytest.raises(DataError, match="truncated .*9,000 bytes are kept, call again") as caught:
        fetch("fsdd", source=server.url)
    assert server.url in str(caught.value)
    assert [name.rpartition(".")[2] for name in parts(own_data_folder)] == ["part"]
    with pytest.raises(DataError, match="not on this machine"):
        load_clips("fsdd")


def test_a_truncated_download_of_unknown_length_is_refused_and_removed(
    parts, archive, serve, own_data_folder
):
    server = serve(archive.read_bytes())
    server.breaks_after, server.says_length = 9_000, False
    with pytest.raises(DataError, match="fsdd from .* is refused: .*truncated or damaged.*removed"):
        fetch("fsdd", source=server.url)
    assert parts(own_data_folder) == []


def test_an_altered_download_is_refused_and_removed(parts, archive, serve, own_data_folder):
    payload = bytearray(archive.read_bytes())
    payload[len(payload) // 2] ^= 1
    server = serve(bytes(payload))
    with pytest.raises(DataError, match="fsdd from .* is refused: .*damaged.*was removed"):
        fetch("fsdd", source=server.url)
    assert parts(own_data_folder) == []


def test_a_hostile_archive_from_a_server_is_refused(
    parts, small_fsdd, make_zip, serve, own_data_folder
):
    server = serve(make_zip({"../evil.wav": b"evil"}).read_bytes())
    with pytest.raises(DataError, match="is refused: .*leads out of the folder"):
        fetch("fsdd", source=server.url)
    assert parts(own_data_folder.parent) == ["archive.zip"]


@pytest.mark.parametrize("status, attempts", [(404, 1), (403, 1), (500, 3), (503, 3)])
def test_a_server_that_refuses_is_named_with_its_answer(small_fsdd, serve, status, attempts):
    server = serve(b"")
    server.status = status
    with pytest.raises(DataError, match=f"{server.url}.*answers {status}"):
        fetch("fsdd", source=server.url)
    assert len(server.requests) == attempts


def test_a_server_that_is_not_there_is_told(small_fsdd, serve):
    server = serve(b"")
    server.close()
    with pytest.raises(DataError, match=r"127.0.0.1 cannot be reached \(Connection refused\)"):
        fetch("fsdd", source=server.url)


def test_a_server_that_sends_too_much_is_stopped(
    parts, small_fsdd, serve, monkeypatch, own_data_folder
):
    entry = dataclasses.replace(small_fsdd, archive_bytes=1000)
    monkeypatch.setitem(catalog.DATASETS, "fsdd", entry)
    for says_length in (True, False):
        server = serve(bytes(3 * 2**20))
        server.says_length = says_length
        with pytest.raises(DataError, match="sends more than"):
            fetch("fsdd", source=server.url)
        assert parts(own_data_folder) == []


def test_a_part_of_another_file_is_thrown_away(parts, archive, serve, own_data_folder):
    server = serve(archive.read_bytes())
    server.breaks_after, server.ranges = 9_000, False
    with pytest.raises(DataError, match="truncated"):
        fetch("fsdd", source=server.url)
    [part] = parts(own_data_folder)
    with open(own_data_folder / part, "ab") as stream:
        stream.write(bytes(len(server.payload)))  # now longer than what the server has
    server.breaks_after, server.ranges = None, True
    fetch("fsdd", source=server.url)
    assert len(load_clips("fsdd", "all", FORMAT)) == 28


def test_an_official_archive_with_another_digest_is_refused(
    small_fsdd, archive, serve, monkeypatch
):
    server = serve(archive.read_bytes())
    entry = dataclasses.replace(
        small_fsdd, origin=server.url, contents_sha256=None, archive_sha256="0" * 64
    )
    monkeypatch.setitem(catalog.DATASETS, "fsdd", entry)
    with pytest.raises(DataError, match="expected an archive with SHA-256 000.*altered"):
        fetch("fsdd")
    fetch("fsdd", source=archive)  # somebody's own copy: checked by its structure, and we say so
    assert catalog.find("fsdd").note()["verified"].startswith("structure only")
