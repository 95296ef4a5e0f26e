#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the examples edge-*.json without a window and sets what was measured beside each optimizer's edge of stability, computed here from steps.csv alone.

Writes DIR/edge_of_stability.md (a line an example: the median over the last third of the measurements) and DIR/edge_of_stability.svg (measure/edge along
training). With torch at hand the last lambda_max of edge-gd is computed again from the checkpoint.
  edge_of_stability.py --program build/release/sharpscape-headless --out DIR
"""
import argparse
import csv
import json
import math
import pathlib
import statistics
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "resources" / "examples"
WIDTH, HEIGHT, COLUMNS, MARGIN = 260, 150, 3, 34
CEILING = 2.0  # of measure/edge in the picture


def edge(spec, rate, gradient_norm):
    """The edge of the optimizer's own steps. At it the iterates flip sign and keep their length: with momentum that is gradient descent at a smaller rate."""
    if spec["optimizer"] in ("adam", "adamw"):
        return 2 * (1 + spec["beta1"]) / (rate * (1 - spec["beta1"]))
    beta = spec["momentum"]
    rate *= (1 + 2 * beta) / (1 + beta) if spec["nesterov"] else 1 / (1 + beta)
    if spec["sharpness"] == "none":
        return 2 / rate
    c = spec["rho"] * (spec["alpha"] if spec["sharpness"] == "penalty" else 1)
    return gradient_norm / (2 * c) * (math.sqrt(1 + 8 * c / (rate * gradient_norm)) - 1)


def measure_of(spec):
    if spec["batch_size"] != "all":
        return "batch_sharpness"
    return "preconditioned_lambda_max" if spec["optimizer"] in ("adam", "adamw") else "lambda_max"


def read_csv(path):
    with open(path, newline="") as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


class Run:
    """What a run folder says of one quantity and its edge."""

    def __init__(self, folder):
        self.name = folder.name
        self.spec = json.loads((folder / "spec.json").read_text())
        self.summary = json.loads((folder / "summary.json").read_text())
        self.measure = measure_of(self.spec)
        steps = {int(row["step"]): row for row in read_csv(folder / "steps.csv")}
        self.points = []  # step, measure/edge
        for row in read_csv(folder / "curvature.csv"):
            step = int(row["step"])
            here = steps.get(step + 1, steps.get(step))  # the step that was taken from there
            self.edge = edge(self.spec, here["learning_rate"], here["gradient_norm"])
            if not math.isnan(row[self.measure]):
                self.points.append((step, row[self.measure] / self.edge))
            self.lambda_max = row["lambda_max"]
        self.ratio = statistics.median(r for _, r in self.points[len(self.points) * 2 // 3:])


def title(spec):
    name = {"adam": "Adam", "adamw": "AdamW"}.get(spec["optimizer"], "gradient descent" if spec["batch_size"] == "all" else f"SGD, batch {spec['batch_size']}")
    if spec["optimizer"] == "sgd" and spec["momentum"] > 0:
        name = "Nesterov" if spec["nesterov"] else "heavy ball"
    if spec["sharpness"] != "none":
        name = f"{'SAM' if spec['sharpness'] == 'sam' else 'penalty'} rho {spec['rho']:g}" + (f" alpha {spec['alpha']:g}" if spec["sharpness"] == "penalty" else "")
    return name


def table(runs):
    lines = ["| run | optimizer | rate | steps | measure | median of the last third / edge | edge at the end | train loss |", "|---|---|---|---|---|---|---|---|"]
    for r in runs:
        lines.append(f"| {r.name} | {title(r.spec)} | {r.spec['learning_rate']:g} | {r.summary['steps']} | {r.measure} | {r.ratio:.3f} | {r.edge:.4g} | {r.summary['train_loss']:.3g} |")
    return "\n".join(lines) + "\n"


def panel(run, left, top):
    """measure/edge over steps, a dashed line at 1."""
    last = run.points[-1][0]
    x = lambda step: left + MARGIN + (WIDTH - MARGIN - 10) * step / last
    y = lambda ratio: top + 24 + (HEIGHT - 48) * (1 - min(ratio, CEILING) / CEILING)
    path = " ".join(f"{x(s):.1f},{y(r):.1f}" for s, r in run.points)
    text = lambda px, py, words, anchor="start": f'<text x="{px:.1f}" y="{py:.1f}" text-anchor="{anchor}">{words}</text>'
    return [f'<rect x="{left + MARGIN}" y="{top + 24}" width="{WIDTH - MARGIN - 10}" height="{HEIGHT - 48}" fill="none" stroke="#999"/>',
            f'<line x1="{x(0):.1f}" x2="{x(last):.1f}" y1="{y(1):.1f}" y2="{y(1):.1f}" stroke="#333" stroke-dasharray="6 4"/>',
            f'<polyline points="{path}" fill="none" stroke="#1f77b4" stroke-width="1.3"/>',
            text(left + MARGIN, top + 16, f"{title(run.spec)}: {run.ratio:.3f}"), text(left + MARGIN - 4, y(1) + 4, "1", "end"), text(left + MARGIN - 4, y(0), "0", "end"),
            text(left + MARGIN - 4, y(2) + 8, "2", "end"), text(x(last), top + HEIGHT - 10, f"step {last}", "end"), text(x(0), top + HEIGHT - 10, run.measure.replace("_", " "))]


def picture(runs):
    rows = math.ceil(len(runs) / COLUMNS)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{COLUMNS * WIDTH}" height="{rows * HEIGHT + 22}" font-family="sans-serif" font-size="11">',
             '<rect width="100%" height="100%" fill="white"/>', '<text x="34" y="15">measure / edge of stability along training; behind each name the median of the last third</text>']
    for i, run in enumerate(runs):
        parts += panel(run, i % COLUMNS * WIDTH, 22 + i // COLUMNS * HEIGHT)
    return "\n".join(parts + ["</svg>"]) + "\n"


def compare_with_pytorch(folder, run):
    """The largest eigenvalue of the dense Hessian, in double, at the last checkpoint."""
    try:
        import torch
        from safetensors.torch import load_file
        from replay_data import load, normalised
        from replay_networks import build
    except ImportError as missing:
        return f"not compared with PyTorch: {missing}\n"
    (raw, y), _ = load(run.spec)
    x = normalised(raw, run.spec).double()
    net = build(run.spec, raw.shape[1], 10).double()
    last = sorted(p for p in (folder / "checkpoints").glob("step_*.safetensors") if ".optimizer." not in p.name)[-1]
    net.load_state_dict({k: v.double() for k, v in load_file(last).items()}, strict=True)
    names, shapes = zip(*((n, p.shape) for n, p in net.named_parameters()))
    theta = torch.cat([p.detach().flatten() for p in net.parameters()]).requires_grad_()
    target = torch.nn.functional.one_hot(y, 10).double()
    pieces = [t.view(s) for t, s in zip(torch.split(theta, [s.numel() for s in shapes]), shapes)]
    loss = (torch.func.functional_call(net, dict(zip(names, pieces)), (x,)) - target).square().mean()
    (g,) = torch.autograd.grad(loss, theta, create_graph=True)
    rows = [torch.autograd.grad(g, theta, e, retain_graph=True)[0] for e in torch.eye(len(theta), dtype=torch.float64)]
    exact = torch.linalg.eigvalsh(torch.stack(rows))[-1].item()
    residual = read_csv(folder / "curvature.csv")[-1]["residual"]
    return f"lambda_max of {run.name} at its last checkpoint: {run.lambda_max:.7g} with residual {residual:.1e}; PyTorch's dense Hessian in double: {exact:.7g}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--keep", action="store_true", help="take the runs that are in DIR already")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    runs = []
    for example in sorted(EXAMPLES.glob("edge-*.json")):
        folder = options.out / example.stem
        if not (options.keep and folder.exists()):
            done = subprocess.run([options.program, "train", example, "--out", folder, "--device", "cpu", "--threads", "1", "--quiet"], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"{example.name} ended with {done.returncode}: {done.stderr.strip()}")
        runs.append(Run(folder))
        print(f"{runs[-1].name}: {runs[-1].measure} / edge = {runs[-1].ratio:.4f}", flush=True)
    words = table(runs)
    gd = [r for r in runs if r.name == "edge-gd"]
    if gd:
        words += "\n" + compare_with_pytorch(options.out / "edge-gd", gd[0])
    (options.out / "edge_of_stability.md").write_text(words)
    (options.out / "edge_of_stability.svg").write_text(picture(runs))
    print(words, end="")


if __name__ == "__main__":
    main()
