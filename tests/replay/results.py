"""results - a file of real results in the long form, and the plan folder and statements that follow from it."""
import collections
import csv
import urllib.parse

NUMBERS = ("eligible", "ballots_issued", "ballots_cast", "ballots_valid", "ballots_invalid")
CODE_MAX = 80  # bytes, as in proto/record.h
TOP = "PROVINCE"


class Codes:
    """Codes of the source as codes of a plan: kept where they can be, made anew where they clash or are too long."""

    def __init__(self):
        self.of, self.used = {}, {TOP}

    def get(self, level, code):
        key = (level, code)
        if key not in self.of:
            fits = code and code not in self.used and len(code.encode()) <= CODE_MAX
            self.of[key] = code if fits else f"{level}-{len(self.of) + 1}"
            self.used.add(self.of[key])
        return self.of[key]


class Results:
    def __init__(self, path):
        self.codes = Codes()
        self.units = {TOP: ("", "province", "Province")}  # code -> parent, level, name
        self.contests = {}                                # id -> name, seats, {number: name}
        self.ballots = collections.OrderedDict()          # (place, contest) -> numbers, {number: votes}
        self.contest_code = {}
        with open(path, encoding="utf-8-sig", newline="") as f:
            for row in csv.DictReader(f):
                self.take(row)
        self.places = [code for code, unit in self.units.items() if unit[1] == "place"]

    def unit(self, level, code, name, parent):
        code = self.codes.get(level, code)
        self.units.setdefault(code, (parent, level, name or code))
        return code

    def take(self, row):
        district = self.unit("district", row["parent3_code"] or row["parent3_name"], row["parent3_name"], TOP)
        commune = self.unit("commune", row["parent2_code"] or row["parent2_name"], row["parent2_name"], district)
        above = commune
        if row["parent_code"]:
            above = self.unit("village", row["parent_code"], row["parent_name"], commune)
        place = self.unit("place", row["place_code"], row["place_name"], above)
        contest = self.contests.setdefault(row["contest_id"], [row["contest_name"], row["seats"], {}])
        number = int(row["candidate_no"])
        contest[2].setdefault(number, row["candidate_name"])
        numbers, votes = self.ballots.setdefault((place, row["contest_id"]), ({}, {}))
        numbers.update({n: int(row[n]) for n in NUMBERS if row.get(n)})
        if row["votes"] != "":
            votes[number] = int(row["votes"])

    def path(self, code):
        """From the top down to the unit."""
        way = []
        while code:
            way.append(code)
            code = self.units[code][0]
        return way[::-1]

    def contest_units(self):
        """The lowest unit, not a place, that holds all places of the contest."""
        common = {}
        for place, contest in self.ballots:
            way = self.path(place)[:-1]
            if contest in common:
                way = [a for a, b in zip(common[contest], way) if a == b]
            common[contest] = way
        return {contest: way[-1] for contest, way in common.items()}

    def commune_of(self, place):
        return next(code for code in self.path(place) if self.units[code][1] == "commune")

    def code_of_contest(self, contest):
        if contest not in self.contest_code:
            fits = len(contest.encode()) <= CODE_MAX - 12
            self.contest_code[contest] = contest if fits else f"contest-{len(self.contest_code) + 1}"
        return self.contest_code[contest]

    def write_plan(self, folder):
        folder.mkdir(parents=True)
        (folder / "election.zpl").write_text(
            'plan\n    version = 1\n    label = "replay"\n    title = "Real results, replayed (drill)"\n'
            + "levels\n" + "".join(f'    {i}\n        name = "{name}"\n        english = "{name}"\n' for i, name in
                                   enumerate(("province", "district", "commune", "village", "place"), 1))
            + 'cutoffs\n    1\n        name = "final"\n        at = "2020-01-01 00:00"\n        grace = "1"\n', "utf-8")

        def table(name, header, rows):
            with open(folder / name, "w", encoding="utf-8", newline="") as f:
                out = csv.writer(f, lineterminator="\n")
                out.writerow(header.split(","))
                out.writerows(rows)
        table("units.csv", "code,parent_code,level,name,place",
              ((code, parent, level, name, "yes" if level == "place" else "no")
               for code, (parent, level, name) in self.units.items()))
        at = self.contest_units()
        code = self.code_of_contest
        table("contests.csv", "code,name,kind,unit_code,profile,seats",
              ((code(c), name or c, "contest", at[c], "plurality", seats) for c, (name, seats, _) in self.contests.items()))
        table("candidates.csv", "contest,number,key,name",
              ((code(c), n, f"{i}-{n}", name or str(n)) for i, (c, (_, _, people)) in enumerate(self.contests.items())
               for n, name in sorted(people.items())))
        table("voters.csv", "place,contest,voters",
              ((place, code(c), numbers.get("eligible", "")) for (place, c), (numbers, _) in self.ballots.items()))

    def has_tally(self, ballot):
        numbers, votes = self.ballots[ballot]
        return bool(votes) or any(n in numbers for n in NUMBERS[1:])

    def statements(self):
        """commune -> lines of a POST: what its clerk enters of every place; what the source does not state is left out."""
        lines = collections.defaultdict(list)

        def line(place, contest, **fields):
            form = {"place": place, "contest": self.code_of_contest(contest), "by": "replay", **fields}
            lines[self.commune_of(place)].append(urllib.parse.urlencode(form))
        for (place, contest), (numbers, votes) in self.ballots.items():
            line(place, contest, kind="step", what="opened")
            if "ballots_cast" in numbers:
                stated = {"eligible": numbers["eligible"]} if "eligible" in numbers else {}
                line(place, contest, kind="turnout", cutoff=1, voted=numbers["ballots_cast"], **stated)
            line(place, contest, kind="step", what="closed")
            if self.has_tally((place, contest)):
                names = dict(zip(NUMBERS, ("eligible", "issued", "returned", "valid", "invalid")))
                stated = {names[n]: v for n, v in numbers.items()}
                line(place, contest, kind="tally", votes=",".join(f"{n}:{v}" for n, v in sorted(votes.items())), **stated)
        return lines


class Comparison:
    """What the province exports against each line of the official totals."""

    def __init__(self, results, exported):
        self.results, self.differences, self.lines, self.not_guessed = results, [], 0, []
        self.rows = {}
        for row in csv.DictReader(exported.splitlines()):
            self.rows[(row["level"], row["unit_code"], row["contest_id"], row["candidate_no"])] = row

    def ours(self, row):
        contest = row["contest_id"] and self.results.code_of_contest(row["contest_id"])
        if row["level"] == "contest":
            return next((r for key, r in self.by_contest.get(contest, {}).items() if key == row["candidate_no"]), None)
        unit = self.results.codes.of.get((row["level"], row["unit_code"]))
        return self.rows.get((row["level"], unit, contest, row["candidate_no"]))

    def run(self, path):
        with open(path, encoding="utf-8-sig", newline="") as f:
            official = list(csv.DictReader(f))
        self.by_contest = {}
        for (level, _, contest, candidate), row in self.rows.items():
            if level == "contest":
                self.by_contest.setdefault(contest, {})[candidate] = row
        marks = {}
        for row in official:
            marks.setdefault((row["level"], row["unit_code"], row["contest_id"]), set()).add(row["elected"])
        for row in official:
            self.lines += 1
            self.compare(row, marks[(row["level"], row["unit_code"], row["contest_id"])])

    def compare(self, row, marks):
        what = " ".join(filter(None, (row["level"], row["unit_code"], row["contest_id"],
                                      row["candidate_no"] and f"no. {row['candidate_no']}")))
        ours = self.ours(row)
        if ours is None:
            self.differences.append(f"{what}: the province has no such line")
            return
        for column in (*NUMBERS, "votes"):
            if row[column] != "" and row[column] != ours[column]:
                self.differences.append(f"{what}: {column} is {ours[column] or 'not stated'}, officially {row[column]}")
        if row["candidate_no"] == "" or marks == {""}:
            return  # the file does not say who is elected here
        if row["elected"] != ours["elected"] and ("!" in marks or ours["elected"] == "?"):
            self.not_guessed.append(f"{what}: {ours['elected'] or 'not elected'} by votes alone, officially "
                                    f"{row['elected'] or 'not elected'}")
        elif row["elected"] != ours["elected"]:
            self.differences.append(f"{what}: {ours['elected'] or 'not elected'}, officially {row['elected'] or 'not elected'}")
