"""One notebook in one process: `python -m rnnlib.runner_worker` reads a job, tells how it goes.

The job is one line of JSON on standard input: source, output, parameters, cell_seconds. Events
leave as lines of JSON on standard output; everything else goes to standard error. When the
process that gave the job ends, this one ends too.
"""

import html
import json
import os
import re
import sys
import threading
import time
import warnings

MARK = "rnnlib-error"  # the class of a red error in one of the course's own widgets


def hidden_errors(widgets):
    """The errors that the saved state of the widgets holds, each as one line.

    Takes the notebook's `metadata.widgets`. Finds exceptions swallowed by Output widgets
    (`interact`, `with out:`) and red errors of the course's own widgets.
    """
    states = widgets.get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    found = []
    for model in states.values():
        state = model.get("state", {})
        for output in state.get("outputs") or []:
            if output.get("output_type") == "error":
                found.append(f"{output.get('ename')}: {output.get('evalue')}")
        text = state.get("value")
        if isinstance(text, str) and MARK in text:
            words = html.unescape(re.sub("<[^>]*>", "", text)).strip()
            found.append(words.splitlines()[-1] if words else "an empty error")
    return found


def warned(notebook):
    """How many cells of an executed notebook wrote to standard error."""
    return sum(any(o.get("name") == "stderr" for o in cell.get("outputs", []))
               for cell in notebook.cells)


def without_deadlock():
    """Keep nbclient's imitation of the Output widget from answering the kernel.

    Its answers travel on the shell channel, where now and then they eat the wake-up of the reply
    that ends a cell; the run then hangs (nbclient issue 312). Nothing headless needs the answers.
    """
    from nbclient.output_widget import OutputWidget

    OutputWidget.sync_state = lambda self: None


class Watch:
    """Tells the parent which cell begins and how many seconds it took; cells go by their ids."""

    def __init__(self, tell, source):
        import nbformat

        cells = nbformat.read(source, as_version=4).cells
        self.tell, self.since = tell, None
        self.places = {cell.get("id"): place for place, cell in enumerate(cells)}
        self.place = None  # in the source; None for the cell that papermill puts in

    def begin(self, cell, cell_index):
        """A code cell begins."""
        self.place, self.since = self.places.get(cell.get("id")), time.monotonic()
        self.tell({"begins": self.place})

    def end(self, cell, cell_index, execute_reply):
        """A code cell has ended, well or not."""
        self.tell({"ended": self.place, "seconds": time.monotonic() - self.since})


def execute(job, watch):
    """Execute the notebook of a job; return the executed notebook."""
    import papermill

    without_deadlock()
    return papermill.execute_notebook(
        job["source"], job["output"], parameters=job["parameters"], kernel_name="python3",
        cwd=os.path.dirname(job["source"]), execution_timeout=job["cell_seconds"],
        progress_bar=False, autosave_cell_every=0,
        on_cell_execute=watch.begin, on_cell_executed=watch.end)


def attempt(job, tell):
    """Do the job; return how it went: one error or None, hidden errors, how many cells warned."""
    from papermill.exceptions import PapermillExecutionError

    watch = Watch(tell, job["source"])
    result = {"error": None, "hidden": [], "warned": 0}
    try:
        notebook = execute(job, watch)
        result["hidden"] = hidden_errors(notebook.metadata.get("widgets", {}))
        result["warned"] = warned(notebook)
    except PapermillExecutionError as error:
        result["error"] = f"{error.ename}: {error.evalue}"
    except Exception as error:
        what = str(error).strip().splitlines() or ["no message"]
        result["error"] = f"{type(error).__name__}: {what[0]}"
    return result


def end_with_parent():
    """End this process when standard input closes, that is, when the parent is gone."""
    sys.stdin.read()
    os._exit(1)


def main():
    """Read a job, keep a private way to the parent, do the job."""
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()

    def tell(event):
        print(json.dumps(event), file=channel, flush=True)

    tell({"done": attempt(job, tell)})


if __name__ == "__main__":
    main()
