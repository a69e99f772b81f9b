#!/usr/bin/env python3
"""plan_merge.py - six communes send their tables as offices do, and one person makes a plan of them that `plan check` takes.
Every planted fault is named with its file and row; nothing is written before they are gone; nothing of a phone gets into
the plan; when the tables come again, villages keep their codes."""
import re
import shutil
import unicodedata
import xml.sax.saxutils
import zipfile

import lib
from lib import daemons

SETTINGS = """plan
    version = 1
    label = thu
    title = "Bầu trưởng thôn (diễn tập)"
    day = 2026-01-18
levels
    1
        name = tỉnh
        english = province
    2
        name = xã
        english = commune
    3
        name = thôn
        english = village
cutoffs
    1
        name = "9 giờ"
        at = 2026-01-18 09:00
        grace = 15
"""
COMMUNES = {"05121": "Xã Một Lần", "05122": "Xã Hòa Hai", "05123": "Xã Ba Ba", "05124": "Phường Bốn", "05125": "Xã Năm Năm",
            "05126": "Xã Sáu Sáu"}
HEAD = ["Tên thôn", "Số cử tri", "Người ứng cử 1", "Người ứng cử 2"]
HUB = daemons.BUILD / "dantin-hub"


def table(*rows, separator=","):
    return "".join(separator.join(row) + "\n" for row in rows)


def write_base(folder):
    folder.mkdir()
    (folder / "election.zpl").write_text(SETTINGS, "utf-8")
    rows = [["code", "parent_code", "level", "name"], ["05", "", "1", "Tỉnh Thử"]]
    rows += [[code, "05", "2", name] for code, name in COMMUNES.items()]
    rows += [["05121-01", "05121", "3", "Thôn Hạ"], ["05121-02", "05121", "3", "Thôn Thượng"]]
    (folder / "units.csv").write_text(table(*rows), "utf-8")


def fill(path, sheet, rows):
    """Puts rows (number: cells) into a spreadsheet, in place of those that are there: what a clerk would do."""
    name = f"xl/worksheets/sheet{sheet}.xml"
    with zipfile.ZipFile(path) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    text = parts[name].decode()
    for number, cells in rows.items():
        text = re.sub(rf'<row r="{number}"[^>]*?(/>|>.*?</row>)', "", text)
        made = "".join(f'<c r="{chr(65 + i)}{number}"><v>{cell}</v></c>' if isinstance(cell, float) else
                       f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{xml.sax.saxutils.escape(cell)}</t></is></c>'
                       for i, cell in enumerate(cells) if cell != "")
        later = [m.start() for m in re.finditer(r'<row r="(\d+)"', text) if int(m[1]) > number]
        at = later[0] if later else text.index("</sheetData>")
        text = f'{text[:at]}<row r="{number}">{made}</row>{text[at:]}'
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w") as new:
        for part, content in parts.items():
            new.writestr(part, content)


def send(folder, faulty):
    """What the communes send. With faults: (file, row, words) of each that is planted."""
    for name in ("05122-Xa-Hoa-Hai.xlsx", "05123-Xa-Ba-Ba.xlsx", "05124-Phuong-Bon.xlsx", "05126-Xa-Sau-Sau.xlsx"):
        (folder / name).unlink(missing_ok=True)
    fill(folder / "05121-Xa-Mot-Lan.xlsx", 1, {
        5: ["05121-01", "Thôn Hạ", "Thôn", "3452.0", "bỏ phiếu kín", "18/01/2026", 7 / 24, "17h00", "Nguyễn Văn A", "Lê B"],
        6: ["05121-02", "Thôn Thượng", "Thôn", "98", "", "", "", "", "Phạm C"],
        7: ["", "Thôn Mới", "Thôn", "" if faulty else "77", "", "", "", "", "Đinh D"]})
    fill(folder / "05125-Xa-Nam-Nam.xlsx", 1, {5: ["", "Thôn Một", "Thôn", "55", "giơ tay", "", "", "", "Hồ Y"]})
    fill(folder / "05125-Xa-Nam-Nam.xlsx", 2, {5: ["", "Thôn Một", "1", "Hồ Y", "", "có", "có", "không", "1980"]})
    (folder / "5122 hoa hai.csv").write_bytes(
        ("\ufeffDANH SÁCH THÔN, XÃ HOÀ HAI;;;\r\n;;;\r\n" + table(
            ["Người ứng cử 1", "Tên thôn", "Số cử tri", "SĐT"], ["Nguyễn Văn A", "Thôn 1", "3.452", "0912000111"],
            ["Trần Thị B", "Thôn 2", "98%" if faulty else "98", ""], ["", "Tổng", "3.452", ""], separator=";")).encode())
    (folder / "Ba-Ba.txt").write_text(unicodedata.normalize("NFD", table(
        HEAD, ["Thôn Gò", "120", "Lê C", ""], ["Thôn Gò" if faulty else "Thôn Núi", "121", "Lê C", ""],
        separator="\t")), "utf-8")
    (folder / "Phuong Bon.csv").write_bytes(
        b"T\xaan th\xabn,S\xe8 c\xf6 tri,Ng\xad\xeai \xf8ng c\xf6 1\nTh\xabn \xa7\xe5ng,210,L\xaa D\n")
    (folder / "05126.csv").write_text(
        table(HEAD, ["Thôn Trước", "10", "Đinh E", ""], ["Thôn Sau", "1 200", "" if faulty else "Đinh G", ""]), "utf-8")
    return [("05121-Xa-Mot-Lan.xlsx", 5, '"3452.0" đọc là 3452'), ("05121-Xa-Mot-Lan.xlsx", 5, "đọc là 07:00"),
            ("05121-Xa-Mot-Lan.xlsx", 7, "chưa có số cử tri"), ("5122 hoa hai.csv", 4, '"3.452" đọc là 3452'),
            ("5122 hoa hai.csv", 5, '"98%" là tỷ lệ'), ("Ba-Ba.txt", 2, "NFD"), ("Ba-Ba.txt", 3, "ghi hai lần khác nhau"),
            ("Phuong Bon.csv", 2, 'đề nghị đọc là "Thôn Đồng"'), ("05126.csv", 3, '"1 200" đọc là 1200'),
            ("05126.csv", 3, "chưa có người ứng cử nào")]


def named(told, file, row, words):
    return any(f"{file}, dòng {row}: " in line and words in line for line in told.splitlines())


def rows_of(folder, name):
    return (folder / name).read_text("utf-8-sig").splitlines()


def check_plan(into):
    units, candidates, voters = (rows_of(into, f"{name}.csv") for name in ("units", "candidates", "voters"))
    for row in ("05121-01,05121,3,Thôn Hạ,07:00,17:00", "05121-03,05121,3,Thôn Mới,,", "05122-02,05122,3,Thôn 2,,",
                "05123-02,05123,3,Thôn Núi,,", "05124-01,05124,3,Thôn Đồng,,"):
        assert row in units, (row, units)
    assert "05125-01-TT,1,,Hồ Y,,yes,yes,no,1980,,," in candidates, candidates
    for row in ("05121-01,05121-01-TT,3452,secret_ballot", "05125-01,05125-01-TT,55,show_of_hands",
                "05126-02,05126-02-TT,1200,"):
        assert row in voters, (row, voters)
    for path in into.iterdir():
        assert b"0912000111" not in path.read_bytes(), f"a phone is in {path.name}"
    code, out, err = lib.try_command(HUB, "plan", "check", into)
    assert code == 0, out + err


def test(world):
    if not shutil.which("xlsx2csv"):
        raise lib.Skip("xlsx2csv is not installed")
    home = world.home
    base, sent, into = home / "base", home / "sent", home / "plan"

    def merge(*more):
        code, out, err = lib.try_command(HUB, "plan", "merge", sent, "--into", into, "--plan", base, *more)
        assert not err, err
        return code, out

    write_base(base)
    for written in (6, 0):  # what is there may be filled in: it is left alone
        code, out, err = lib.try_command(HUB, "plan", "sheet", sent, "--plan", base)
        assert code == 0 and f"{written}/6" in out, out + err
    planted = send(sent, True)
    for more in ((), ("--repair",)):
        code, told = merge(*more)
        assert code == 1 and not into.exists(), told
    for file, row, words in planted:
        assert named(told, file, row, words), f"not told: {file} {row} {words}\n{told}"
    send(sent, False)
    code, told = merge()
    assert code == 1 and not into.exists(), "a name of .VnTime waits for somebody to accept it\n" + told
    code, told = merge("--repair")
    assert code == 0, told
    check_plan(into)

    # The next term: a village is gone, another one is new, a third is written otherwise.
    codes = rows_of(into, "codes.csv")
    (sent / "05126.csv").write_text(table(HEAD, ["THÔN TRƯỚC", "10", "Đinh E", ""], ["Thôn Kia", "11", "Đinh H", ""]), "utf-8")
    code, told = merge("--repair")
    assert code == 0, told
    units = rows_of(into, "units.csv")
    assert "05126-01,05126,3,THÔN TRƯỚC,," in units and "05126-03,05126,3,Thôn Kia,," in units, units
    assert "05126,05126-02,Thôn Sau" in rows_of(into, "codes.csv") and len(rows_of(into, "codes.csv")) == len(codes) + 1

    # A plan goes back to the communes filled in, and comes back the same.
    again, same = home / "again", home / "same"
    for words in (("plan", "sheet", again, "--plan", into, "--filled"),
                  ("plan", "merge", again, "--into", same, "--plan", into)):
        code, out, err = lib.try_command(HUB, *words)
        assert code == 0, out + err
    for name in ("units", "contests", "candidates", "voters", "codes"):
        assert sorted(rows_of(same, f"{name}.csv")) == sorted(rows_of(into, f"{name}.csv")), f"{name} changed"

    (home / "hand").mkdir()
    shutil.copy(base / "units.csv", home / "hand")
    code, out, err = lib.try_command(HUB, "plan", "merge", sent, "--into", home / "hand", "--plan", base, "--repair")
    assert code == 1 and "không ghi đè" in out, "what somebody wrote by hand is not written over"
    return f"{len(planted)} planted faults named, {len(units) - 8} villages in the plan"


if __name__ == "__main__":
    lib.run(test)
