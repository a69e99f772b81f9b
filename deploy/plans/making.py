"""making - what make-drill and make-case share: facts of communes.csv, made-up names, times, tables."""
import csv
import datetime
import pathlib
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
MARK = "(diễn tập)"
FIRST = "An Bình Đông Hòa Hưng Long Minh Phú Phước Tân Thạnh Thuận Trung Vạn Xuân".split()
SECOND = "An Bắc Điền Hiệp Hội Khánh Lộc Mỹ Nam Phong Sơn Thành Thượng Trạch Vinh".split()
FAMILY = "Nguyễn Trần Lê Phạm Huỳnh Võ Phan Đặng Bùi Đỗ Hồ Ngô Dương Đinh Mai".split()
MIDDLE = "Văn Thị Hữu Đức Ngọc Quốc Thanh Minh Xuân Kim".split()
GIVEN = "An Bảo Chi Dũng Giang Hà Hạnh Hùng Khoa Lan Linh Mai Nam Nga Phúc Quân Sơn Tâm Thảo Tuấn Vy".split()
VIETNAM = datetime.timezone(datetime.timedelta(hours=7))


def communes_csv():
    """The rows of the three districts and the province: public facts, see README.md."""
    with open(HERE / "communes.csv", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def clock(seconds):
    return datetime.datetime.fromtimestamp(seconds, VIETNAM).strftime("%Y-%m-%d %H:%M:%S")


def village_names(rng):
    """Two-word names in an order of their own; none is a real village's on purpose."""
    names = [f"{x} {y}" for x in FIRST for y in SECOND if x != y]
    rng.shuffle(names)
    return names


def people(rng, n):
    """n different names."""
    found = []
    while len(found) < n:
        person = f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
        if person not in found:
            found.append(person)
    return found


def hundredths(part, base):
    """The percentage a clerk writes down: two decimals, rounded half up, as a whole number."""
    return (part * 20000 + base) // (2 * base)


def line_of(fields):
    """One statement as POST /api/say takes it."""
    return urllib.parse.urlencode(fields, safe=":,")


def write_csv(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows(rows)
