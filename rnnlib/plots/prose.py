"""Text on a picture: a strip of tokens coloured by a value, a text and its continuation."""

from matplotlib.colors import Normalize

from .style import INK, PROBS, bare, ink_on, styled

WRITTEN = "#0b7a75"  # the colour of what a model wrote
SIZE = 12  # font size,
WIDTH = 0.602 * SIZE  # width of a character
LINE = 1.75 * SIZE  # and distance of lines, in points


@styled
def tokens(ax, words, values, limits=(0, 1), colours=PROBS):
    """Draw tokens in reading order, each on the colour of its value between the limits.

    A line breaks where the width of the Axes ends.
    """
    bare(ax)
    scale = Normalize(*limits, clip=True)
    for word, value, (column, line) in zip(words, values, places(words, room(ax)[0]), strict=True):
        colour = colours(scale(value))
        put(ax, word, column, 1.2 * line, ink_on(colour)).set_bbox(
            {"boxstyle": "round,pad=0.22", "facecolor": colour, "edgecolor": "none"}
        )


@styled
def continuation(ax, given, written):
    """Draw a text that was given in black and what was written after it in colour.

    Lines break at spaces; when the Axes is full, the end of the given text stays in sight.
    """
    bare(ax)
    wide, high = room(ax)
    text, cut = given + written, len(given)
    lines = broken(text, wide)
    cursor = sum(stop < cut for _, stop in lines)
    first = max(0, cursor - high // 2)
    for n, (start, stop) in enumerate(lines[first : first + high]):
        middle = min(max(cut, start), stop)
        put(ax, text[start:middle], 0, n, INK)
        put(ax, text[middle:stop], middle - start, n, WRITTEN)


def put(ax, text, column, line, colour):
    """Write a text at a place counted in characters and lines from the upper left corner."""
    return ax.annotate(
        text,
        (0, 1),
        xytext=(column * WIDTH + 4, -line * LINE - 4),
        va="top",
        textcoords="offset points",
        xycoords="axes fraction",
        color=colour,
        fontsize=SIZE,
        family="DejaVu Sans Mono",
        parse_math=False,
        annotation_clip=False,
    )


def room(ax):
    """How many characters and how many lines an Axes holds, at least one of each."""
    box, points = ax.get_window_extent(), 72 / ax.figure.dpi
    return (
        max(1, int((box.width * points - 4) / WIDTH)),
        max(1, int((box.height * points - 4) / LINE)),
    )


def places(words, wide):
    """(column, line) of each word in characters, broken into lines of so many characters."""
    column, line, found = 0, 0, []
    for word in words:
        if column and column + len(word) > wide:
            column, line = 0, line + 1
        found.append((column, line))
        column += len(word) + 1
    return found


def broken(text, wide):
    """(start, stop) of each line of a text, broken at line ends and at a space before the width."""
    lines, start = [], 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > wide:
            space = text.rfind(" ", start + 1, start + wide + 1)
            end = space if space > 0 else start + wide
        lines.append((start, end))
        start = end + (text[end : end + 1] in (" ", "\n"))
    return lines
