"""Scores as CSV, and the table in which a person enters the points of written answers."""

import csv

SCORES, BY_HAND = "scores.csv", "by_hand.csv"
COLUMNS = ("student", "question", "of", "points", "comment")


def read_by_hand(folder):
    """{(student as written, question): (points or None, comment)} as a person has filled it in.

    Raises ValueError, naming the line, for points that are not a number from 0 to what there is.
    """
    path = folder / BY_HAND
    if not path.exists():
        return {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for number, row in enumerate(rows, 2):
        text = (row.get("points") or "").strip().replace(",", ".")
        try:
            points = float(text) if text else None
            fits = points is None or 0 <= points <= float(row["of"])
        except (ValueError, KeyError):
            fits = False
        if not fits:
            raise ValueError(f"{path}, line {number}: expected points from 0 to {row.get('of')},"
                             f" got {text!r}")
        found[row["student"], row["question"]] = points, row.get("comment") or ""
    return found


def write_by_hand(folder, assignment, results, entered):
    """Write the table for a person: a line per student and question, with what was entered."""
    rows = [(name, one.grade_id, f"{one.points:g}",
             *shown(entered.get((name, one.grade_id), (None, ""))))
            for name in map(safe_text, results) for one in assignment.questions]
    write(folder / BY_HAND, COLUMNS, rows)


def shown(pair):
    """Points and comment as text."""
    points, comment = pair
    return "" if points is None else f"{points:g}", comment


def write_scores(folder, assignment, results, entered):
    """Write one line per student: points by exercise and question, total, what to look at."""
    names = [one.name for one in assignment.exercises]
    asked = [one.grade_id for one in assignment.questions]
    rows = []
    for student, result in results.items():
        marks = {one["name"]: one["points"] for one in result["exercises"]}
        hand = [entered.get((safe_text(student), name), (None, ""))[0] for name in asked]
        got, missing = total(result, hand)
        rows.append([safe_text(student), *(f"{marks[name]:g}" for name in names),
                     *("" if points is None else f"{points:g}" for points in hand), f"{got:g}",
                     f"{assignment.points:g}", missing, safe_text("; ".join(remarks(result)))])
    header = ["student", *names, *asked, "total", "of", "to grade by hand", "remarks"]
    write(folder / SCORES, header, rows)


def total(result, hand):
    """(sum of all points so far, how many answers a person has still to grade)."""
    got = sum(one["points"] for one in result["exercises"])
    return got + sum(points or 0 for points in hand), sum(points is None for points in hand)


def remarks(result):
    """What a person should look at: problems, words that were looked for, cells that failed."""
    said = [result["problem"]] if result["problem"] else []
    said += [f"{one['name']}: {words}" for one in result["exercises"] for words in one["look"]]
    return said + [f"{cell}: {words}" for cell, words in result["notes"].items()]


def safe_text(text):
    """Text that a spreadsheet does not take for a formula."""
    flat = " ".join(text.split())
    return "'" + flat if flat[:1] in "=+-@" and flat else flat


def write(path, header, rows):
    """Write a CSV file that spreadsheets open in the right encoding."""
    with open(path, "w", newline="", encoding="utf-8-sig", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
