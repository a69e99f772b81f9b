"""closedcases - elections that are on no page: Party cells after Bình Sơn (b), confidence ballots of Vũ Quang (f)."""
import headcases
from casebook import CONFIDENCE, Election
from making import MARK, communes_csv, people, village_names

CELLS = 5  # communes of Bình Sơn whose cells are played


def binh_son_cells(a):
    """After the heads: committee, secretary and deputy of each village's cell. The new head stands for secretary."""
    heads = headcases.binh_son(a)
    e = Election(a, "binh-son-chi-bo-2022", "DIỄN TẬP: bầu chi ủy, bí thư, phó bí thư chi bộ, huyện Bình Sơn, 2022",
                 2, [("hết buổi", 11, 1)])
    row = next(r for r in communes_csv() if r["code"] == "524")
    e.unit("524", "", "huyện", row["name"])
    won, cells = {}, []
    for commune in heads.communes()[:CELLS]:
        e.unit(commune, "524", "xã", heads.units[commune]["name"])
        e.ready(commune)
        for b in heads.of(commune):
            elected = heads.outcome(b.contest)["elected"]
            village = heads.units[b.place]
            e.place(b.place, commune, "thôn", village["name"].removesuffix(f" {MARK}"), 7.5, 11)
            new = heads.candidates[b.contest][elected[0] - 1] if elected else None
            if new:
                won[b.contest] = new["key"]
            cells.append(cell(e, b.place, new))
    lives = [absent_counted, not_all, nobody, tied]
    for n, votes in enumerate(cells):
        (lives[n] if n < len(lives) else usual_cell)(e, *votes)
    e.checks["heads"] = won  # who was elected head there: the same person's key stands here
    return e


def cell(e, place, head):
    """A cell's three votes. The committee's list has no surplus but for a fourth name; the others have one name."""
    members = [{"name": f"{name} {MARK}", "key": f"P{place}-{i}"} for i, name in enumerate(people(e.rng, 4), 1)]
    if head:
        members[0] = {"name": head["name"], "key": head["key"]}
    n = e.rng.randint(15, 40)
    more = {"profile": "party-cell-244"}
    name = e.units[place]["name"]
    return (e.contest(f"{place}-CU", f"Chi ủy {name}", "cell-committee", place, members[:4], n, seats=3, **more),
            e.contest(f"{place}-BT", f"Bí thư {name}", "cell-secretary", place, members[:1], n, **more),
            e.contest(f"{place}-PB", f"Phó bí thư {name}", "cell-deputy", place, members[1:2], n, **more))


def congress(e, b, hour, votes, summoned=None, absences=None, against=None, decision="recognised"):
    """One vote of a congress. absences: those deducted from the members summoned, by reason."""
    summoned, absences = summoned or b.voters, absences or {}
    present = summoned - sum(absences.values())
    commune, hub = e.units[b.place]["parent"], "524"
    b.frozen()
    b.step(hour, "opened")
    b.vote(hour + 0.1, 1, present)
    b.step(hour + 0.2, "closed")
    b.step(hour + 0.25, "counting")
    more = {"against": against} if against else {}
    b.count(hour + 0.4, eligible=b.voters, attended=present, issued=present, returned=present, valid=present,
            invalid=0, summoned=summoned, **absences, votes=votes, **more)
    b.minutes(hour + 0.6, form="BB-CB")
    if decision:
        b.decide(hour + 2.5, decision, by_hub=hub, signatory=f"Ban Thường vụ Đảng ủy {MARK}")


def usual_cell(e, committee, secretary, deputy):
    n = committee.voters
    congress(e, committee, 8, [n - 1, n - 2, n - 3, 5])  # three names a ballot: 3n votes at most
    congress(e, secretary, 9, [n - 1], against=[1])
    congress(e, deputy, 10, [n - 2], against=[2])


def absent_counted(e, committee, secretary, deputy):
    """20 summoned, 2 of them living elsewhere: half is of 18. 10 votes are enough, and would not be of 20."""
    for b in (committee, secretary, deputy):
        b.voters = 20
    away = {"elsewhere": 1, "exempt": 1}
    congress(e, committee, 8, [17, 16, 10, 9], absences=away)
    congress(e, secretary, 9, [10], against=[8], absences=away)
    congress(e, deputy, 10, [9], against=[9], absences=away, decision="not_recognised")


def not_all(e, committee, secretary, deputy):
    """Two of three seats: the congress votes again for the rest, or leaves it."""
    n = committee.voters
    congress(e, committee, 8, [n - 1, n - 2, n // 2, n // 3])
    congress(e, secretary, 9, [n - 1], against=[1])
    congress(e, deputy, 10, [n - 2], against=[2])


def nobody(e, committee, secretary, deputy):
    n = committee.voters
    congress(e, committee, 8, [n - 1, n - 2, n - 4, 3], absences={"suspended": 1})
    congress(e, secretary, 9, [n // 2], against=[n - n // 2], decision="not_recognised")
    congress(e, deputy, 10, [n - 2], against=[2])


def tied(e, committee, secretary, deputy):
    """Equal votes for the last seat: a second vote among them is the congress's to hold."""
    n = committee.voters
    congress(e, committee, 8, [n - n // 5, n - n // 4, n * 6 // 10, n * 6 // 10], decision=None)
    congress(e, secretary, 9, [n - 1], against=[1])
    congress(e, deputy, 10, [n - 2], against=[2])


# ---- Vũ Quang 2019 ----

PROFILE = """# The levels of 2019 are not known: these are made up. The rest is as in confidence-96-qdtw, of 2023.
vu-quang-2019
    like = confidence-96-qdtw
    grades
        1 = "tốt"
        2 = "khá"
        3 = "trung bình"
        4 = "yếu"
"""
LEVELS = ("tốt", "khá", "trung bình", "yếu")
MERGING = (("VQ-HQ", "Xã Hương Quang"), ("VQ-HT", "Xã Hương Thọ"), ("VQ-HD", "Xã Hương Điền"), ("VQ-ST", "Xã Sơn Thọ"))
# Ballots returned and marks per level: just two thirds low; a little less; just half, which is not more; between.
BOUNDARIES = ((90, (20, 10, 0, 60)), (91, (20, 6, 5, 60)), (90, (25, 20, 0, 45)), (90, (0, 10, 21, 59)))


def vu_quang(a):
    """Officials of four communes that merge, each judged in the village where they live, on 30 and 31 October."""
    e = Election(a, "vu-quang-2019", "DIỄN TẬP: phiếu đánh giá cán bộ 4 xã sáp nhập, huyện Vũ Quang, đến 31/10/2019",
                 2.4, [("hết ngày", 20, 2)])
    e.rules["vu-quang-2019"], e.profiles = CONFIDENCE, PROFILE
    e.unit("441", "", "huyện", "Huyện Vũ Quang")
    papers = []
    for commune, name in MERGING:
        e.unit(commune, "441", "xã", name)
        e.ready(commune)
        names = village_names(e.rng)
        for i in range(1, 4):
            opens = 7 if i == 1 else 13  # the morning stands for the 30th, the afternoon for the last day
            place = e.place(f"{commune}{i}", commune, "thôn", f"Thôn {names[i]}", opens, opens + 3, dues={1: opens + 3})
            papers.append([official(e, place, k, name) for k, name in enumerate(people(e.rng, 3), 1)])
    for n, paper in enumerate(papers):
        returned, marks = BOUNDARIES[n] if n < len(BOUNDARIES) else (e.rng.randint(50, 120), None)
        for b in paper:
            b.voters = returned + e.rng.randint(0, 9) if b is paper[0] else paper[0].voters
        assess(e, paper, returned, marks)
    return e


def official(e, place, k, name):
    code = f"{place}-{k}"
    return e.contest(code, f"Đánh giá {name} {MARK}", "confidence", place, [{"name": w, "key": ""} for w in LEVELS], 0,
                     profile="vu-quang-2019", seats=0, paper=f"{place}-P", person=f"CB{code}", grades=True)


def assess(e, paper, returned, first_marks):
    """Several people on one paper: its ballots are common, valid and invalid are counted for each person."""
    u, voters = e.units[paper[0].place], paper[0].voters
    for k, b in enumerate(paper):
        marks = first_marks if k == 0 and first_marks else marks_of(e, returned)
        hour = u["opens"] + 0.02 + k * 0.01
        b.step(-7 * 24 + 9, "list_frozen")  # sent up by 24 October, checked and stamped
        b.step(hour, "opened")
        b.vote(u["closes"] + 0.05, 1, returned)
        b.step(u["closes"] + 0.2 + k * 0.01, "closed")
        b.step(u["closes"] + 0.3 + k * 0.01, "counting")
        b.count(u["closes"] + 0.6 + k * 0.1, eligible=voters, attended=returned, printed=voters, issued=returned,
                spoiled=0, unused=voters - returned, returned=returned, valid=sum(marks),
                invalid=returned - sum(marks), votes=marks)
        b.minutes(u["closes"] + 1.2, form="BB-PDG", witnesses=3)
        b.decide(u["closes"] + 2 + k * 0.1, "recognised", by_hub="441", signatory=f"Ban Thường vụ Huyện ủy {MARK}")


def marks_of(e, returned):
    rng = e.rng
    low, middle, spoiled = rng.randint(0, returned // 10), rng.randint(0, returned // 5), rng.randint(0, 3)
    good = rng.randint(0, returned - low - middle - spoiled)
    return (returned - low - middle - spoiled - good, good, middle, low)
