"""A student's feedback as one web page: points, what holds, what does not and why, own code.

Whatever a student wrote or returned is shown as text and can do nothing.
"""

from html import escape

from .tables import safe_text, total

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em;
       color: #1b1b1b; background: #fff; }}
h1 {{ font-size: 1.5em; }} h2 {{ font-size: 1.15em; margin: 2em 0 .4em; }}
table {{ border-collapse: collapse; }} td, th {{ padding: .25em .9em .25em 0; text-align: left; }}
td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
tr.sum td {{ border-top: 2px solid #1b1b1b; font-weight: 600; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f5f2; padding: .7em .9em;
      margin: .4em 0; font-size: .88em; }}
pre span {{ display: block; padding-left: 8ch; text-indent: -8ch; }}
.holds {{ border-left: 5px solid #0072b2; }} .wrong {{ border-left: 5px solid #d55e00; }}
summary {{ cursor: pointer; color: #444; }} .points {{ font-weight: 400; color: #444; }}
</style></head><body>
{body}
</body></html>
"""


def page(assignment, result, entered):
    """The page of one student: `entered` are the points and comments that a person gave."""
    student = result["student"]
    hand = {one.grade_id: entered.get((safe_text(student), one.grade_id), (None, ""))
            for one in assignment.questions}
    parts = [f"<h1>{escape(assignment.name)}: {escape(student)}</h1>"]
    if result["problem"]:
        parts.append(f"<p>Your file could not be graded: {escape(result['problem'])}.</p>")
    parts.append(summary(assignment, result, hand))
    parts += [exercise_part(one, result) for one in result["exercises"]]
    parts += [question_part(one, result, *hand[one.grade_id]) for one in assignment.questions]
    parts.append(notes_part(result))
    return PAGE.format(title=escape(f"{assignment.name}: {student}"), body="\n".join(parts))


def summary(assignment, result, hand):
    """The table of points."""
    rows = [(one["name"], f"{one['points']:g}", one["of"]) for one in result["exercises"]]
    rows += [(named(one), "not yet graded" if hand[one.grade_id][0] is None
              else f"{hand[one.grade_id][0]:g}", f"{one.points:g}") for one in assignment.questions]
    got, missing = total(result, [points for points, _ in hand.values()])
    lines = [f"<tr><td>{escape(name)}</td><td class=number>{points}</td>"
             f"<td class=number>{of}</td></tr>" for name, points, of in rows]
    word = "total so far" if missing else "total"
    lines.append(f"<tr class=sum><td>{word}</td><td class=number>{got:g}</td>"
                 f"<td class=number>{assignment.points:g}</td></tr>")
    head = "<tr><th>exercise</th><th class=number>points</th><th class=number>of</th></tr>"
    return "<table>" + head + "\n".join(lines) + "</table>"


def exercise_part(one, result):
    """What was found about one exercise, line by line, and the student's code."""
    lines = "\n".join(f'<pre class="{"holds" if line.startswith("holds") else "wrong"}">'
                      f"{hanging(line)}</pre>" for line in one["lines"])
    source = result["code"].get(one["name"], "")
    code = (f"<details><summary>your code</summary><pre>{escape(source)}</pre></details>"
            if source else "")
    head = heading(one["name"], f"{one['points']:g} of {one['of']} points")
    return f"{head}\n{lines}\n{code}"


def hanging(text):
    """Text as lines of their own, each of which goes on further to the right where it is long."""
    return "".join(f"<span>{escape(line)}</span>" for line in text.split("\n"))


def named(question):
    """The title of a written question, without its points and minutes."""
    title, _, rest = question.title.rpartition(" (")
    return title if "points" in rest else question.title


def question_part(question, result, points, comment):
    """A written answer with the points and the comment of a person."""
    most = f"{question.points:g} points"
    got = f"not yet graded, up to {most}" if points is None else f"{points:g} of {most}"
    answer = result["answers"].get(question.grade_id, "(no answer was found)")
    said = f"<p>{escape(comment)}</p>" if comment else ""
    return (f"{heading(named(question), got)}\n{said}"
            f"<details><summary>your answer</summary><pre>{escape(answer)}</pre></details>")


def heading(name, points):
    """The heading of a part."""
    return f"<h2>{escape(name)} <span class=points>{points}</span></h2>"


def notes_part(result):
    """What went wrong while the cells of the notebook ran."""
    if not result["notes"]:
        return ""
    lines = "\n".join(f"<pre class=wrong>{escape(cell)}: {escape(said)}</pre>"
                      for cell, said in result["notes"].items())
    return f"<h2>While your cells ran</h2>\n{lines}"


def write_feedback(folder, assignment, results, entered):
    """Write the page of each student into folder/feedback."""
    place = folder / "feedback"
    place.mkdir(parents=True, exist_ok=True)
    for student, result in results.items():
        text = page(assignment, result, entered)
        (place / f"{student}.html").write_text(text, encoding="utf-8", errors="replace")
