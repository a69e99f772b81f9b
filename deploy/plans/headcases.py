"""headcases - elections of heads of villages and residential groups: the cases (a) to (e) and (g) of README.md."""
import csv
import os
import pathlib

import headlives as lives
from casebook import Election
from making import MARK, communes_csv, people, village_names

HERE = pathlib.Path(__file__).resolve().parent
CUTOFFS = [("đến 9 giờ", 9, 1), ("đến 11 giờ", 11, 1), ("đến 14 giờ", 14, 1), ("đến 17 giờ", 17, 1)]


def province(e, rows):
    top = next(r for r in rows if r["level"] == "tỉnh")
    return e.unit(top["code"], "", "tỉnh", top["name"])


def district(e, rows, code, parent):
    """A district with its communes: facts. The codes of the communes."""
    row = next(r for r in rows if r["code"] == code)
    e.unit(code, parent, "huyện", row["name"])
    below = [r for r in rows if r["parent_code"] == code]
    for r in below:
        e.unit(r["code"], code, "xã", r["name"])
    return [r["code"] for r in below]


def villages(e, commune, n, opens=7, closes=17, profile="nqlt09-2008", choose=None, **more):
    """n places of a commune with one vote for their head each; everything about them is made up."""
    rng, names = e.rng, village_names(e.rng)
    town = e.units[commune]["name"].split()[0] in ("Thị", "Phường")
    for i in range(1, n + 1):
        code = f"{commune}{i:02}"
        name = f"Tổ dân phố {i}" if town else f"Thôn {names[i]}"
        e.place(code, commune, "thôn", name, opens, closes, **more)
        rows = choose(code) if choose else people(rng, rng.choice((1, 2, 2, 2)))
        method = rng.choice(("", "", "", "show_of_hands"))
        e.contest(f"{code}-TT", f"Trưởng {name[0].lower()}{name[1:]} {MARK}", "head", code, rows,
                  rng.randint(80, 400), profile=profile, method=method)


def take(e, ballots, n):
    """The next n of the ballots, with two candidates and ballot papers; they are given a day of their own."""
    found = []
    while len(found) < n:
        b = next(ballots)
        contest = e.contests[b.contest]
        contest["method"] = ""
        while len(e.candidates[b.contest]) < 2:
            other = e.person()
            e.candidates[b.contest].append({"name": other, "key": e.candidates[b.contest][0]["key"] and other})
        found.append(b)
    return found


def reports(e, commune, cutoffs=None):
    """Ready the evening before; the situation at each cut-off: normal is stated too."""
    e.ready(commune)
    for i, (_, hour, _) in enumerate(e.cutoffs, 1):
        if cutoffs is None or i in cutoffs:
            e.situation(commune, hour + e.rng.uniform(0.31, 0.6), i)


def instruct(e, commune, hour, text, due=None):
    """A word of the hub above, and the commune's receipt."""
    more = {"due": e.ms(e.seconds(due))} if due else {}
    act = e.tell(e.hub_of(commune), commune, hour, "instruction", text=f"{text} {MARK}", **more)
    e.do(hour, wait=act, at_unit=commune)
    e.say(commune, hour + 0.3, "receipt", of=act)
    e.matter(act, commune, "instruction", text=f"{text} {MARK}", receipts=1)


def rest(e, ballots):
    for b in ballots:
        e.usual(b)


# ---- the cases ----

def ba_to(a):
    e, rows = Election(a, "ba-to-2022", "DIỄN TẬP: bầu trưởng thôn, huyện Ba Tơ, 15/5/2022", 2.4, CUTOFFS), communes_csv()
    communes = district(e, rows, "535", province(e, rows))
    for commune in communes:
        villages(e, commune, e.rng.randint(2, 3))
    ballots = iter(list(e.ballots.values())[1::2])
    t1, t4, t8, rain, typed, t5, mixed, far = take(e, ballots, 8)
    lives.early(e, far)
    lives.not_elected(e, t1)
    lives.complained(e, t4)
    lives.no_quorum(e, t8)
    lives.broken_off(e, rain)
    lives.corrected(e, typed)
    lives.impossible(e, t5)
    lives.muddled(e, mixed)
    rest(e, [b for b in e.ballots.values() if not b.steps])
    for commune in communes:
        reports(e, commune)
        e.incident(commune, 9.7, "", 1, 1, "Mưa nhỏ, cử tri đến chậm") if e.rng.random() < 0.2 else None
    instruct(e, communes[0], 8, "Báo cáo ngay khi có mưa lớn", due=9)
    e.next_plan()
    e.do(18.8, plan=2)
    lives.voted_again(e, t1, [200, 84])
    return e


def member(e, code, i, name):
    """A candidate with the traits that Bình Sơn's plan has targets for; a person key for the Party cell."""
    rng = e.rng
    return {"name": f"{name} {MARK}", "key": f"P{code}{i}", "re_elected": rng.choice(("yes", "no")),
            "woman": "yes" if " Thị " in name else "no", "minority": rng.choice(("no", "no", "no", "yes")),
            "party": rng.choice(("yes", "yes", "yes", "no")), "birth_year": rng.randint(1950, 1995),
            "schooling": rng.choice(("THCS", "THPT", "THPT", "đại học")),
            "theory": rng.choice(("", "sơ cấp", "trung cấp")), "secretary": rng.choice(("no", "no", "yes"))}


def binh_son(a):
    e, rows = Election(a, "binh-son-2022", "DIỄN TẬP: bầu trưởng thôn, huyện Bình Sơn, 22/5/2022", 2.4, CUTOFFS), communes_csv()
    e.targets = [("party", 80), ("secretary", 30), ("age_65", 100), ("schooling", 90)]
    communes = district(e, rows, "524", province(e, rows))
    for n, commune in enumerate(communes):
        evening = n % 7 == 3
        villages(e, commune, 2, opens=19 if evening else 7, closes=21 if evening else 17, choose=lambda code: [
            member(e, code, i, name) for i, name in enumerate(people(e.rng, 2), 1)])
    day = iter([b for b in list(e.ballots.values())[9:] if e.units[b.place]["opens"] == 7])
    typed, t4 = take(e, day, 2)
    lives.corrected(e, typed)
    lives.complained(e, t4)
    rest(e, [b for b in e.ballots.values() if not b.steps])
    for commune in communes:
        reports(e, commune, cutoffs=(2, 4))
    instruct(e, communes[1], 12, "Gửi danh sách trưởng thôn là đảng viên", due=18)
    e.checks["statistics"] = statistics(e)
    e.look(18.3, 20.9)  # the evening's meetings owe nothing yet
    return e


def statistics(e):
    """Of those elected: how many are what the plan has targets for, and of how many it is known."""
    year = int(e.moment(7)[:4])
    elected = [e.candidates[code][i - 1] for code in e.contests for i in e.outcome(code)["elected"]]
    yes = lambda name: sum(c[name] == "yes" for c in elected)
    known = sum(bool(c["theory"]) for c in elected)
    n = {"new": len(elected) - yes("re_elected"), "re_elected": yes("re_elected"), "women": yes("woman"),
         "minority": yes("minority"), "party": yes("party"), "secretary": yes("secretary"), "theory": known,
         "age_65": sum(year - c["birth_year"] <= 65 for c in elected), "schooling": len(elected)}
    return {"elected": len(elected), **{name: {"n": x, "known": known if name == "theory" else len(elected)}
                                        for name, x in n.items()}}


def tu_nghia(a):
    e, rows = Election(a, "tu-nghia-2022", "DIỄN TẬP: bầu trưởng thôn, huyện Tư Nghĩa, 2022", 2.4, CUTOFFS), communes_csv()
    communes = district(e, rows, "528", province(e, rows))
    for commune in communes:
        villages(e, commune, 2)
    ballots = iter(list(e.ballots.values())[2::3])
    later, phoned, two = take(e, ballots, 3)
    later.step(6.6, "postponed")
    e.incident(e.units[later.place]["parent"], 6.7, later.place, 7, 2, "Có ca bệnh, đề nghị hoãn ngày bầu")
    lives.by_telephone(e, phoned)
    lives.told_twice(e, two)
    rest(e, [b for b in e.ballots.values() if not b.steps])
    for commune in communes:
        reports(e, commune, cutoffs=(1, 4))
    e.next_plan()
    e.units[later.place].update(opens=7 * 24 + 7, closes=7 * 24 + 17)
    e.do(12, plan=2)
    return e


def three_districts(a):
    """Each district has its own day; here each day is three hours of one."""
    days = [("535", 7), ("524", 11), ("528", 15)]
    cutoffs = [("giữa buổi", 8.5, 1), ("cuối buổi", 10, 1)]
    e, rows = Election(a, "quang-ngai-2022", "DIỄN TẬP: Quảng Ngãi, Ba Tơ 15/5, Bình Sơn 22/5, Tư Nghĩa 2022", 3, cutoffs), communes_csv()
    top = province(e, rows)
    for code, opens in days:
        for commune in district(e, rows, code, top):
            villages(e, commune, 1, opens=opens, closes=opens + 3, dues={1: opens + 1.5, 2: opens + 3})
            e.ready(commune)
    rest(e, e.ballots.values())
    e.look(10.6, 12.4)  # of the first district everything is due, of the others nothing
    e.look(14.5, 16.4)
    return e


def huong_xuan(a):
    e = Election(a, "huong-xuan-2021", "DIỄN TẬP: bầu tổ trưởng tổ dân phố, phường Hương Xuân, 10/01/2021", 2.4, CUTOFFS)
    e.categories = [("thời tiết, đi lại", "weather, roads"), ("điện, liên lạc", "power, lines"),
                    ("danh sách cử tri", "list of voters"), ("trình tự, bầu hộ", "procedure"),
                    ("an ninh, trật tự", "order")]
    e.unit("480", "", "thị xã", "Thị xã Hương Trà")
    ward = e.unit("20017", "480", "phường", "Phường Hương Xuân")
    for i in range(1, 13):
        code = f"{ward}{i:02}"
        e.place(code, ward, "tổ dân phố", f"Tổ dân phố {i}", 7, 17)
        e.contest(f"{code}-TT", f"Tổ trưởng tổ dân phố {i} {MARK}", "head", code, people(e.rng, 2),
                  e.rng.randint(80, 300))
    e.ballots[f"{ward}01-TT"].change_list(6.8, 1, at=-9)
    e.incident(ward, 6.6, f"{ward}01", 3, 2, "Trước ngày bầu: một hộ chưa có tên, đã bổ sung", at=-9)
    half, left_off, party_member = take(e, iter(list(e.ballots.values())[2::3]), 3)
    lives.exactly_half(e, half)
    lives.complained(e, left_off)
    lives.denounced(e, party_member)
    rest(e, [b for b in e.ballots.values() if not b.steps])
    power = e.incident(ward, 9.2, f"{ward}02", 2, 3, "Mất điện tại nhà văn hóa", actor="Điện lực")
    e.incident(ward, 12, f"{ward}02", 2, 1, "Có điện lại", state=3, replaces=power, actor="Điện lực")
    e.incident(ward, 13, f"{ward}05", 4, 2, "Có người bầu thay cho hộ khác", state=2, actor="Đảng ủy viên phụ trách")
    reports(e, ward)
    instruct(e, ward, 8, "Đảng ủy viên phụ trách địa bàn báo khó khăn, vướng mắc", due=9)
    return e


# ---- since July 2025 ----

FORMER_BA_TO = ("21484", "21490", "21496", "21499", "21520", "21523", "21529", "21538")


def communes_2025():
    """The communes of Quảng Ngãi since 1 July 2025, from the project's shared data: not kept here."""
    data = pathlib.Path(os.environ.get("DANTIN_DATA") or HERE.parents[2] / "shared" / "data")
    path = data / "units_2025.csv"
    if not path.is_file():
        print(f"{path} is not there: DANTIN_DATA is the folder of the project's shared data")
        raise SystemExit(77)
    with open(path, encoding="utf-8", newline="") as f:
        return [r for r in csv.DictReader(f) if r["parent_code"] == "51"]


def since_2025(a):
    """Communes directly under the province; those of former Ba Tơ behind an area hub. At noon two change."""
    e = Election(a, "quang-ngai-2025", "DIỄN TẬP: Quảng Ngãi, hai cấp từ 01/7/2025", 2.4, CUTOFFS)
    rows = communes_2025()
    e.unit("51", "", "tỉnh", "Tỉnh Quảng Ngãi")
    area = e.unit("51-KV1", "51", "khu vực", f"Khu vực Ba Tơ cũ {MARK}")
    chosen = [r for r in rows if r["code"] in FORMER_BA_TO] + [r for r in rows if r["code"] not in FORMER_BA_TO][::4]
    for r in chosen:
        e.unit(r["code"], area if r["code"] in FORMER_BA_TO else "51", "xã", r["name"])
    for r in chosen:
        villages(e, r["code"], 2, profile="nd59-2023")
    up, down = FORMER_BA_TO[2], next(r["code"] for r in chosen if r["code"] not in FORMER_BA_TO)
    t4, typed = take(e, iter([b for b in list(e.ballots.values())[1:] if e.units[b.place]["parent"] not in (up, down)]), 2)
    lives.complained(e, t4)
    lives.corrected(e, typed)
    rest(e, [b for b in e.ballots.values() if not b.steps])
    for r in chosen:
        reports(e, r["code"], cutoffs=(2, 4))
    instruct(e, up, 8, "Trưa nay xã báo cáo thẳng tỉnh")
    e.next_plan()
    for commune, to in ((up, "51"), (down, area)):
        e.units[commune].update(former=e.units[commune]["parent"], moved_in=2, parent=to)
        e.incident(commune, 12.2, f"{commune}01", 1, 2, "Ghi khi đang chuyển cấp trên")
    e.do(12.1, plan=2, without=[up, down])
    e.do(12.5, move=up, to="51")
    e.do(12.5, move=down, to=area)
    return e
