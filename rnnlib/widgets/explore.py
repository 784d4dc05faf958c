"""One way to put sliders on a picture: controls in, a picture drawn anew at every change.

Built on `Image` and `observe`, never on `interact` or `Output`: those hide exceptions from
headless runs.
"""

import base64
import contextlib
import gc
import html
import traceback
import warnings

import ipywidgets
import traitlets

from ..plots.style import SCREEN, figure, stored, styled

WIDE = ipywidgets.Layout(width="auto", max_width="100%")
OURS = (__file__, contextlib.__file__)  # files left out of the errors that are shown


def explore(draw, controls, alt, caption="", presets=None, size=(8, 3.2)):
    """A picture with controls: `draw(fig, **values)` draws on an empty figure at every change.

    draw      takes the figure and one keyword per control; may return one line of text, which is
              shown below the picture
    controls  dict name -> ipywidget
    alt       what the picture shows, in words, for readers who do not see it
    caption   the claim, above the picture; `$...$` is mathematics
    presets   dict label -> dict of values: one button each, beside a reset
    size      width and height in inches, 100 pixels of the page each
    """
    return Explorer(draw, controls, alt, caption, presets, size)


class Drawn(ipywidgets.Image):
    """An Image whose tooltip works: the browser asks for a description, which Image lacks.

    The tooltip becomes the `title` of the picture, its name for screen readers.
    """

    description = traitlets.Unicode("").tag(sync=True)


class Explorer:
    """What `explore` returns: shows itself as one bundle (live view, PNG, alt text).

    A change made in the browser that fails shows its error in red under the picture. `set` and
    `sweep` drive the controls without a browser, and raise.
    """

    def __init__(self, draw, controls, alt, caption="", presets=None, size=(8, 3.2)):
        self.draw, self.controls, self.alt = styled(draw), dict(controls), alt
        self.size, self.presets = size, dict(presets or {})
        self.start = self.values
        for label, values in self.presets.items():
            self._known(values, f"the preset {label!r}")
        self.image = Drawn(format="png", width=str(int(size[0] * SCREEN)), tooltip=alt)
        self.text = ipywidgets.HTML(layout=WIDE)
        self.error = ipywidgets.HTML(layout=WIDE)
        self.figure = figure(*size, alt=alt)
        self.buttons = self._buttons()
        self.panel = self._panel(caption)
        self.redraw()
        self._quiet = False
        for control in self.controls.values():
            control.observe(self._changed, names="value")

    @property
    def values(self):
        """The current value of every control, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def redraw(self):
        """Draw the picture for the current values; an error is raised, the old picture stays."""
        with no_collection(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # a box stands in its place
            self.figure.empty()
            said = self.draw(self.figure, **self.values)
            self.image.value = self.figure.png()
        self.text.value = paragraph("rnnlib-text", said) if said else ""
        self.error.value = ""
        for label, button in self.buttons.items():
            chosen = self.presets.get(label, self.start).items() <= self.values.items()
            button.button_style = "info" if chosen else ""

    def set(self, values):
        """Set several controls at once, redraw once, and raise what `draw` raises.

        ValueError for a name that is no control and for a value that a control does not take.
        """
        self._known(values, "set")
        self._quiet = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._quiet = False
        for name, value in values.items():
            if self.controls[name].value != value:
                raise ValueError(
                    f"{name} does not take {value!r}: the control made it "
                    f"{self.controls[name].value!r}; choose a value within its limits"
                )
        self.redraw()

    def sweep(self):
        """Drive every control to its ends and back, then every preset; raise the first error.

        Returns how many pictures were drawn.
        """
        before, drawn = self.values, 0
        for name, control in self.controls.items():
            for value in [*ends(control), before[name]]:
                self.set({name: value})
                drawn += 1
        for values in [*self.presets.values(), before]:
            self.set(values)
            drawn += 1
        return drawn

    def _changed(self, change):
        """A control moved: redraw once, an error in red under the picture."""
        if self._quiet:
            return
        try:
            self.redraw()
        except Exception as error:
            self.error.value = in_red(error)

    def _press(self, button):
        """A button was pressed: all its values together, one redraw."""
        try:
            self.set(self.presets.get(button.description, self.start))
        except Exception as error:
            self.error.value = in_red(error)

    def _known(self, values, who):
        for name in values:
            if name not in self.controls:
                raise ValueError(f"{who} names {name!r}, expected one of {sorted(self.controls)}")

    def _buttons(self):
        buttons = {}
        for label in [*self.presets, "reset"] if self.controls else []:
            buttons[label] = ipywidgets.Button(description=label, layout={"width": "auto"})
            buttons[label].on_click(self._press)
        return buttons

    def _panel(self, caption):
        """Caption, controls, picture, text, error, presets, from top to bottom."""
        for name, control in self.controls.items():
            control.description = control.description or name
            control.style.description_width = "initial"
        head = [ipywidgets.HTMLMath(paragraph("rnnlib-caption", caption), layout=WIDE)]
        wrap = ipywidgets.Layout(flex_flow="row wrap")
        return ipywidgets.VBox(
            [
                *(head if caption else []),
                ipywidgets.HBox(list(self.controls.values()), layout=wrap),
                self.image,
                self.text,
                self.error,
                ipywidgets.HBox(list(self.buttons.values()), layout=wrap),
            ]
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        """One display bundle: live view, PNG, alt text."""
        data = dict(self.panel._repr_mimebundle_(include=include, exclude=exclude))
        data["image/png"] = base64.b64encode(stored(self.image.value)).decode()
        data["text/plain"] = self.alt
        return data, {"image/png": {"alt": self.alt, "width": int(self.image.width)}}


@contextlib.contextmanager
def no_collection():
    """Put off the collection of garbage, which takes as long as a picture, until it is sent."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def paragraph(kind, text):
    """A text as an HTML paragraph, shown as it is."""
    return f'<p class="{kind}" style="margin:2px; line-height:1.4">{html.escape(text)}</p>'


def in_red(error):
    """An error as HTML; headless runs look for its class `rnnlib-error`."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename not in OURS]
    told = "".join(traceback.format_exception_only(error) + traceback.format_list(frames[-3:]))
    return (
        '<pre class="rnnlib-error" role="alert" style="color:#b00020; white-space:pre-wrap">'
        f"{html.escape(told)}</pre>"
    )


def ends(control):
    """The values a sweep visits: both ends, every option, both switches, an empty text."""
    if hasattr(control, "options"):
        return [value for value in getattr(control, "_options_values", control.options)]
    if isinstance(control.value, bool):
        return [False, True]
    if isinstance(control.value, str):
        return ["", "?"]
    if isinstance(control.value, tuple):
        return [(control.min, control.min), (control.min, control.max), (control.max, control.max)]
    low, high = control.min, control.max
    return [control.base**low, control.base**high] if hasattr(control, "base") else [low, high]
