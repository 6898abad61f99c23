"""Records of data files: what their classes say is what their tables may hold; each mistake is named."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pytest

from mapcore.base.errors import DataFileError
from mapcore.base.records import table_of
from mapcore.base.table_reader import read_records


@dataclass(frozen=True)
class Credit:
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Sheet:
    id: str
    on: date
    credit: Credit
    kind: Literal["map", "plan"]
    scale: float
    leaves: int = 1
    bound: bool = False
    places: tuple[str, ...] = ()


SOUND = """[[sheet]]
id = "a"
on = 2025-12-02
source = "Somebody"
licence = ""
kind = "map"
scale = 25
places = ["x", "y"]
"""


def read(text, tmp_path):
    (tmp_path / "sheets.toml").write_text(text, encoding="utf-8")
    return read_records(tmp_path / "sheets.toml", "sheet", Sheet, needed=["licence"])


def test_a_table_is_a_record_with_the_fields_of_what_it_has(tmp_path):
    (found,) = read(SOUND, tmp_path)
    assert found == Sheet("a", date(2025, 12, 2), Credit("Somebody"), "map", 25, places=("x", "y"))
    assert list(table_of(found)) == ["id", "on", "source", "licence", "kind", "scale", "leaves", "bound", "places"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("source", "sources", r"sheet\[0\]\.sources: unknown key; did you mean 'source'\?"),
        ('licence = ""', "", r"sheet\[0\]\.licence: is missing; add it"),
        ('id = "a"', "id = 1", r"sheet\[0\]\.id: must be text"),
        ("2025-12-02", '"2025"', r"sheet\[0\]\.on: must be a date"),
        ("scale = 25", "scale = true", r"sheet\[0\]\.scale: must be a number"),
        ("scale = 25", "scale = 25\nleaves = 1.5", r"sheet\[0\]\.leaves: must be a whole number"),
        ("scale = 25", "scale = 25\nbound = 1", r"sheet\[0\]\.bound: must be true or false"),
        ('"map"', '"maps"', r"sheet\[0\]\.kind: 'maps' is not known; did you mean 'map'\?"),
        ('["x", "y"]', '"x"', r"sheet\[0\]\.places: must be a list"),
        ('["x", "y"]', '["x", 1]', r"sheet\[0\]\.places\[1\]: must be text"),
        ("[[sheet]]", "[sheet]", r"sheet: must be a list"),
        ("[[sheet]]", "[[sheets]]", r"sheets: unknown key; did you mean 'sheet'\?"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_the_way_out(before, after, said, tmp_path):
    assert before in SOUND
    with pytest.raises(DataFileError, match=said) as refusal:
        read(SOUND.replace(before, after), tmp_path)
    assert len(refusal.value.problems) == 1


def test_one_refusal_names_them_all(tmp_path):
    wrong = SOUND.replace('id = "a"', "id = 1").replace("scale = 25", "scale = []") + "odd = 1\n"
    with pytest.raises(DataFileError) as refusal:
        read(wrong, tmp_path)
    assert [problem.key for problem in refusal.value.problems] == ["sheet[0].odd", "sheet[0].id", "sheet[0].scale"]
