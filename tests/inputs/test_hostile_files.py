"""Files that are broken, misnamed or meant to do harm: each gives one clear fault, and none an unexpected error."""

import gzip
import io
import random
import time
import zipfile

import pytest

from optimizer.inputs import InputError, check, load_case

from .helpers import case_data, faults_of, only, shipped, write_case

CSV = shipped("leverage").read_bytes()
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
)


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return buffer.getvalue()


HOSTILE = {  # name of the file: (bytes, what the fault says)
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n \n", "empty"),
    "blank.yaml": (b"  \n", "empty"),
    "comments.yaml": (b"# nothing\n", "holds no data"),
    "header_only.csv": (CSV.split(b"\n")[0] + b"\n", "no rows"),
    "latin.csv": (CSV + "force,,a,b,0,0,0,se\xf1or,x,weak\n".encode("latin-1"), "0xf1"),
    "utf16.csv": (CSV.decode().encode("utf-16"), "UTF-16"),
    "utf16_no_mark.csv": (CSV.decode().encode("utf-16-le"), "NUL"),
    "zip.csv": (_zip(a=b"x"), "zip archive"),
    "page.csv": (b"<!DOCTYPE html><html></html>", "web page"),
    "page.yaml": (b"\n<html></html>", "web page"),
    "report.csv": (b"%PDF-1.7 ...", "PDF"),
    "packed.yaml": (gzip.compress(b"id: x"), "gzip"),
    "old.csv": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old format"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n", "picture"),
    "bell.csv": (CSV + b"\x07", "control character"),
    "escape.yaml": (b"id: a\x1b[31m", "control character"),
    "semicolons.csv": (CSV.replace(b",", b";"), "semicolons"),
    "tabs.csv": (CSV.replace(b",", b"\t"), "tabs"),
    "quote.csv": (CSV + b'force,"open', "not CSV"),
    "other.csv": (b"name,age\nx,1\n", "not that of any table"),
    "big.csv": (b"a" * 10_000_001, "larger than"),
    "big.yaml": (b"a" * 10_000_001, "larger than"),
    "notes.txt": (b"hello", "suffix"),
    "broken.yaml": (b"id: [1, 2\nx: }", "not YAML"),
    "words.yaml": (b"just some words", "not a block"),
    "list.yaml": (b"- 1\n- 2\n", "not a block"),
    "two.yaml": (b"id: a\n---\nid: b\n", "not YAML"),
    "twice.yaml": (b"id: a\nid: b\n", "stands twice"),
    "tag.yaml": (b"id: !!python/object/apply:os.system ['true']\n", "tags are not allowed"),
    "own_tag.yaml": (b"id: !env HOME\n", "tags are not allowed"),
    "bomb.yaml": (BOMB.encode(), "expand to"),
    "loop.yaml": (b"a: &a\n  b: *a\n", "part of"),
    "long.yaml": (b"- x\n" * 200_000, "too many values"),
    "long.csv": (CSV.split(b"\n")[0] + b"\n" + b"force,,x,more,0,0,0,a,b,weak\n" * 30_000, "more than 20,000 rows"),
    "deep.yaml": (b"a: " + b"[" * 100_000, "nested deeper"),
    "deep_blocks.yaml": ("".join(" " * n + "a:\n" for n in range(300)).encode(), "nested deeper"),
    "list_key.yaml": (b"? [1, 2]\n: x\n", "key is a list"),
    "tab.yaml": (b"id: a\n\tb: c\n", "not YAML"),
    "not.xlsx": (CSV, "not an Excel workbook"),
    "other.xlsx": (_zip(a=b"x"), "no Excel workbook"),
    "bomb.xlsx": (_zip(xl__workbook=b"<a/>", xl__b=b"0" * 60_000_000), "unpacks to more"),
    "entities.xlsx": (_zip(xl__workbook=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "entities"),
    "damaged.xlsx": (_zip(xl__workbook=b"<workbook/>"), "cannot be read"),
    "cut.xlsx": (_zip(xl__workbook=b"<workbook/>")[:-30], "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gives_one_clear_fault(tmp_path, name):
    data, says = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(data)
    errors = [fault for fault in faults_of(path) if fault.severity == "error" and fault.reason != "it is missing"]
    fault = only(errors)
    assert says in fault.reason
    assert fault.remedy
    assert str(path) in fault.file
    if name.endswith(".yaml"):
        with pytest.raises(InputError, match="fault"):
            load_case(path)


def test_missing_file_and_folder(tmp_path):
    assert "cannot be read" in only(faults_of(tmp_path / "no.csv")).reason
    assert "cannot be read" in only(faults_of(tmp_path / "no.yaml")).reason
    with pytest.raises(InputError, match="folder"):
        load_case(tmp_path)


def test_wrong_byte_is_named_with_its_line(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes(b"a,b\nx,caf\xe9 au lait\n")
    fault = only(faults_of(path))
    assert (fault.place, fault.reason) == ("line 2", "byte 9 (0xe9) is not UTF-8")
    assert "caf\xe9" in fault.value


def test_byte_order_mark_and_line_ends_of_windows_are_fine(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes(b"\xef\xbb\xbf" + CSV.replace(b"\n", b"\r\n"))
    assert not faults_of(path)


def test_all_files_are_read_before_anything_is_said(tmp_path):
    for name in ("empty.csv", "page.csv", "twice.yaml", "not.xlsx"):
        (tmp_path / name).write_bytes(HOSTILE[name][0])
    files = {fault.file for fault in check([tmp_path]).faults}
    assert len(files) == 4


def test_no_traceback_of_other_libraries_is_shown(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("id: x\ntempo: {class: fast, hazard_profile: [1]}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_case(path)
    text = str(error.value)
    assert "pydantic" not in text
    assert "tempo.class (line 2), class is 'fast': it is not one of volcanic, rolling, slow." in text
    assert "baseline_risk: it is missing" in text


ODD = [None, True, -1, 1e308, 10**30, "", "0,5", "na", [], {}, [None], [{}], {1: 2}, float("nan")]


def _places(value, path=()):
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _places(inner, (*path, key))


@pytest.mark.parametrize("seed", range(80))
def test_a_case_loads_exactly_when_the_check_finds_no_error(tmp_path, seed):
    rng, data = random.Random(seed), case_data()
    for _ in range(1 + seed % 3):
        *above, last = rng.choice([path for path in _places(data) if path])
        block = data
        for key in above:
            block = block[key]
        block[last] = rng.choice(ODD)
    path = write_case(tmp_path / "case.yaml", data)
    try:
        load_case(path)
        loads = True
    except InputError:
        loads = False
    assert loads == (not check([path]).errors)


def test_wide_empty_sheet_does_not_hang(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active["A1"] = "partner"
    book.active["XFD20000"] = " "
    book.save(tmp_path / "wide.xlsx")
    start = time.perf_counter()
    assert faults_of(tmp_path / "wide.xlsx")
    assert time.perf_counter() - start < 20
