"""headlives - days of one place's vote on its head that are not as usual; the numbers are those of real cases."""


def not_elected(e, b):
    """T1: quorum, and nobody has more than half of all: 110 of 310. A second vote is ordered."""
    b.voters = 310
    e.voting(b, 216)
    e.counting(b, e.numbers_of(b, 216, [110, 100], 6), decision=None)
    b.decide(18.4, "not_recognised")
    b.decide(18.6, "rerun", on=e.ms(e.seconds(19)))


def voted_again(e, b, votes):
    """A contest of the next plan that repeats the first: in the evening of the played day."""
    e.units[b.place].update(opens=19, closes=20.5)
    first = e.contests[b.contest]
    again = e.contest(f"{b.contest}2", f"{first['name']}, bầu lại", "head", b.place, [], b.voters,
                      profile=first["profile"], repeats=b.contest)
    e.candidates[again.contest] = [dict(c) for c in e.candidates[b.contest]]
    again.voters = b.voters
    e.voting(again, sum(votes) + 6)
    e.counting(again, e.numbers_of(again, sum(votes) + 6, votes, 6))


def complained(e, b):
    """T4: 90 listed, 46 and 22 of 68 valid: elected; a household was left off: recognition on hold."""
    b.voters = 90
    e.voting(b, 74)
    e.counting(b, {**e.numbers_of(b, 74, [46, 22], 6), "blank": 6}, decision=None)
    first = e.complaint(b, 17.9, 1, 1, "Một hộ khiếu nại không có tên trong danh sách", actor="Tổ bầu cử")
    b.decide(18.2, "on_hold")
    e.complaint(b, 18.4, 1, 4, "Tổ bầu cử không giải quyết được, chuyển xã", replaces=first,
                passed_to="Ủy ban nhân dân xã", actor="Ủy ban nhân dân xã")


def no_quorum(e, b):
    """T8: 180 of 361 came: not half. The ballots were carried to the households; then enough voted."""
    b.voters = 361
    b.frozen()
    b.step(7.1, "opened")
    for i, voted in enumerate((60, 110, 150, 180), 1):
        b.vote(e.due_hour(b.place, i) + 0.1, i, voted)
    b.step(17.2, "no_quorum")
    b.step(17.4, "household_ballots")
    b.step(19, "closed")
    e.counting(b, e.numbers_of(b, 290, [240, 44], 6), hour=19.1)


def broken_off(e, b):
    """Rain: the box is sealed, the vote goes on later."""
    attended = int(b.voters * 0.9)
    first = e.incident(e.units[b.place]["parent"], 10, b.place, 1, 3, "Mưa lớn, nước vào nhà văn hóa")
    e.voting(b, attended)
    b.step(10.1, "interrupted")
    b.step(10.7, "resumed")
    e.incident(e.units[b.place]["parent"], 11.4, b.place, 1, 1, "Đã chuyển sang trường học", state=3,
               replaces=first, actor="Tổ bầu cử")
    e.counting(b, e.numbers_of(b, attended, [attended - 12, 8], 4))


def corrected(e, b):
    """A figure typed wrongly, and a tally that contradicts itself (F5): both are right after their correction."""
    attended = int(b.voters * 0.9)
    e.voting(b, attended)
    b.vote(17.31, 4, attended - 5, replaces="last", why="Nhập nhầm số")
    right = e.numbers_of(b, attended - 5, [attended - 30, 20], 5)
    b.step(17.45, "counting")
    b.count(17.6, **{**right, "valid": right["valid"] - 3})
    b.count(17.9, **right, replaces="last", why="Cộng nhầm phiếu hợp lệ")
    b.minutes(18.1)
    b.decide(18.3, "recognised")


def impossible(e, b):
    """T5: 540 votes of 500 voters; it stays held back (F6) until somebody looks at the paper."""
    b.voters = 600
    e.voting(b, 500)
    b.step(17.45, "counting")
    b.count(17.7, eligible=600, attended=500, votes=[280, 260], hold=["F6"])


def muddled(e, b):
    """Closed before it opened, by the times stated; and fewer at 14:00 than at 11:00. Nobody has mended it."""
    b.step(7.1, "opened")
    for i, voted in enumerate((30, 60, 50, 70), 1):
        b.vote(e.due_hour(b.place, i) + 0.1, i, voted, hold=["fall"] if i == 3 else None)
    b.step(17.35, "closed", at=6.8, hold=["order"])


def early(e, b):
    """Far away: voted the day before, with its own early report; entered when there was a line again."""
    e.units[b.place].update(opens=-17, closes=-10)
    attended = b.voters - 1
    b.step(-17.1, "early")
    e.voting(b, attended)
    e.counting(b, e.numbers_of(b, attended, [attended - 9, 7], 2), decision=None)
    b.decide(9.5, "recognised")
    e.checks["late"] = [b.contest]


def by_telephone(e, b):
    """No line: the district types what it was told; the paper then says the same, and it is one figure."""
    commune, attended = e.units[b.place]["parent"], int(b.voters * 0.9)
    e.voting(b, attended)
    numbers = e.numbers_of(b, attended, [attended - 12, 8], 4)
    told = {name: numbers[name] for name in ("eligible", "attended", "valid", "invalid")}
    votes = ",".join(f"{i}:{n}" for i, n in enumerate(numbers["votes"], 1))
    act = e.tell(e.hub_of(commune), commune, 17.6, "tally", place=b.place, contest=b.contest, how="phone",
                 behalf="Văn phòng xã", votes=votes, **told)
    b.step(17.45, "counting")
    e.do(17.7, wait=act, at_unit=commune)
    b.count(18.2, **numbers)
    b.minutes(18.4)
    b.decide(18.6, "recognised")


def told_twice(e, b):
    """By telephone one figure, at the desk another: in no total until somebody decides."""
    commune, attended = e.units[b.place]["parent"], int(b.voters * 0.9)
    e.voting(b, attended)
    e.tell(e.hub_of(commune), commune, 14.4, "turnout", place=b.place, contest=b.contest, how="phone",
           behalf="Văn phòng xã", cutoff=3, voted=1)
    b.in_conflict.add("turnout 3")
    e.counting(b, e.numbers_of(b, attended, [attended - 12, 8], 4))


def exactly_half(e, b):
    """T7: 100 of 200 is not more than half. Nobody is elected a second time: an interim head."""
    b.voters = 200
    e.voting(b, 190)
    e.counting(b, e.numbers_of(b, 190, [100, 84], 6), decision=None)
    b.decide(18.4, "not_recognised")
    b.decide(18.6, "interim", on=e.ms(e.seconds(24 * 7 + 7)))


def denounced(e, b):
    """A denunciation of a candidate who is a Party member goes to the Party's inspection committee."""
    attended = int(b.voters * 0.95)
    e.voting(b, attended)
    first = e.complaint(b, 10.3, 2, 1, "Tố cáo người ứng cử là đảng viên", actor="Tổ bầu cử")
    e.complaint(b, 12.3, 2, 4, "Chuyển Ủy ban Kiểm tra Đảng ủy", replaces=first,
                passed_to="Ủy ban Kiểm tra Đảng ủy phường")
    second = e.complaint(b, 17.9, 1, 2, "Khiếu nại việc kiểm phiếu tại chỗ", actor="Tổ bầu cử")
    e.complaint(b, 18, 1, 3, "Kiểm lại trước người chứng kiến, người khiếu nại đồng ý", replaces=second)
    b.step(17.45, "counting")
    b.count(17.8, **e.numbers_of(b, attended, [attended - 12, 8], 4))
    b.minutes(18.1, complaints=2, settled=1, passed=1)
    b.decide(18.4, "recognised")
