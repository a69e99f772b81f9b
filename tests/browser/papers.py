#!/usr/bin/python3
"""papers - each paper that a commune prints is one page of A4 and says what it must: the blank count sheet, the minutes with
their receipt slip, what is read out by telephone with check digits that fit, the list of places with telephones, the seal."""
import lib
from lib import system

PAPERS = {"count": ("Phiếu đếm", "Tổng"), "minutes": ("Biên bản kiểm phiếu", "Mã bản ghi"),
          "readback": ("Bảng đọc số", "Đọc lần lượt"), "units": ("Danh sách các điểm", "0905 123 456")}


def check_of(place, cutoff, figure):
    """The check digits by themselves: ISO 7064, MOD 97-10."""
    return 98 - (int(f"{place:03}{cutoff:02}{figure:06}") * 100) % 97


def one_page(browser, name):
    pages = browser.print_pdf(name)
    assert pages == 1, f"{name} has {pages} pages"
    browser.screenshot(name)


def contacts(node, code):
    status, reply = node.post("/api/contacts", system.form(unit=code, contacts="Tổ trưởng\tNguyễn Văn A\t0905 123 456"))
    assert status == 200, reply
    status, reply = node.post("/api/contacts", system.form(unit="535", contacts="Trực ban\tTrần Thị B\t0255 3824 111"))
    assert status == 200, reply
    status, reply = node.post("/api/contacts", system.form(unit="21487", contacts="Ai đó\tỞ xã khác\t0255 1"))
    assert status == 404, f"another commune's telephone was taken: {reply}"


def test(stage):
    tree = stage.morning()
    node = tree.nodes[0]
    browser = stage.browser()
    browser.open(node, "zero.html")
    one_page(browser, "zero")
    stage.play(tree)
    place = node.get("/api/state")["places"][0]
    contacts(node, place["code"])
    for paper, words in PAPERS.items():
        browser.open(node, f"prints.html?paper={paper}&place={place['code']}")
        browser.wait_seen("#sheet")
        text = browser.text("#sheet")
        assert all(word in text for word in words), f"{paper}: {text}"
        assert "DIỄN TẬP" in text, f"{paper} does not say that it is a drill"
        browser.check_no_key()
        one_page(browser, paper)
    ballot = place["ballots"][0]
    tally = ballot["tally"]
    browser.open(node, f"prints.html?paper=minutes&place={place['code']}")
    browser.wait_seen("#slip")
    text = browser.text("#sheet")
    need = node.get("/api/state")["contests"][ballot["contest"]]["need"]
    assert str(tally["valid"]) in text and str(need) in text and "tạm thời" in text, text
    assert ballot["standing"]["tally/1"][0]["act"][:4] in text, "the slip has not the record's code"
    browser.open(node, "prints.html?paper=readback&cutoff=2")
    browser.wait_seen("#sheet")
    voted = ballot["turnout"][1]["voted"]
    spoken = f"{place['number']:02} – 2 – {voted} – {check_of(place['number'], 2, voted):02}"
    assert spoken in browser.text("#sheet"), f"{spoken} is not in {browser.text('#sheet')}"
    assert "0255 3824 111" in browser.text("#sheet")
    browser.open(node, "seal.html")
    one_page(browser, "seal")
    browser.resize("phone")
    for paper in PAPERS:
        browser.open(node, f"prints.html?paper={paper}")
        browser.wait_seen("#sheet")
        browser.check_layout()
    return "six papers, one page each, with what they must say"


lib.run(test)
