#!/usr/bin/env python3
"""test_replay - the plan, the statements and the comparison that follow from a file, without daemons.

The export that a province would make is written here from the same small file, by hand or by plain sums.
"""
import csv
import io
import pathlib
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import contradict  # noqa: E402
from compare import Comparison, plurality  # noqa: E402
from results import Fault, Results  # noqa: E402

HEADER = ("place_code,place_name,parent_code,parent_name,parent2_code,parent2_name,parent3_code,parent3_name,contest_id,"
          "contest_name,seats,eligible,ballots_issued,ballots_cast,ballots_valid,ballots_invalid,candidate_no,candidate_name,votes")
SMALL = HEADER + '''
P1,Place 1,V1,Village 1,C1,Commune 1,D1,District 1,H1,Head of 1,1,100,,80,78,2,1,Ann,48
P1,Place 1,V1,Village 1,C1,Commune 1,D1,District 1,H1,Head of 1,1,100,,80,78,2,2,"Bob, ""B""",30
P2,Place 2,V1,Village 1,C1,Commune 1,D1,District 1,H1,Head of 1,1,50,,40,40,0,1,Ann,10
P2,Place 2,V1,Village 1,C1,Commune 1,D1,District 1,H1,Head of 1,1,50,,40,40,0,2,"Bob, ""B""",30
P3,Place 3,,A house,C1,Commune 1,D1,District 1,H2,Head of 2,1,,,,,,1,郭\ue018德,5
P3,Place 3,,A house,C1,Commune 1,D1,District 1,H2,Head of 2,1,,,,,,2,Dan,
P4,Place 4,V1,Village 1,C2,Commune 2,D1,District 1,H3,Head of 3,2,,,,,,1,Eve,
P4,Place 4,V1,Village 1,C2,Commune 2,D1,District 1,H3,Head of 3,2,,,,,,2,Fay,
'''
TOTALS = ("level,unit_code,unit_name,contest_id,contest_name,seats,eligible,ballots_issued,ballots_cast,ballots_valid,"
          "ballots_invalid,candidate_no,candidate_name,votes,elected\n")
EXPORT = ("level,unit_code,unit_name,contest_id,contest_name,seats,eligible,ballots_issued,ballots_cast,ballots_valid,"
          "ballots_invalid,candidate_no,candidate_name,votes,elected,places,tallied").split(",")


def exported(results, held=()):
    """What a province without a fault exports."""
    out = io.StringIO()
    to = csv.DictWriter(out, EXPORT, lineterminator="\n", restval="")
    to.writeheader()
    for unit, (_, level, name) in results.units.items():
        below = [b for b in results.ballots if unit in results.paths[b[0]][:-1]]
        if level == "place":
            continue
        for contest in ["", *dict.fromkeys(c for _, c in below)]:
            some = [b for b in below if contest in ("", b[1])]
            write(to, results, level, unit, contest, some, held)
    for contest, unit in results.contest_unit.items():
        write(to, results, "contest", unit, contest, [b for b in results.ballots if b[1] == contest], held)
    return out.getvalue()


def write(to, results, level, unit, contest, ballots, held):
    k = results.contests.get(contest)
    counted = [b for b in ballots if results.has_tally(b) and b not in held]
    row = {"level": level, "unit_code": unit, "unit_name": results.units[unit][2], "places": len(ballots), "tallied": len(counted)}
    for name in ("eligible", "ballots_issued", "ballots_cast", "ballots_valid", "ballots_invalid"):
        stated = [results.ballots[b][0][name] for b in counted if name in results.ballots[b][0]]
        row[name] = sum(stated) if stated else ""
    if k:
        row.update(contest_id=k.code, contest_name=k.name, seats=k.seats)
    to.writerow(row)
    if not k:
        return
    votes = {n: sum(results.stated_votes(b).get(n, 0) for b in counted) for n in k.people}
    whole = unit == results.contest_unit[contest] and len(counted) == len(k.places)
    marks = plurality(votes, k.seats) if whole else {}
    for n in k.people:
        to.writerow({**row, "candidate_no": n, "candidate_name": k.people[n], "votes": votes[n], "elected": marks.get(n, "")})


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def results(self, text):
        (self.dir / "results.csv").write_text(text, "utf-8")
        return Results(self.dir / "results.csv")

    def rows(self, name):
        with open(self.dir / "plan" / name, encoding="utf-8", newline="") as f:
            return list(csv.DictReader(f))

    def compare(self, results, totals, held=(), export=None):
        compared = Comparison(results, export or exported(results, held), held)
        compared.own()
        (self.dir / "totals.csv").write_text(TOTALS + totals, "utf-8")
        compared.official(self.dir / "totals.csv")
        return compared


class PlanTest(Case):
    def test_units_stand_under_their_own(self):
        """A place stands under its village where that has a code; the same village code in two communes is two villages."""
        r = self.results(SMALL)
        r.write_plan(self.dir / "plan")
        parent = {u["code"]: u["parent_code"] for u in self.rows("units.csv")}
        self.assertEqual([parent[c] for c in ("PROVINCE", "D1", "C1", "V1", "P1", "P3")], ["", "PROVINCE", "D1", "C1", "V1", "C1"])
        self.assertNotEqual(parent["P4"], "V1")
        self.assertEqual(parent[parent["P4"]], "C2")

    def test_contest_at_its_lowest_unit(self):
        """A contest belongs to the lowest unit, not a place, that holds all its places."""
        r = self.results(SMALL + "P3,Place 3,,,C1,Commune 1,D1,,H1,Head of 1,1,,,,,,1,Ann,1\n")
        self.assertEqual([r.contest_unit[c] for c in ("H1", "H2")], ["C1", "C1"])
        self.assertEqual(self.results(SMALL).contest_unit["H1"], "V1")

    def test_names_byte_for_byte(self):
        """Names with quotes, commas and characters from the private use area come into the plan as they are."""
        r = self.results(SMALL)
        r.write_plan(self.dir / "plan")
        self.assertEqual([c["name"] for c in self.rows("candidates.csv")][:3], ["Ann", 'Bob, "B"', "郭\ue018德"])
        self.assertEqual(r.notes, [])

    def test_codes_are_made_unique(self):
        """A code that stands at two levels, is too long or holds a line break is made anew; names with one are changed, and told."""
        long = "x" * 81
        r = self.results(HEADER + f"\nSAME,P,{long},V,SAME,C,SAME,D,K,K,1,,,,,,1,\"A\nB\",1\n\"P\n2\",P,{long},V,SAME,C,SAME,D,K,K,1,,,,,,1,,1\n")
        self.assertEqual(len(set(r.units)), 6)
        self.assertTrue(all(len(code) <= 80 and "\n" not in code for code in r.units))
        self.assertEqual(r.contests["K"].people, {1: "A\ufffdB"})
        self.assertEqual(len(r.notes), 2)

    def test_candidates_without_a_good_number(self):
        """Number 0, a word, none at all, and one number for two people on one ballot become numbers of their own."""
        rows = "".join(f"\nP,P,,,C,C,D,D,K,K,1,,,,,,{no},{name},1" for no, name in (("0", "A"), ("x", "B"), ("", "C"), ("7", "D"), ("7", "E")))
        r = self.results(HEADER + rows)
        self.assertEqual(sorted(r.contests["K"].people.values()), ["A", "B", "C", "D", "E"])
        self.assertTrue(all(n > 0 for n in r.contests["K"].people))

    def test_another_file_is_refused(self):
        """A file without the columns of the long form is refused by a sentence."""
        with self.assertRaisesRegex(Fault, "parent2_code"):
            self.results("a,b\n1,2\n")


class StatementsTest(Case):
    def test_only_what_is_stated(self):
        """Empty is never zero: no turnout without ballots cast, no vote for whom none is stated, no tally of nothing."""
        lines = {c: [dict(urllib.parse.parse_qsl(x)) for x in some] for c, some in self.results(SMALL).statements().items()}
        self.assertEqual([x.get("what", x["kind"]) for x in lines["C1"]],
                         ["opened", "turnout", "closed", "tally"] * 2 + ["opened", "closed", "tally"])
        self.assertEqual([x.get("what", x["kind"]) for x in lines["C2"]], ["opened", "closed"])
        tallies = [{k: v for k, v in x.items() if k not in ("at", "act")} for x in lines["C1"] if x["kind"] == "tally"]
        self.assertEqual(tallies[0], {"place": "P1", "contest": "H1", "by": "replay", "kind": "tally", "votes": "1:48,2:30",
                                      "eligible": "100", "returned": "80", "valid": "78", "invalid": "2"})
        self.assertEqual(tallies[2], {"place": "P3", "contest": "H2", "by": "replay", "kind": "tally", "votes": "1:5"})

    def test_each_after_the_other(self):
        """What is said of one ballot names hours that follow each other, and acts of its own; said again, the same ones."""
        for lines in self.results(SMALL).statements().values():
            said = [dict(urllib.parse.parse_qsl(x)) for x in lines]
            self.assertEqual(len({x["act"] for x in said}), len(said))
            for place in {x["place"] for x in said}:
                hours = [int(x["at"]) for x in said if x["place"] == place]
                self.assertEqual(hours, sorted(set(hours)))
        self.assertEqual(self.results(SMALL).statements(), self.results(SMALL).statements())


class ContradictTest(Case):
    def ballot(self, votes=(48, 30), seats=1, listed="", **numbers):
        """The results of one ballot of 100 voters, but for what is said."""
        figures = {"eligible": 100, "ballots_issued": 80, "ballots_cast": 80, "ballots_valid": 78, "ballots_invalid": 2,
                   **numbers}
        rows = "".join(f"\nP,P,,,C,C,D,D,K,K,{seats},{','.join(str(x) for x in figures.values())},{n},N{n},{v},{listed}"
                       for n, v in enumerate(votes, 1))
        return self.results(HEADER + ",listed" + rows)

    def found(self, **ballot):
        return {w.kind: (set(w.alone), set(w.beside)) for w in contradict.contradictions(self.ballot(**ballot))}

    def test_right(self):
        """A ballot whose sums hold contradicts nothing; nor does one of which nothing is stated."""
        self.assertEqual(self.found(), {})
        self.assertEqual(self.found(votes=("", ""), **dict.fromkeys(
            ("eligible", "ballots_issued", "ballots_cast", "ballots_valid", "ballots_invalid"), "")), {})

    def test_each_rule(self):
        """Each rule finds what breaks it, and nothing that is just within it."""
        one = lambda *rules, beside=(): {"tally": (set(rules), set(beside))}
        both = lambda *rules, beside=(): {kind: (set(rules), set(beside)) for kind in ("turnout", "tally")}
        for want, ballot in (
                (both("F1"), {"eligible": 79}), ({}, {"eligible": 80}),
                (one("F3"), {"ballots_issued": 79}), ({}, {"ballots_issued": 81}),
                (one("F5"), {"ballots_invalid": 3}), (one("F5"), {"ballots_invalid": 1}),
                (one("F6"), {"votes": (49, 30)}), ({}, {"votes": (40, 30)}),
                (one("F7"), {"votes": (79, 1), "seats": 2}), ({}, {"votes": (78, 78), "seats": 2}),
                (one("F7"), {"votes": (78, 78, 1), "seats": 2}),
                (both(beside=("F10",)), {"listed": 101}), (both(beside=("F1",)), {"listed": 79, "eligible": ""})):
            self.assertEqual(self.found(**ballot), want, ballot)

    def test_mended(self):
        """What is mended contradicts nothing, keeps what it can, and the list changes only by who came."""
        for ballot in ({"eligible": 79}, {"ballots_issued": 7}, {"ballots_invalid": 3}, {"ballots_valid": 90},
                       {"votes": (490, 310)}, {"votes": (79, 1), "seats": 2}, {"listed": 101}, {"listed": 79, "eligible": ""},
                       {"eligible": 8, "ballots_issued": 8, "votes": (1049, 30), "listed": 80}):
            r = self.ballot(**ballot)
            right = contradict.corrected(r, list(contradict.contradictions(r)))
            self.assertEqual(list(contradict.contradictions(right)), [], ballot)
            self.assertLessEqual(right.listed[("P", "K")], max(r.listed[("P", "K")], 80), ballot)
            lists, figures = r.correction(right)
            self.assertTrue(lists["C"] + figures["C"], ballot)
            self.assertEqual(bool(lists["C"]), right.listed != r.listed, ballot)
        self.assertEqual(contradict.scaled({1: 832, 2: 445, 3: 842}, 300, 300), {1: 118, 2: 63, 3: 119})

    def test_to_look_at(self):
        """Ballots taken away, fewer votes than valid ballots, and all votes for one, are shown and count."""
        for want, ballot in (({"F4"}, {"ballots_issued": 81}), ({"F6_less"}, {"votes": (40, 30)}),
                             ({"all_one"}, {"votes": (78, 0)}), (set(), {})):
            self.assertEqual({rule for *_, rule in contradict.warnings(self.ballot(**ballot))}, want)


class CompareTest(Case):
    GOOD = ("district,D1,,,,,150,,120,118,2,,,,\n"
            "contest,ANY,,H1,,1,150,,120,118,2,1,Ann,58,\n"
            "contest,ANY,,H1,,1,150,,120,118,2,2,\"Bob, \"\"B\"\"\",60,*\n"
            "village,V1,,H1,,1,150,,120,118,2,1,Ann,58,\n")

    def test_equal(self):
        """Official lines that are the sums of the places are no differences, whatever unit code a whole contest has."""
        compared = self.compare(self.results(SMALL), self.GOOD)
        self.assertEqual((compared.differences, compared.listed, compared.lines), ([], [], 4))

    def test_each_figure_counts(self):
        """Any one figure or mark of any line that is otherwise is a difference."""
        lines = self.GOOD + "contest,ANY,,H2,,1,,,,,,1,,5,*\n"  # the file says who is elected
        self.assertEqual(self.compare(self.results(SMALL), lines).differences, [])
        for old, new in ((",150,,120,118,2,,", ",151,,120,118,2,,"), ("118,2,1,Ann,58", "118,3,1,Ann,58"), (",60,*", ",61,*"),
                         (",60,*", ",60,"), ("village,V1", "village,V2"), (",Ann,58,\n", ",Ann,58,*\n"), (",60,*", ",60,?"),
                         (",150,,", ",150,7,")):
            self.assertIn(old, lines)
            self.assertTrue(self.compare(self.results(SMALL), lines.replace(old, new, 1)).differences, (old, new))

    def test_export_against_the_file(self):
        """An exported line that is no sum of what was entered, is missing or one too many, is a difference without any totals."""
        r = self.results(SMALL)
        good = exported(r)
        for bad in (good.replace(",30,", ",31,", 1).replace(",58,", ",57,", 1), good.rsplit("\n", 2)[0] + "\n",
                    good + good.splitlines()[-1].replace("contest,", "village,") + "\n", good.replace("郭\ue018德", "郭德", 1)):
            self.assertTrue(self.compare(r, "", export=bad).differences)
        self.assertEqual(self.compare(r, "").differences, [])

    def test_seats_kept_by_another_rule(self):
        """`!`, and who loses by it, are listed; another mark in the same contest is still a difference."""
        rows = "".join(f"\nP,P,,,C,C,D,D,K,K,2,,,,,,{n},N{n},{v}" for n, v in ((1, 9), (2, 7), (3, 5), (4, 3)))
        r = self.results(HEADER + rows)

        def totals(*marks):
            return "".join(f"contest,C,,K,,2,,,,,,{n},,{v},{m}\n" for n, v, m in zip((1, 2, 3, 4), (9, 7, 5, 3), marks))
        women = self.compare(r, totals("*", "", "!", ""))
        self.assertEqual((len(women.differences), len(women.listed)), (0, 2))
        self.assertEqual(len(self.compare(r, totals("*", "", "!", "*")).differences), 1)
        self.assertEqual(len(self.compare(r, totals("*", "", "*", "")).differences), 2)

    def test_ties(self):
        """Equal votes for the last seat are `?`; a lot that the source drew is listed, not guessed."""
        self.assertEqual(plurality({1: 5, 2: 5, 3: 1}, 1), {1: "?", 2: "?", 3: ""})
        self.assertEqual(plurality({1: 5, 2: 5, 3: 1}, 2), {1: "*", 2: "*", 3: ""})
        self.assertEqual(plurality({1: 0}, 2), {1: "*"})
        r = self.results(HEADER + "".join(f"\nP,P,,,C,C,D,D,K,K,1,,,,,,{n},N{n},5" for n in (1, 2)))
        lines = "contest,C,,K,,1,,,,,,1,,5,{}\ncontest,C,,K,,1,,,,,,2,,5,{}\n"
        tie, lot = self.compare(r, lines.format("?", "?")), self.compare(r, lines.format("*", ""))
        self.assertEqual((tie.differences, tie.listed, lot.differences, len(lot.listed)), ([], [], [], 2))

    def test_quarantine(self):
        """An official sum that is ours and what is in quarantine is listed; a vote more is a difference."""
        r = self.results(SMALL)
        held = {("P2", "H1")}
        compared = self.compare(r, self.GOOD, held)
        self.assertEqual(compared.differences, [])
        self.assertTrue(any("in quarantine" in line for line in compared.listed))
        self.assertTrue(any("not decided" in line for line in compared.listed))
        self.assertTrue(self.compare(r, self.GOOD.replace("Ann,58", "Ann,59"), held).differences)

    def test_made_codes_are_mapped_back(self):
        """Totals name the codes of the source, also where the plan has others."""
        r = self.results(HEADER + "\nX,P,X,V,X,C,X,D," + "k" * 90 + ",K,1,,,,,,0,A,4\n")
        lines = "".join(f"{level},X,,{'k' * 90},,1,,,,,,0,A,4,\n" for level in ("village", "commune", "district", "contest"))
        self.assertEqual(self.compare(r, lines).differences, [])
        self.assertEqual(len(self.compare(r, lines.replace(",4,", ",5,")).differences), 4)


if __name__ == "__main__":
    unittest.main()
