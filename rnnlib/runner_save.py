"""Put the outputs of an executed notebook back into its source, and nothing else."""

import copy
import os

VIEW = "application/vnd.jupyter.widget-view+json"


def clean(output, count):
    """A copy of an output for the source: no link to a live widget, the cell's new number.

    None when nothing is left to show.
    """
    output = copy.deepcopy(output)
    data = output.get("data", {})
    data.pop(VIEW, None)
    if "execution_count" in output:
        output["execution_count"] = count
    if output["output_type"] in ("display_data", "execute_result"):
        output["metadata"].pop(VIEW, None)
        return output if data else None
    return output


def merged(source, executed):
    """The source with the outputs of the executed notebook: cells are matched by their ids.

    Cells, tags and ids stay; the cell that papermill puts in, widget state and timings do not
    come along; cells are numbered 1, 2, 3 in the order of the page.
    """
    source, count = copy.deepcopy(source), 0
    ran = {cell.id: cell for cell in executed.cells}
    for cell in source.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("papermill", None)
        if cell.cell_type != "code":
            continue
        count += bool(cell.source.strip())
        cell.execution_count = count if cell.source.strip() else None
        outputs = [clean(output, count) for output in ran[cell.id].outputs]
        cell.outputs = [output for output in outputs if output is not None]
    source.metadata.pop("widgets", None)
    source.metadata.pop("papermill", None)
    source.metadata["kernelspec"] = {
        "display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    source.metadata["language_info"] = {"name": "python"}
    return source


def save(source, executed):
    """Write the outputs of the notebook file `executed` into the notebook file `source`."""
    import nbformat

    notebook = merged(nbformat.read(source, as_version=4), nbformat.read(executed, as_version=4))
    nbformat.validate(notebook)
    partial = source.with_name(source.name + ".partial")
    with open(partial, "w", encoding="utf-8", newline="\n") as file:
        nbformat.write(notebook, file)
    os.replace(partial, source)
