# SPDX-License-Identifier: GPL-3.0-or-later
"""A run folder trained again in PyTorch from its spec, its first checkpoint and its data alone, and compared with what it holds."""
import copy
import json
import math

import torch
from safetensors.torch import load_file
from torch import nn

from replay_data import augmented, batches_of, check, load, normalised, read_csv
from replay_networks import COUNTER, build, set_statistics, statistics, tensors
from replay_optimizers import Base
from replay_steps import SharpnessStep, clipped, learning_rate, norm, plain_loss

KEYS = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]
EVALUATIONS = {"": "evals.csv", "ema": "evals_ema.csv", "swa": "evals_swa.csv"}


def evaluate(net, x, y, spec):
    """Plain loss and accuracy, evaluation mode."""
    net.eval()
    with torch.no_grad():
        logits = net(x)
        return [plain_loss(logits, y, spec).item(), (logits.argmax(1) == y).double().mean().item()]


@torch.no_grad()
def recompute_statistics(net, x, size):
    """Izmailov et al. 2018, algorithm 1, as in their code: the means over the batches, here in file order, by their items."""
    net.train()
    norms = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]
    for module in norms:
        module.momentum = 1.0  # the running statistics are the batch's own
    mean = {}
    for start in range(0, len(x), size):
        batch = x[start:start + size]
        net(batch)
        for name, value in statistics(net).items():
            mean[name] = mean.get(name, 0.0) + len(batch) / len(x) * value
    set_statistics(net, mean)


class Replay:
    """The training of a run folder; what it measures has the names of the folder's columns."""

    def __init__(self, folder):
        self.folder = folder
        self.spec = spec = json.loads((folder / "spec.json").read_text())
        (self.raw, self.y), (raw_test, self.y_test) = load(spec)
        self.x, self.x_test = normalised(self.raw, spec), normalised(raw_test, spec)
        self.net = build(spec, self.raw.shape[1], 10)
        self.net.load_state_dict(load_file(self.file(0)), strict=True)
        self.size = len(self.y) if spec["batch_size"] == "all" else spec["batch_size"]
        self.total = spec["epochs"] * math.ceil(len(self.y) / self.size)
        self.steps = {"loss": [], "gradient_norm": [], "learning_rate": [], "gradient_evaluations": []}
        self.measured = {"": [], "ema": [], "swa": []}
        self.averages = {}
        self.averaged_epochs = 0
        self.clipped = 0
        self.train()

    def file(self, step, ending=""):
        return self.folder / "checkpoints" / f"step_{step:08d}{ending}.safetensors"

    def train(self):
        spec = self.spec
        step, base = SharpnessStep(self.net, spec), Base(self.net, spec)
        self.base = base
        self.average("ema", 0.0 if spec.get("ema") is not None else None)
        self.finish_epoch(0)
        for epoch in range(spec["epochs"]):
            for batch in batches_of(len(self.y), self.size, spec["seed"], epoch):
                x = self.x[batch]
                if spec.get("augment") == "standard":
                    x = normalised(augmented(self.raw[batch], batch, spec["seed"], epoch), spec)
                t = len(self.steps["loss"])
                loss, length, taken, g = step.gradient(x, self.y[batch], t)
                rate = learning_rate(spec, t, self.total)
                limit = spec.get("clip_norm")
                self.clipped += limit is not None and norm(g) > limit
                base.apply(clipped(g, limit), rate)
                self.average("ema", spec.get("ema"))
                before = self.steps["gradient_evaluations"][-1] if t else 0
                for key, value in zip(self.steps, (loss, length, rate, before + taken)):
                    self.steps[key].append(value)
            self.finish_epoch(epoch + 1)

    @torch.no_grad()
    def average(self, kind, share):
        """average = share average + (1 - share) theta, of the running statistics too."""
        if share is None:
            return
        now = tensors(self.net)
        old = self.averages.get(kind, now)
        self.averages[kind] = {name: share * old[name] + (1 - share) * now[name] for name in now}

    def finish_epoch(self, epoch):
        if self.spec.get("swa_from") is not None and epoch >= self.spec["swa_from"]:
            self.average("swa", self.averaged_epochs / (self.averaged_epochs + 1))
            self.averaged_epochs += 1
        self.measure("", self.net)
        for kind, values in self.averages.items():
            net = copy.deepcopy(self.net)
            net.load_state_dict({**net.state_dict(), **values})
            if kind == "swa":
                recompute_statistics(net, self.x, self.size)
            self.measure(kind, net)
            setattr(self, kind, tensors(net))

    def measure(self, kind, net):
        values = evaluate(net, self.x, self.y, self.spec) + evaluate(net, self.x_test, self.y_test, self.spec)
        self.measured[kind].append([len(self.steps["loss"]), *values])


def worst(ours, theirs):
    """Largest difference, relative above 1; infinite where the lengths differ."""
    if len(ours) != len(theirs):
        return math.inf
    return max(abs(a - b) / max(1.0, abs(a)) for a, b in zip(ours, theirs))


def apart(ours, theirs, names):
    """||ours - theirs||; infinite where a name is missing."""
    if ours.keys() != theirs.keys():
        return math.inf
    return norm([ours[name] - theirs[name] for name in names])


def compare_evaluations(name, replay, kind, tolerances):
    table = replay.folder / EVALUATIONS[kind]
    rows, measured = read_csv(table) if table.exists() else [], replay.measured[kind]
    prefix = f"{name}: {kind} " if kind else f"{name}: "
    check(f"{prefix}evaluated steps", int([row["step"] for row in rows] != [values[0] for values in measured]), 0)
    for what, columns in (("loss", (1, 3)), ("accuracy", (2, 4))):
        ours = [values[c] for values in measured for c in columns]
        check(f"{prefix}evaluated {what}", worst(ours, [row[KEYS[c - 1]] for row in rows for c in columns]), tolerances[what])


def compare_tensors(name, replay, ours, ending, tolerances):
    """Parameters in units of the way moved, running statistics relative to their own size."""
    saved = load_file(replay.file(replay.total, ending))
    start, theirs = ({key: value for key, value in file.items() if COUNTER not in key} for file in (load_file(replay.file(0)), saved))
    parameters = [key for key, _ in replay.net.named_parameters()]
    moved = apart(theirs, start, parameters)
    difference = apart(ours, theirs, parameters) / moved if 0 < moved < math.inf else math.inf
    check(f"{name}: parameters, of the way moved", difference, tolerances["parameters"])
    running = [key for key in ours if key not in parameters]
    if running:
        difference = max(norm([ours[key] - theirs[key]]) / norm([ours[key]]) if key in theirs else math.inf for key in running)
        check(f"{name}: running statistics, relative", difference, tolerances["statistics"])
        counted = [saved.get(key, -1) for key in replay.net.state_dict() if COUNTER in key]
        check(f"{name}: batches counted", int(any(count != replay.total for count in counted)), 0)


def compare(name, folder, tolerances):
    """Trains the folder's run again and checks every number in it; a line a check."""
    replay = Replay(folder)
    steps = read_csv(folder / "steps.csv")
    for key, what in (("loss", "loss of every step"), ("gradient_norm", "gradient norm of every step")):
        check(f"{name}: {what}", worst(replay.steps[key], [row[key] for row in steps]), tolerances["loss"])
    check(f"{name}: learning rate of every step", worst(replay.steps["learning_rate"], [row["learning_rate"] for row in steps]), 1e-12)
    check(f"{name}: gradients taken", worst(replay.steps["gradient_evaluations"], [row["gradient_evaluations"] for row in steps]), 0)
    if replay.spec.get("clip_norm") is not None:
        check(f"{name}: whether the clip never bites", int(replay.clipped == 0), 0)
    compare_evaluations(name, replay, "", tolerances)
    compare_tensors(name, replay, tensors(replay.net), "", tolerances)
    for kind in replay.averages:
        compare_evaluations(name, replay, kind, tolerances)
        compare_tensors(f"{name}: {kind}", replay, getattr(replay, kind), f".{kind}", tolerances)
    return replay
