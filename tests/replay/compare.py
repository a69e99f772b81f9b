"""compare - what the province exports, against the sums of the file itself and each line of the official totals.

`differences` are what must not be. `listed` is what the plan's rules do not decide, or what a total lacks because
a figure that cannot be right is in quarantine: told line by line, not counted as a difference.
"""
import csv
import io

from results import NUMBERS, clean

HARMLESS = "=+-@\t\r"  # an export puts an apostrophe before them, for spreadsheets


def plurality(votes, seats):
    """number -> votes; number -> `*` elected, `?` in a tie for the last seats, or empty."""
    marks = {}
    for number, v in votes.items():
        above = sum(w > v for w in votes.values())
        equal = sum(w == v for w in votes.values())
        marks[number] = "*" if above + equal <= seats else "?" if above < seats else ""
    return marks


class Sums:
    """(unit, contest_id or empty, number or empty) -> sums of some ballots; what nobody stated is not there."""

    def __init__(self, results, ballots):
        self.at, self.tallied = {}, {}
        for place, contest in ballots:
            numbers = results.ballots[(place, contest)][0]
            votes = results.stated_votes((place, contest))
            for unit in results.paths[place][:-1]:
                self.add((unit, "", ""), numbers)
                self.add((unit, contest, ""), numbers)
                for number, v in votes.items():
                    self.add((unit, contest, number), {"votes": v})
                self.tallied[(unit, contest)] = self.tallied.get((unit, contest), 0) + 1
                self.tallied[(unit, "")] = self.tallied.get((unit, ""), 0) + 1

    def add(self, key, numbers):
        to = self.at.setdefault(key, {})
        for column, n in numbers.items():
            to[column] = to.get(column, 0) + n

    def number(self, unit, contest, candidate, column):
        key = (unit, contest, candidate if column == "votes" else "")
        return self.at.get(key, {}).get(column)


def integer(text):
    return int(text) if text else None


class Comparison:
    def __init__(self, results, exported, held=()):
        """held: the ballots (place, contest_id) whose tally is in quarantine."""
        self.results, self.held = results, set(held)
        self.differences, self.listed, self.notes, self.lines, self.own_lines = [], [], [], 0, 0
        self.contest_of = {k.code: contest for contest, k in results.contests.items()}
        self.rows = {}  # (unit or "contest", contest_id, number) -> row
        for row in csv.DictReader(io.StringIO(exported, newline="")):
            unit = "contest" if row["level"] == "contest" else row["unit_code"]
            contest = self.contest_of.get(row["contest_id"], row["contest_id"])
            key = (unit, contest, integer(row["candidate_no"]) or "")
            if key in self.rows:
                self.differences.append(f"{self.what(key)}: exported twice")
            self.rows[key] = row
        tallies = [b for b in results.ballots if results.has_tally(b)]
        self.counted = Sums(results, [b for b in tallies if b not in self.held])
        self.missing = Sums(results, self.held)
        self.places = {}  # (unit, contest_id or empty) -> ballots there
        for place, contest in results.ballots:
            for unit in results.paths[place][:-1]:
                for key in ((unit, contest), (unit, "")):
                    self.places[key] = self.places.get(key, 0) + 1

    def what(self, key):
        unit, contest, number = key
        return " ".join(str(x) for x in (unit, contest, number and f"no. {number}") if x)

    # ---- against the file itself ----

    def own(self):
        """Every exported line is the sum of what was entered and is not in quarantine; no line is missing."""
        left = set(self.rows)
        for unit, (_, level, _) in self.results.units.items():
            if level != "place":
                self.own_line((unit, "", ""), unit, level, left)
        for contest, k in self.results.contests.items():
            votes = {n: self.counted.number(self.results.contest_unit[contest], contest, n, "votes") or 0 for n in k.people}
            whole = self.counted.tallied.get((self.results.contest_unit[contest], contest), 0) == len(k.places)
            marks = plurality(votes, k.seats) if whole else {}
            for unit in {u for place in k.places for u in self.results.paths[place][:-1]} | {"contest"}:
                at = self.results.contest_unit[contest] if unit == "contest" else unit
                level = "contest" if unit == "contest" else self.results.units[unit][1]
                decides = at == self.results.contest_unit[contest]
                for number in ("", *k.people):
                    self.own_line((unit, contest, number), at, level, left, marks if decides else {})
        for key in sorted(left, key=str):
            self.differences.append(f"{self.what(key)}: exported, but nothing like it was entered")

    def own_line(self, key, unit, level, left, marks=None):
        _, contest, number = key
        row = self.rows.get(key)
        self.own_lines += 1
        left.discard(key)
        if row is None:
            self.differences.append(f"{self.what(key)}: the province has no such line")
            return
        for column in (*NUMBERS, "votes") if number != "" else NUMBERS:
            ours, entered = integer(row[column]), self.counted.number(unit, contest, number, column)
            if column == "votes":  # a candidate nobody gave a vote to has none, or it is not stated
                ours, entered = ours or 0, entered or 0
            if ours != entered:
                self.differences.append(f"{self.what(key)}: {column} is {said(ours)}, entered were {said(entered)}")
        k = self.results.contests.get(contest)
        names = {"level": level, "unit_code": unit, "unit_name": self.results.units[unit][2],
                 "contest_id": k.code if k else "", "contest_name": k.name if k else "",
                 "seats": str(k.seats) if k else "", "candidate_name": k.people[number] if number != "" else "",
                 "elected": (marks or {}).get(number, ""), "places": str(self.places.get((unit, contest), 0)),
                 "tallied": str(self.counted.tallied.get((unit, contest), 0))}
        for column, name in names.items():
            if row[column] != name and not (name[:1] in HARMLESS and row[column] == "'" + name):
                self.differences.append(f"{self.what(key)}: {column} is {row[column]!r}, not {name!r}")

    # ---- against the official totals ----

    def official(self, path):
        with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as f:
            rows = [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(f)]
        marks = {}  # (level, unit, contest), (contest,) and () -> the marks of its lines
        for row in rows:
            line = (row["level"], row["unit_code"], row["contest_id"])
            for key in (line, line[2:], ()):
                marks.setdefault(key, set()).add(row.get("elected", ""))
        for row in rows:
            self.lines += 1
            self.line(row, marks)

    def units_of(self, row):
        """Our units for the line's: usually one; a contest has its own."""
        if row["level"] == "contest":
            return [self.results.contest_unit[row["contest_id"]]] if row["contest_id"] in self.results.contests else []
        return self.results.named.get((row["level"], row["unit_code"] or row.get("unit_name", "")), [])

    def sources(self, row):
        """[(unit, contest, number, exported row)] that the line is the sum of, or None: there is none."""
        contest, who, found = row["contest_id"], row.get("candidate_no", "").strip() or row.get("candidate_name", ""), []
        for unit in self.units_of(row):
            for c in [contest] if contest or not who else self.results.contests:
                k = self.results.contests.get(c)
                number = "" if not who else self.number_of(k, row) if k else None
                key = ("contest" if row["level"] == "contest" else unit, c, number)
                if number is not None and key in self.rows:
                    found.append((unit, c, number, self.rows[key]))
        return found or None

    def number_of(self, k, row):
        text, name = row.get("candidate_no", "").strip(), row.get("candidate_name", "")
        both = k.number_of.get((text, name))
        return both if both is not None else k.number_of.get(text or name)

    def line(self, row, marks):
        what = " ".join(filter(None, (row["level"], row["unit_code"], row["contest_id"],
                                      row.get("candidate_no") and f"no. {row['candidate_no']}")))
        found = self.sources(row)
        if found is None:
            self.differences.append(f"{what}: the province has no such line")
            return
        for column in (*NUMBERS, "votes"):
            if row.get(column, "").strip():
                self.figure(what, column, row[column].strip(), found)
        unit, contest, number, ours = found[0]
        if number == "":
            return
        name = self.results.contests[contest].people[number]
        if row.get("candidate_name") and clean(row["candidate_name"]) not in ("", name):
            self.notes.append(f"{what}: {name!r} in the results, {row['candidate_name']!r} in the totals")
        if contest == row["contest_id"] and self.says_elected(row, unit, marks):
            self.elected(what, contest, number, row.get("elected", ""), marks[(contest,)])

    def says_elected(self, row, unit, marks):
        """Whether the line says who is elected: a part of a contest may leave it out, as may a whole file."""
        contest = row["contest_id"]
        if marks[(row["level"], row["unit_code"], contest)] != {""}:
            return True
        return marks[(contest,)] == {""} != marks[()] and unit == self.results.contest_unit[contest]

    def figure(self, what, column, text, found):
        ours = [integer(r[column]) for *_, r in found]
        held = [self.missing.number(u, c, n, column) for u, c, n, _ in found]
        mine = None if all(n is None for n in ours) else sum(n or 0 for n in ours)
        if text.isdigit() and mine == int(text):
            return
        quarantined = sum(n or 0 for n in held)
        if text.isdigit() and quarantined and (mine or 0) + quarantined == int(text):
            self.listed.append(f"{what}: {column} is {said(mine)}, officially {text}: {quarantined} are in quarantine")
            return
        self.differences.append(f"{what}: {column} is {said(mine)}, officially {text}")

    def elected(self, what, contest, number, official, marks):
        k, row = self.results.contests[contest], self.rows[("contest", contest, number)]
        ours = row["elected"]
        if ours == official:
            return
        text = f"{what}: {ours or 'not elected'} by votes alone, officially {official or 'not elected'}"
        if int(row["tallied"]) < len(k.places):
            self.listed.append(f"{what}: not decided, {row['tallied']} of {len(k.places)} tallies count; "
                               f"officially {official or 'not elected'}")
        elif not k.seats_known:
            self.listed.append(f"{what}: the file does not say how many seats; officially {official or 'not elected'}")
        elif official == "!" or ("!" in marks and official == "" and ours in ("*", "?")):
            self.listed.append(f"{text}: a seat kept by a rule that the plan does not have")
        elif ours == "?" and official in ("*", ""):
            self.listed.append(f"{text}: a lot was drawn")
        else:
            self.differences.append(text)


def said(number):
    return "not stated" if number is None else number
