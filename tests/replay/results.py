"""results - a file of real results in the long form, and the plan folder and statements that follow from it.

The long form: one row per place, contest and candidate; the figures of the ballot on each of its rows; an empty
field is not stated.
What the file says that a plan cannot hold (control characters, two names for one number ...) is kept in `notes`.
"""
import csv
import datetime
import hashlib
import re
import urllib.parse

NUMBERS = ("eligible", "ballots_issued", "ballots_cast", "ballots_valid", "ballots_invalid")
FIELDS = dict(zip(NUMBERS, ("eligible", "issued", "returned", "valid", "invalid")))  # as a tally names them
LEVELS = ("province", "district", "commune", "village", "place")
NEEDED = ("place_code", "parent2_code", "parent3_code", "contest_id", "candidate_no", "votes")
CODE_MAX = 80        # bytes, as in proto/record.h
NAME_MAX = 1000      # bytes, as in common/election/plan.h
NUMBER_MAX = 2**32 - 3  # as a plan takes it for voters
SEATS_MAX = 256
TOP = "PROVINCE"
# The hours that statements name, all of one day: what comes before what is judged by them.
DAY = "2020-01-01"
HOURS = {"opened": 7, "list_change": 8, "turnout": 16, "closed": 17, "tally": 18}
ZONE_H = 7  # hours east of Greenwich of the day's clock
BLANKS = " \u00a0"   # around a field, which a plan folder does not read
# What may not stand in one line of text (proto/utf8.c), and bytes that were no UTF-8.
REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def moment(hour, minute=0):
    """ms of UTC at that hour of the day."""
    zone = datetime.timezone(datetime.timedelta(hours=ZONE_H))
    at = datetime.datetime.fromisoformat(DAY).replace(hour=hour, minute=minute, tzinfo=zone)
    return int(at.timestamp() * 1000)


def act_of(ballot, what, again=""):
    """Of a statement, always the same: 16 hexadecimal digits."""
    name = "\0".join((*ballot, what, again)).encode(errors="surrogateescape")
    return hashlib.sha256(name).hexdigest()[:16]


class Fault(Exception):
    """The file cannot be replayed at all."""


def clean(text):
    """A name as a plan can hold it; usually as it is."""
    text = REFUSED.sub("\ufffd", text).strip(BLANKS)
    while len(text.encode()) > NAME_MAX:
        text = text[:-1]
    return text


class Codes:
    """Codes of the source as codes of a plan: kept where they can be, made anew where they cannot."""

    def __init__(self, notes):
        self.used, self.notes, self.n = {TOP}, notes, 0

    def new(self, level, code):
        if not code or code in self.used or len(code.encode("utf-8", "replace")) > CODE_MAX \
                or REFUSED.search(code) or code.strip(BLANKS) != code or {'"', "'"} <= set(code):  # no line of ZPL holds both
            if REFUSED.search(code):
                self.notes.append(f"{level} code {code!r} has characters that a plan refuses: replaced by one of our own")
            made = None
            while made is None or made in self.used:
                self.n += 1
                made = f"{level}-{self.n}"
            code = made
        self.used.add(code)
        return code


class Contest:
    def __init__(self, code, name, seats):
        self.code, self.name, self.seats, self.seats_known = code, name, seats or 1, seats is not None
        self.number_of = {}  # number as the source has it, or the name -> number in the plan
        self.people = {}     # number in the plan -> name
        self.places = []


class Results:
    def __init__(self, path, list_most=None):
        """list_most: what a place's list has at most, where the file says nothing of who could vote."""
        self.notes, self.noted, self.line = [], set(), 1
        self.units = {TOP: (None, "province", "Province")}  # code -> parent, level, name
        self.unit_of = {}     # (level, code of the source, parent) -> code
        self.named = {}       # (level, code of the source) -> [codes]: usually one
        self.contests = {}    # contest_id -> Contest
        self.ballots = {}     # (place, contest_id) -> (numbers, votes by number in the plan)
        self.listed = {}      # (place, contest_id) -> voters of the frozen list, where they are known
        self.place_of = {}    # place code of the source -> code
        self.codes, self.contest_codes = Codes(self.notes), Codes(self.notes)
        try:
            with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as f:
                self.read(csv.DictReader(f))
        except (OSError, csv.Error) as e:
            raise Fault(f"{path}: {e}")
        if not self.ballots:
            raise Fault(f"{path}: no rows")
        for ballot, (numbers, _) in self.ballots.items():
            if list_most and "eligible" not in numbers:
                numbers["eligible"] = list_most
            if ballot not in self.listed and "eligible" in numbers:
                self.listed[ballot] = numbers["eligible"]
        for contest, k in self.contests.items():
            if not k.people:
                self.notes.append(f"contest {contest} has no candidate: a plan needs one, here called -")
                k.people[1] = "-"
        self.places = [code for code, unit in self.units.items() if unit[1] == "place"]
        self.paths = {place: self.path(place) for place in self.places}
        self.contest_unit = self.contest_units()

    def read(self, rows):
        missing = [c for c in NEEDED if c not in (rows.fieldnames or ())]
        if missing:
            raise Fault(f"no file of results in the long form: the columns {', '.join(missing)} are missing")
        for row in rows:
            self.line = rows.line_num
            self.take({k: v or "" for k, v in row.items() if k})

    def note(self, what, key=None):
        """Said once for each key."""
        if key not in self.noted:
            self.noted.add(key or what)
            self.notes.append(f"line {self.line}: {what}")

    def text(self, text, fallback):
        held = clean(text)
        if held != text:
            self.note(f"the name {text!r} cannot stand in a plan: it becomes {held or fallback!r}", ("name", text))
        return held or fallback

    def number(self, row, column, least=0):
        """The number, or None: not stated."""
        text = row.get(column, "").strip()
        if text == "":
            return None
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= NUMBER_MAX:
            self.note(f"{column} {text!r} is no number that can be entered: left out")
            return None
        return int(text)

    def unit(self, level, code, name, parent):
        key = (level, code or name, parent)
        if key not in self.unit_of:
            mine = self.codes.new(level, code)
            self.unit_of[key] = mine
            self.named.setdefault(key[:2], []).append(mine)
            self.units[mine] = (parent, level, self.text(name, code or mine))
        return self.unit_of[key]

    def place(self, row):
        if row["place_code"] in self.place_of:
            return self.place_of[row["place_code"]]
        district = self.unit("district", row["parent3_code"], row.get("parent3_name", ""), TOP)
        above = self.unit("commune", row["parent2_code"], row.get("parent2_name", ""), district)
        if row.get("parent_code"):
            above = self.unit("village", row["parent_code"], row.get("parent_name", ""), above)
        place = self.unit("place", row["place_code"], row.get("place_name", ""), above)
        self.place_of[row["place_code"]] = place
        return place

    def contest(self, row):
        k = self.contests.get(row["contest_id"])
        if k is None:
            seats = self.number(row, "seats", 1)
            if seats is not None and seats > SEATS_MAX:
                self.note(f"{seats} seats are more than a plan has: {SEATS_MAX}, and who is elected is not guessed")
                seats = None
            code = self.contest_codes.new("contest", row["contest_id"])
            k = Contest(code, self.text(row.get("contest_name", ""), code), seats)
            self.contests[row["contest_id"]] = k
        return k

    def candidate(self, k, row, votes):
        """The candidate's number in the plan. A number that one ballot gives to two people becomes two."""
        text, name = row["candidate_no"].strip(), row.get("candidate_name", "")
        key = text or name
        if key in k.number_of and k.number_of[key] in votes and k.people[k.number_of[key]] != name:
            key = (text, name)
        if key not in k.number_of:
            plain = isinstance(key, str) and text.isascii() and text.isdigit() and 1 <= int(text) <= NUMBER_MAX \
                and int(text) not in k.people
            number = int(text) if plain else max([1000, *k.people]) + 1
            if not plain:
                self.note(f"candidate {text!r} {name!r} of {row['contest_id']} has the number {number} in the plan")
            k.number_of[key] = number
            k.people[number] = self.text(name, text or str(number))
        number = k.number_of[key]
        if name and clean(name) not in ("", k.people[number]):
            self.note(f"candidate {text} of {row['contest_id']} is {k.people[number]!r}, here {name!r}",
                      ("who", k.code, number, name))
        return number

    def take(self, row):
        place, k = self.place(row), self.contest(row)
        ballot = (place, row["contest_id"])
        if ballot not in self.ballots:
            self.ballots[ballot] = ({}, {})
            k.places.append(place)
        numbers, votes = self.ballots[ballot]
        for column in NUMBERS:
            n = self.number(row, column)
            if n is not None and numbers.setdefault(column, n) != n:
                self.note(f"{column} of {row['place_code']} is {numbers[column]}, here {n}: the first counts")
        on_list = self.number(row, "listed")
        if on_list is not None:
            self.listed.setdefault(ballot, on_list)
        if not row["candidate_no"].strip() and not row.get("candidate_name"):
            return  # a row of the ballot alone
        number, n = self.candidate(k, row, votes), self.number(row, "votes")
        if number in votes and n is not None:
            self.note(f"{row['place_code']} has a second row of candidate {row['candidate_no']}: the first counts")
        votes.setdefault(number, n)

    def path(self, code):
        """From the top down to the unit."""
        way = []
        while code:
            way.append(code)
            code = self.units[code][0]
        return way[::-1]

    def contest_units(self):
        """The lowest unit, not a place, that holds all places of the contest."""
        at = {}
        for contest, k in self.contests.items():
            common = self.paths[k.places[0]][:-1]
            for place in k.places[1:]:
                common = [a for a, b in zip(common, self.paths[place]) if a == b]
            at[contest] = common[-1]
        return at

    def commune_of(self, place):
        return self.paths[place][2]

    def machines(self):
        return [code for code, unit in self.units.items() if unit[1] in ("province", "district", "commune")]

    def write_plan(self, folder):
        folder.mkdir(parents=True)
        (folder / "election.zpl").write_text(
            'plan\n    version = 1\n    label = "replay"\n    title = "Real results, replayed (drill)"\n'
            + "levels\n" + "".join(f'    {i}\n        name = "{n}"\n        english = "{n}"\n' for i, n in enumerate(LEVELS, 1))
            + f'cutoffs\n    1\n        name = "final"\n        at = "{DAY} {HOURS["turnout"]}:00"\n        grace = "1"\n', "utf-8")

        def table(name, header, rows):
            with open(folder / name, "w", encoding="utf-8", newline="") as f:
                out = csv.writer(f, lineterminator="\n")
                out.writerow(header.split(","))
                out.writerows(rows)
        contests = self.contests.items()
        table("units.csv", "code,parent_code,level,name,group,former_parent,moved_in,place,opens,closes",
              ((code, parent or "", level, name, "", "", "", "yes" if level == "place" else "no", "", "")
               for code, (parent, level, name) in self.units.items()))
        table("contests.csv", "code,name,kind,unit_code,profile,seats,repeats",
              ((k.code, k.name, "contest", self.contest_unit[c], "plurality", k.seats, "") for c, k in contests))
        table("candidates.csv", "contest,number,key,name",
              ((k.code, n, f"{i}-{n}", k.people[n]) for i, (_, k) in enumerate(contests) for n in sorted(k.people)))
        table("voters.csv", "place,contest,voters",
              ((place, self.contests[c].code, self.listed.get((place, c), "")) for place, c in self.ballots))

    def stated_votes(self, ballot):
        return {n: v for n, v in self.ballots[ballot][1].items() if v is not None}

    def has_tally(self, ballot):
        return bool(self.stated_votes(ballot)) or any(n in self.ballots[ballot][0] for n in NUMBERS[1:])

    def said(self, ballot, kind, again="", **fields):
        """One statement as a line of a POST, with its hour: steps that share one contradict each other. `again`: it is
        said once more, for that reason. Its act follows from what it is, so that it is known in what is held back."""
        place, contest = ballot
        common = {"kind": kind, "place": place, "contest": self.contests[contest].code, "by": "replay",
                  "at": moment(HOURS[fields.get("what", kind)]), "act": act_of(ballot, fields.get("what", kind), again)}
        return urllib.parse.urlencode({**common, **({"replaces": "last", "why": again} if again else {}), **fields})

    def turnout(self, ballot, again=""):
        numbers = self.ballots[ballot][0]
        stated = {"eligible": numbers["eligible"]} if "eligible" in numbers else {}
        return self.said(ballot, "turnout", again, cutoff=1, voted=numbers["ballots_cast"], **stated)

    def tally(self, ballot, again=""):
        votes = ",".join(f"{n}:{v}" for n, v in sorted(self.stated_votes(ballot).items()))
        stated = {FIELDS[n]: v for n, v in self.ballots[ballot][0].items()}
        return self.said(ballot, "tally", again, **({"votes": votes} if votes else {}), **stated)

    def by_commune(self):
        return {code: [] for code, unit in self.units.items() if unit[1] == "commune"}

    def statements(self):
        """commune -> lines of a POST: what its clerk enters of every place. What is not stated is left out."""
        lines = self.by_commune()
        for ballot, (numbers, _) in self.ballots.items():
            to = lines[self.commune_of(ballot[0])]
            to.append(self.said(ballot, "step", what="opened"))
            if "ballots_cast" in numbers:
                to.append(self.turnout(ballot))
            to.append(self.said(ballot, "step", what="closed"))
            if self.has_tally(ballot):
                to.append(self.tally(ballot))
        return lines

    def correction(self, right):
        """What its clerk enters to make it right, where it differs: first what changes the list, then the figures."""
        lists, figures = self.by_commune(), self.by_commune()
        for ballot, (numbers, _) in self.ballots.items():
            commune = self.commune_of(ballot[0])
            added = right.listed.get(ballot, 0) - self.listed.get(ballot, 0)
            if added:
                lists[commune].append(self.said(ballot, "list_change", added=added))
            for has, says in (("ballots_cast" in numbers, Results.turnout), (self.has_tally(ballot), Results.tally)):
                if has and says(self, ballot) != says(right, ballot):
                    figures[commune].append(says(right, ballot, "replayed: made right"))
        return lists, figures
