"""Files that leave the app: whole or not at all, and never through a name that somebody else laid out."""

import os

import pytest

from rhml.errors import RhmlError
from rhml.loop.files import write_whole


def test_a_link_under_the_name_of_the_part_is_not_written_through(tmp_path):
    somebodys = tmp_path / "theirs"
    somebodys.write_text("kept")
    (tmp_path / f".r.html.{os.getpid()}.part").symlink_to(somebodys)
    write_whole(tmp_path / "r.html", lambda part: part.write_text("new"))
    assert somebodys.read_text() == "kept"
    assert (tmp_path / "r.html").read_text() == "new" and not (tmp_path / "r.html").is_symlink()


def test_a_folder_under_the_name_of_the_part_is_a_refusal(tmp_path):
    (tmp_path / f".r.html.{os.getpid()}.part").mkdir()
    with pytest.raises(RhmlError, match="cannot be written"):
        write_whole(tmp_path / "r.html", lambda part: part.write_text("new"))
    assert not (tmp_path / "r.html").exists()


def test_nothing_is_left_of_a_file_that_the_disk_refused(tmp_path):
    def full(part):
        part.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(RhmlError, match="No space left"):
        write_whole(tmp_path / "r.html", full)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stopped", [RhmlError("no longer"), KeyboardInterrupt(), ValueError("a defect")])
def test_nothing_is_left_of_a_file_that_was_stopped_half_way(tmp_path, stopped):
    def half(part):
        part.write_text("half")
        raise stopped

    with pytest.raises(type(stopped)):
        write_whole(tmp_path / "r.html", half)
    assert list(tmp_path.iterdir()) == []
