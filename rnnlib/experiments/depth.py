"""Stacks of one to four layers with equally many weights, and what each layer holds (K10).

    python -m rnnlib.experiments.depth                   the grid and the probes, three seeds
    python -m rnnlib.experiments.depth slots 0           one task, one seed
    python -m rnnlib.experiments.depth probes 0          the probes, one seed
"""

import sys
import time
from collections import defaultdict
from dataclasses import replace
from itertools import product

import torch

from ..batches import mask
from ..layers_built import weights
from ..metrics import interval
from ..text import PAD, UNK, Vocab
from ..trace_layers import by_layer, commonest_share, readable
from .directions import RECIPE, TASKS, built, score, task_of
from .labelers import trained
from .record import append, measured, recorded, run_key

LAYERS, BUDGET = (1, 2, 3, 4), 50_000
PROBED, FREQUENT = 3, 50
"""Layers of the stack that is probed; how many frequent words a probe tells apart."""
LONG = replace(RECIPE, updates=2 * RECIPE.updates)
"""Twice the updates, for the stack that is probed and for one layer to compare it with."""


def run(task, name, layers, seed=0, kind="side by side"):
    """One run as records: scores on test, weights, seconds of the training."""
    network = trained(task, replace(RECIPE, seed=seed), built(kind, layers, budget=BUDGET))
    setting = {"what": "depth", "task": name, "kind": kind, "layers": layers,
               "texts": len(task.train[0])}
    return scored(network, task, setting, seed)


def scored(network, task, setting, seed):
    """A trained network (model, reader, seconds) as records."""
    model, reader, seconds = network
    values = score(task, model, reader) | {"weights": weights(model.layer), "seconds": seconds}
    return measured("K10", setting, seed, values, seconds, task.data)


def long_setting(layers, kind):
    """What a record says of a network that is trained for twice as long."""
    return {"what": "longer", "task": "slots", "kind": kind, "layers": layers,
            "updates": LONG.updates}


def longer(task, layers, kind, seed=0):
    """A network for the slots that is trained for twice as long, and its records."""
    network = trained(task, replace(LONG, seed=seed), built(kind, layers, budget=BUDGET))
    return network, scored(network, task, long_setting(layers, kind), seed)


# --- what each layer holds ------------------------------------------------------------------------


def frequent(words, most=FREQUENT):
    """The numbers of words as one of the most frequent ones or another one, and how many kinds."""
    vocab = Vocab.of([words], most=most, specials=(PAD, UNK))
    return vocab.encode(words), len(vocab)


def questions(texts, slots, intents):
    """What is asked of the state at each word: dict name -> (answers (N,), how many kinds)."""
    flat = [word.lower() for text in texts for word in text]
    before = [w.lower() for text in texts for w in ["<none>", *text[:-1]]]
    after = [w.lower() for text in texts for w in [*text[1:], "<none>"]]
    labels = [slot for text in slots for slot in text]
    asked = {"its first letter": [w[0] for w in flat], "the word before": before,
             "the word": flat, "the word after": after,
             "B, I or O": [slot[0] for slot in labels], "its slot": labels,
             "the intent": [i for text, i in zip(texts, intents, strict=True) for _ in text]}
    return {name: frequent(answers) for name, answers in asked.items()}


@torch.no_grad()
def states_of(model, reader, texts):
    """What goes into the stack of a tagger and comes out of each layer: a list of (N, size)."""
    x, lengths = reader(texts)
    found = by_layer(model.layer, model.embed(x), lengths)
    real = mask(lengths, found[0].shape[1])
    return [h[real] for h in found]


def probes(network, task, texts, intents, seed=0):
    """A trained stack as records: for each question layer_0 ... layer_3, percent a probe names."""
    began, (words, slots) = time.process_time(), texts
    layers, found = states_of(*network[:2], words), []
    for name, (answers, kinds) in questions(words, slots, intents).items():
        values = {f"layer_{k}": 100 * readable(h, answers, kinds) for k, h in enumerate(layers)}
        values["commonest"] = 100 * commonest_share(answers)
        setting = {"what": "probe", "task": "slots", "question": name, "layers": len(layers) - 1}
        seconds = time.process_time() - began
        found += measured("K10", setting, seed, values, seconds, task.data)
    return found


def probe_texts(task):
    """Texts that the tagger has not learned from, shuffled: ((words, slots), intents)."""
    rows = [*task.data.valid, *task.data.test]
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(0)).tolist()
    rows = [rows[i] for i in order]
    return ([row[0] for row in rows], [row[1] for row in rows]), [row[2] for row in rows]


def closed(records):
    """What share of what a blind probe misses each layer gives away, in percent.

    Returns dicts question -> means by layer, and half-widths of their 95 % intervals over seeds.
    """
    found = defaultdict(lambda: defaultdict(list))
    blind = {(r.setting["question"], r.seed): r.value for r in records if r.metric == "commonest"}
    for r in records:
        if r.metric.startswith("layer_"):
            base = blind[r.setting["question"], r.seed]
            share = 100 * (r.value - base) / (100 - base)
            found[r.setting["question"]][int(r.metric.removeprefix("layer_"))].append(share)
    rows = {name: [interval(layers[k]) for k in sorted(layers)] for name, layers in found.items()}
    return ({name: [mean for mean, _ in row] for name, row in rows.items()},
            {name: [half for _, half in row] for name, row in rows.items()})


def probed(seeds):
    """One layer to three, the last one probed, trained longer, unless a run is recorded already."""
    task = task_of("slots")
    done = recorded("K10")
    for seed in seeds:
        for kind, layers in product(("side by side", "normalised"), (1, 2, PROBED)):
            if run_key(long_setting(layers, kind), seed, task.data) in done:
                continue
            network, records = longer(task, layers, kind, seed)
            if (layers, kind) == (PROBED, "normalised"):
                records += probes(network, task, *probe_texts(task), seed)
            append(records)
            said = " ".join(f"{r.metric} {r.value:.2f}" for r in records[:6])
            print(f"longer {kind} {layers} seed={seed}: {said}", flush=True)


def main(words=(), seeds=(0, 1, 2)):
    """Run, print and append."""
    for name in [name for name in TASKS if name in words or not words]:
        task = task_of(name)
        for seed in seeds:
            kinds = [("side by side", layers) for layers in LAYERS] + [("two stacks", 2)]
            for kind, layers in kinds:
                append(records := run(task, name, layers, seed, kind))
                said = " ".join(f"{r.metric} {r.value:.2f}" for r in records)
                print(f"{name} {kind} {layers} seed={seed}: {said}", flush=True)
    if "probes" in words or not words:
        probed(seeds)


if __name__ == "__main__":
    given = sys.argv[1:]
    main([w for w in given if not w.isdigit()], [int(w) for w in given if w.isdigit()] or (0, 1, 2))
