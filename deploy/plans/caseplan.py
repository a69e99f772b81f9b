"""caseplan - a plan of make-case as the folder that `dantin-hub plan check` reads."""
from making import write_csv

LEVELS = {"tỉnh": "province", "thị xã": "town", "huyện": "district", "khu vực": "area", "xã": "commune",
          "phường": "ward", "thôn": "village", "tổ dân phố": "residential group"}


def write_settings(folder, plan, moment):
    lines = ["# Written by make-case; README.md there says what is fact and what is invented.", "plan",
             f"    version = {plan['version']}", f'    label = "{plan["label"]}"',
             f'    title = "{plan["title"]}"', "levels"]
    for i, name in enumerate(plan["levels"], 1):
        lines += [f"    {i}", f'        name = "{name}"', f"        english = \"{LEVELS[name]}\""]
    lines += ["cutoffs"] if plan["cutoffs"] else []
    for i, (name, hour, grace) in enumerate(plan["cutoffs"], 1):
        lines += [f"    {i}", f'        name = "{name}"', f'        at = "{moment(hour)}"',
                  f'        grace = "{grace} s"']
    lines += ["categories"] if plan["categories"] else []
    for i, (name, english) in enumerate(plan["categories"], 1):
        lines += [f"    {i}", f'        name = "{name}"', f'        english = "{english}"']
    lines += ["targets"] if plan["targets"] else []
    for i, (what, percent) in enumerate(plan["targets"], 1):
        lines += [f"    {i}", f"        what = {what}", f"        percent = {percent}"]
    (folder / "election.zpl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if plan["profiles"]:
        (folder / "profiles.zpl").write_text(plan["profiles"], encoding="utf-8")


def write_tables(folder, plan, moment):
    hour = lambda h: "" if h is None else moment(h)
    dues = lambda u: ";".join(f"{i}={'none' if h is None else moment(h).split()[1]}"
                              for i, h in u.get("dues", {}).items())
    contests = plan["contests"]
    write_table(folder / "units.csv", "code,parent_code,level,name", (
        {"code": code, "parent_code": u["parent"], "level": u["level"], "name": u["name"],
         "former_parent": u.get("former", ""), "moved_in": u.get("moved_in", ""), "place": u["place"],
         "opens": hour(u["opens"]), "closes": hour(u["closes"]), "cutoffs": dues(u)}
        for code, u in plan["units"].items()))
    write_table(folder / "contests.csv", "code,name,kind,unit_code,profile,seats", (
        {"code": code, "name": c["name"], "kind": c["kind"], "unit_code": c["unit"], "profile": c["profile"],
         "seats": c["seats"], "repeats": c["repeats"], "paper": c["paper"], "person": c["person"]}
        for code, c in contests.items()))
    write_table(folder / "candidates.csv", "contest,number,name", (
        {"contest": code, "number": i, **c} for code, rows in plan["candidates"].items()
        if not contests[code].get("grades") for i, c in enumerate(rows, 1)))
    write_table(folder / "voters.csv", "place,contest,voters", (
        {"place": c["unit"], "contest": code, "voters": plan["voters"][code], "method": c["method"]}
        for code, c in contests.items()))


def write_table(path, needed, rows):
    """All columns but those that no row fills and that may be left out."""
    rows = list(rows)
    columns = needed.split(",") + [name for name in (rows[0] if rows else ())
                                   if name not in needed.split(",") and any(row.get(name, "") != "" for row in rows)]
    write_csv(path, [columns, *([row.get(name, "") for name in columns] for row in rows)])
