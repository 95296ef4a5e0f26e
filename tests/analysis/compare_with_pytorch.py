#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Losses, eigenvalues, operators, surfaces, trajectories, paths and sharpness of a run, computed again with PyTorch from the run folder alone.

Needs torch, numpy and safetensors. Prints a line a check; exits 1 when one fails.
  compare_with_pytorch.py --program build/release/sharpscape
"""
import argparse
import csv
import gzip
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from safetensors.torch import load_file
from torch import nn
from torch.func import functional_call
from torch.nn import functional

DIGITS = pathlib.Path(__file__).resolve().parents[2] / "resources" / "data" / "digits.csv.gz"
MACHINE = ["--device", "cpu", "--threads", 1, "--json"]
failures = 0


def check(name, difference, tolerance):
    global failures
    passed = difference <= tolerance  # False for NaN
    failures += not passed
    print(f"{'passed' if passed else 'FAILED'}  {name}: {difference:.2e} (at most {tolerance:.1e})", flush=True)


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def read_digits(normalisation):
    """x = (pixel / scale - mean) / std [N,1,8,8] double, and labels; the 5th, 10th, ... image of each class in file order is test."""
    with gzip.open(DIGITS, "rt") as file:
        rows = numpy.array([[int(word) for word in line.split(",")] for line in file])
    seen = [0] * 10
    test = numpy.zeros(len(rows), dtype=bool)
    for i, label in enumerate(rows[:, -1]):
        seen[label] += 1
        test[i] = seen[label] % 5 == 0
    x = torch.tensor(rows[:, :-1], dtype=torch.float64).view(-1, 1, 8, 8)
    x = (x / normalisation["scale"] - normalisation["mean"][0]) / normalisation["std"][0]
    y = torch.tensor(rows[:, -1])
    return {"train": (x[~test], y[~test]), "test": (x[test], y[test])}


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 8)
        self.fc2 = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x.flatten(1))))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4 * 4, 10)

    def forward(self, x):
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        return self.fc(functional.max_pool2d(x, 2).flatten(1))


class Problem:
    """The mean loss of a checkpoint as a function of a flat vector in double, in the state dict's order."""

    def __init__(self, folder, model, split):
        self.spec = json.loads((folder / "spec.json").read_text())
        self.data = read_digits(self.spec["normalisation"])
        self.x, self.y = self.data[split]
        self.model = model.double()
        last = sorted(p for p in (folder / "checkpoints").glob("step_*.safetensors") if ".optimizer." not in p.name)[-1]
        self.model.load_state_dict({k: v.double() for k, v in load_file(last).items()}, strict=True)
        self.names = [name for name, _ in self.model.named_parameters()]
        self.shapes = [p.shape for p in self.model.parameters()]
        self.theta = self.flat(dict(self.model.named_parameters()))

    def flat(self, tensors):
        return torch.cat([tensors[name].detach().double().flatten() for name in self.names])

    def logits(self, theta, x):
        pieces = torch.split(theta, [s.numel() for s in self.shapes])
        return functional_call(self.model, {n: p.view(s) for n, p, s in zip(self.names, pieces, self.shapes)}, (x,))

    def loss(self, theta):
        return functional.cross_entropy(self.logits(theta, self.x), self.y)

    def values(self, theta, split):
        x, y = self.data[split]
        with torch.no_grad():
            logits = self.logits(theta, x)
            return functional.cross_entropy(logits, y).item(), (logits.argmax(1) == y).double().mean().item()

    def product(self):
        """v -> H v, by double backward through a graph that is kept."""
        theta = self.theta.clone().requires_grad_()
        (g,) = torch.autograd.grad(self.loss(theta), theta, create_graph=True)
        return lambda v: torch.autograd.grad(g, theta, v, retain_graph=True)[0]

    def dense(self):
        h = torch.func.hessian(self.loss)(self.theta)
        return torch.linalg.eigvalsh((h + h.T) / 2)


def lanczos_ends(product, size, tolerance):
    """The largest and smallest eigenvalue and their residuals, by Lanczos with full re-orthogonalisation."""
    generator = torch.Generator().manual_seed(1)
    q = torch.randn(size, generator=generator, dtype=torch.float64)
    basis, alpha, beta = [q / q.norm()], [], []
    while len(alpha) < 400:
        w = product(basis[-1])
        alpha.append((w @ basis[-1]).item())
        matrix = torch.stack(basis)
        for _ in range(2):
            w = w - matrix.T @ (matrix @ w)
        beta.append(w.norm().item())
        if len(alpha) % 10 == 0:
            t = torch.diag(torch.tensor(alpha)) + torch.diag(torch.tensor(beta[:-1]), 1) + torch.diag(torch.tensor(beta[:-1]), -1)
            values, vectors = torch.linalg.eigh(t)
            residuals = (beta[-1] * vectors[-1]).abs()
            if max(residuals[0], residuals[-1]) <= tolerance * values.abs().max():
                break
        basis.append(w / beta[-1])
    return values[-1].item(), residuals[-1].item(), values[0].item(), residuals[0].item()


def compare_evaluations(name, folder, problem):
    with open(folder / "evals.csv", newline="") as file:
        last = list(csv.DictReader(file))[-1]
    for split in ("train", "test"):
        loss, accuracy = problem.values(problem.theta, split)
        check(f"{name}: {split} loss recorded by the run", abs(loss - float(last[f"{split}_loss"])), 1e-6)
        check(f"{name}: {split} accuracy recorded by the run", abs(accuracy - float(last[f"{split}_accuracy"])), 1e-12)


def compare_pairs(name, pairs, exact, scale, own=1e-12):
    """Some eigenvalue lies within the residual; `own` is PyTorch's own uncertainty, relative to max|lambda|."""
    for i, (pair, value) in enumerate(zip(pairs, exact, strict=True), 1):
        check(f"{name} {i} of {len(pairs)} (lambda {value:.6g})", abs(pair["value"] - value), pair["residual"] + own * scale)
        check(f"{name} {i} of {len(pairs)} converged", int(not pair["converged"]), 0)


def compare_mlp(program, folder):
    out = folder / "mlp"
    run(program, "train", "--data", "digits", "--model", "mlp:64-8-10", "--activation", "tanh", "--precision", "double", "--epochs", 3,
        "--weight-decay", 0.01, *MACHINE, "--out", out)
    problem = Problem(out, Mlp(), "train")
    compare_evaluations("mlp", out, problem)
    common = ["--samples", "all", *MACHINE]
    exact = problem.dense().flip(0).tolist()
    scale = max(abs(exact[0]), abs(exact[-1]))
    vectors = folder / "vectors.safetensors"
    for precision, residual in (("double", 1e-8), ("float", 1e-3)):
        s = run(program, "spectrum", out, "--top", 3, "--bottom", 2, "--precision", precision, "--save-vectors", vectors, *common)
        name = f"mlp, {precision}"
        check(f"{name}: loss", abs(s["loss_value"] - problem.values(problem.theta, "train")[0]), 1e-6)
        compare_pairs(f"{name}: top", s["top"], exact[:3], scale, 1e-12 if precision == "double" else 1e-6)
        compare_pairs(f"{name}: bottom", s["bottom"], exact[::-1][:2], scale, 1e-12 if precision == "double" else 1e-6)
        saved, product = load_file(vectors), problem.product()
        for end in ("top", "bottom"):
            for i, pair in enumerate(s[end], 1):
                q = problem.flat({n: saved[f"{end}{i}/{n}"] for n in problem.names})
                found = (product(q) - pair["value"] * q).norm().item()
                # In float the reported residual is that of a float product and float vectors: another 1e-5 of max|lambda| at most.
                own = (1e-12 if precision == "double" else 1e-5) * scale
                check(f"{name}: residual of {end} {i} ({pair['residual']:.1e})", abs(found - pair["residual"]), own)
                check(f"{name}: residual of {end} {i} against the one asked for", found, 1.01 * residual * scale)
    plain = run(program, "spectrum", out, "--precision", "double", *common)
    training = run(program, "spectrum", out, "--precision", "double", "--loss", "training", *common)
    for end in ("top", "bottom"):
        check(f"mlp: {end} with the L2 term is shifted by it", abs(training[end][0]["value"] - plain[end][0]["value"] - 0.01), 3e-8 * scale)
    check("mlp: loss with the L2 term", abs(training["loss_value"] - plain["loss_value"] - 0.005 * problem.theta.square().sum().item()), 1e-10)
    compare_slice(program, out, folder, problem, exact[0])
    return out, problem


def compare_slice(program, out, folder, problem, largest):
    """Along the first eigenvector: the direction is one, the losses are those, and the middle's second difference is about lambda."""
    directions = folder / "slice.safetensors"
    g = run(program, "slice", out, "--x", "eigen:1", "--size", 5, "--range", "-0.002:0.002", "--precision", "double", "--samples", "all",
            "--save-directions", directions, *MACHINE)
    saved = load_file(directions)
    d = problem.flat({n: saved[f"x/{n}"] for n in problem.names})
    check("slice: the eigenvector has unit length", abs(d.norm().item() - 1), 1e-12)
    check("slice: it is an eigenvector", (problem.product()(d) - largest * d).norm().item(), 2e-8 * largest)
    for split in ("train", "test"):
        values = [problem.values(problem.theta + x * d, split)[0] for x in g["x"]]
        check(f"slice: {split} losses", max(abs(a - b) for a, b in zip(values, g[split]["loss"], strict=True)), 1e-12)
    z = g["train"]["loss"]
    check("slice: its second difference is the eigenvalue", abs((z[3] - 2 * z[2] + z[1]) / 1e-6 / largest - 1), 1e-4)


def compare_cnn(program, folder):
    out = folder / "cnn"
    run(program, "train", "--data", "digits", "--model", "cnn", "--epochs", 2, *MACHINE, "--out", out)
    problem = Problem(out, Cnn(), "test")
    compare_evaluations("cnn", out, problem)
    top, top_residual, bottom, bottom_residual = lanczos_ends(problem.product(), problem.theta.numel(), 1e-9)
    scale = max(abs(top), abs(bottom))
    own = 1e-12 + max(top_residual, bottom_residual) / scale
    for precision in ("double", "float"):
        s = run(program, "spectrum", out, "--split", "test", "--samples", "all", "--precision", precision, *MACHINE)
        check(f"cnn, {precision}: loss", abs(s["loss_value"] - problem.values(problem.theta, "test")[0]), 1e-6)
        check(f"cnn, {precision}: samples and parameters", abs(s["samples"] - 355) + abs(s["parameters"] - problem.theta.numel()), 0)
        wider = own if precision == "double" else own + 1e-6
        compare_pairs(f"cnn, {precision}: top", s["top"], [top], scale, wider)
        compare_pairs(f"cnn, {precision}: bottom", s["bottom"], [bottom], scale, wider)
    return out, problem


def compare_surface(program, name, out, folder, problem, precision):
    """Every point from the saved directions, and the directions' norms against the weights' (Li et al. 2018)."""
    directions = folder / "directions.safetensors"
    g = run(program, "surface", out, "--size", "5x3", "--range-x", "-1:1", "--range-y", "-0.5:0.5", "--samples", "all", "--precision", precision,
            "--save-directions", directions, *MACHINE)
    saved = load_file(directions)
    axes = {}
    for axis in ("x", "y"):
        pieces = {n: saved[f"{axis}/{n}"] for n in problem.names}
        axes[axis] = problem.flat(pieces)
        for n, p in problem.model.named_parameters():
            d = pieces[n].double()
            expected = p.flatten(1).norm(dim=1) if p.dim() > 1 else torch.zeros(len(p), dtype=torch.float64)
            found = d.flatten(1).norm(dim=1) if p.dim() > 1 else d.abs()
            difference = (found - expected).abs().max().item()
            check(f"{name}: norms of the filters of {axis}/{n}", difference, 1e-12 if precision == "double" else 1e-6)
    x, y = axes["x"], axes["y"]
    check(f"{name}: cosine", abs(functional.cosine_similarity(x, y, dim=0).item() - g["cosine"]), 1e-6)
    middle = problem.values(problem.theta, "train")[0]
    check(f"{name}: centre", abs(g["centre"] - middle), 1e-6)
    for split in ("train", "test"):
        worst = worst_accuracy = 0.0
        for row, b in zip(g[split]["loss"], g["y"], strict=True):
            accuracies = g[split]["accuracy"][g["y"].index(b)]
            for z, accuracy, a in zip(row, accuracies, g["x"], strict=True):
                loss, right = problem.values(problem.theta + a * x + b * y, split)
                worst = max(worst, abs(z - loss) / max(1.0, loss)) if math.isfinite(z) else math.inf
                worst_accuracy = max(worst_accuracy, abs(accuracy - right))
        check(f"{name}: {split} losses", worst, 1e-12 if precision == "double" else 1e-6)
        # In float an image may sit on a boundary between two classes.
        check(f"{name}: {split} accuracies", worst_accuracy, 1e-12 if precision == "double" else 3e-3)


def compare_operators(program, name, out, problem):
    """Gauss-Newton, Fisher and empirical Fisher put together from per-sample Jacobians, the functional part and blocks from the dense Hessian."""
    p = problem.theta.numel()
    x, labels = problem.data["train"]
    hessian = torch.stack([problem.product()(row) for row in torch.eye(p, dtype=torch.double)])
    jacobian = torch.func.vmap(torch.func.jacrev(lambda t, one: problem.logits(t, one[None])[0]), in_dims=(None, 0), chunk_size=64)(problem.theta, x)
    probabilities = problem.logits(problem.theta, x).softmax(1).detach()
    residual = probabilities - torch.nn.functional.one_hot(labels, probabilities.shape[1])
    middle = torch.diag_embed(probabilities) - probabilities[:, :, None] * probabilities[:, None, :]
    gauss_newton = torch.einsum("ncp,ncd,ndq->pq", jacobian, middle, jacobian) / len(x)
    single = torch.einsum("nc,ncp->np", residual, jacobian)
    empirical = single.T @ single / len(x)
    first = problem.shapes[0].numel() + problem.shapes[1].numel()
    cases = {"gauss-newton": gauss_newton, "fisher": gauss_newton, "empirical-fisher": empirical, "functional": hessian - gauss_newton}
    for word, matrix in cases.items():
        s = run(program, "spectrum", out, "--operator", word, "--top", 2, "--bottom", 1, "--samples", "all", "--precision", "double", *MACHINE)
        values = torch.linalg.eigvalsh(matrix)
        scale = values.abs().max().item()
        got = [s["top"][0]["value"], s["top"][1]["value"], s["bottom"][0]["value"]]
        wanted = [values[-1].item(), values[-2].item(), values[0].item()]
        check(f"{name}: {word}, both ends over the largest", max(abs(a - b) for a, b in zip(got, wanted)) / scale, 1e-8)
    s = run(program, "spectrum", out, "--restrict", "fc1", "--samples", "all", "--precision", "double", *MACHINE)
    values = torch.linalg.eigvalsh(hessian[:first, :first])
    check(f"{name}: block of fc1, both ends", max(abs(s["top"][0]["value"] - values[-1].item()), abs(s["bottom"][0]["value"] - values[0].item())) / values.abs().max().item(), 1e-8)


def projected_ascent(problem, scale, rho, iterations=300):
    """Another ascent: the best point of u <- rho T g / ||T g||, the step of infinite length, from the gradient's side."""
    u, best, start = torch.zeros_like(problem.theta), 0.0, problem.values(problem.theta, "train")[0]
    for _ in range(iterations):
        theta = (problem.theta + scale * u).requires_grad_()
        loss = problem.loss(theta)
        best = max(best, loss.item() - start)
        (g,) = torch.autograd.grad(loss, theta)
        u = rho * scale * g / (scale * g).norm()
    return best


def compare_sharpness(program, name, out, problem):
    """One step and the penalty's difference to rounding, worst cases against another ascent, average cases against other draws."""
    rho, deviation = 0.5, 0.1
    s = run(program, "sharpness", out, "--rho", rho, "--penalty-rho", 0.1, "--samples", "all", "--precision", "double", "--relative-flatness",
            "--iterations", 40, "--kind", "worst", "one-step", *MACHINE)
    average = run(program, "sharpness", out, "--rho", deviation, "--samples", "all", "--precision", "double", "--kind", "average", *MACHINE)
    here, theta = problem.values(problem.theta, "train")[0], problem.theta.clone().requires_grad_()
    (g,) = torch.autograd.grad(problem.loss(theta), theta)
    check(f"{name}: gradient norm", abs(g.norm().item() / s["gradient_norm"] - 1), 1e-10)
    ones, generator = torch.ones_like(problem.theta), torch.Generator().manual_seed(7)
    for adaptive in (False, True):
        scale, word = (problem.theta.abs(), "adaptive") if adaptive else (ones, "plain")
        found = {m["kind"]: m for m in s["measures"] + average["measures"] if m["adaptive"] == adaptive}
        step = rho * scale * scale * g / (scale * g).norm()
        check(f"{name}: one step, {word}", abs((problem.values(problem.theta + step, "train")[0] - here) / found["one-step"]["value"] - 1), 1e-9)
        check(f"{name}: worst case, {word}, below another ascent's by", projected_ascent(problem, scale, rho) / found["worst"]["value"] - 1, 0.02)
        draws = [problem.values(problem.theta + deviation * scale * torch.randn(len(g), generator=generator), "train")[0] - here for _ in range(200)]
        mean, error = numpy.mean(draws), numpy.std(draws, ddof=1) / math.sqrt(len(draws))
        both = math.hypot(error, found["average"]["standard_error"])
        check(f"{name}: average case, {word}, in standard errors", abs(mean - found["average"]["value"]) / both, 4)
    exact = problem.product()(g / g.norm())
    far = (problem.theta + 0.1 * g / g.norm()).requires_grad_()
    (g2,) = torch.autograd.grad(problem.loss(far), far)
    relative = (((g2 - g) / 0.1 - exact).norm() / exact.norm()).item()
    check(f"{name}: error of the penalty's difference", abs(relative / s["penalty_approximation"][0]["relative_error"] - 1), 1e-8)
    kept = s["relative_flatness"]
    if kept["standard_error"] is None:
        check(f"{name}: relative flatness", abs(flatness(problem, kept["layer"]) / kept["value"] - 1), 1e-8)


def flatness(problem, layer):
    """sum_{s,s'} <w_s, w_s'> Tr H_{s,s'} from the softmax's own second derivative: Tr H_{s,s'} = mean ||phi||^2 (p_s [s = s'] - p_s p_s')."""
    captured = []
    module = dict(problem.model.named_modules())[layer.removesuffix(".weight")]
    handle = module.register_forward_pre_hook(lambda _, inputs: captured.append(inputs[0].detach()))
    with torch.no_grad():
        p = problem.logits(problem.theta, problem.x).softmax(1)
    handle.remove()
    square = captured[0].square().sum(1)
    traces = (torch.diag_embed(p) - p[:, :, None] * p[:, None, :]).mul(square[:, None, None]).mean(0)
    w = problem.theta[sum(s.numel() for s in problem.shapes[:problem.names.index(layer)]):][:module.weight.numel()].view(module.weight.shape)
    return ((w @ w.T) * traces).sum().item()


def checkpoints(folder, problem):
    files = sorted(p for p in (folder / "checkpoints").glob("step_*.safetensors") if ".optimizer." not in p.name)
    return torch.stack([problem.flat(load_file(file)) for file in files])


def compare_trajectory(program, out, problem):
    """The principal plane by a singular value decomposition of the checkpoints themselves; where they lie over it, and both losses."""
    g = run(program, "surface", out, "--x", "pca:1", "--y", "pca:2", "--range", "fit", "--size", 3, "--trajectory", "--precision", "double", "--samples", "all",
            *MACHINE)
    path = checkpoints(out, problem)
    rows = path - path[-1]
    _, values, vectors = torch.linalg.svd(rows, full_matrices=False)
    shares = values.square() / values.square().sum()
    axes = torch.stack([v if v[v.abs().argmax()] > 0 else -v for v in vectors[:2]])
    for k, axis in enumerate(g["axes"]):
        check(f"trajectory: variance that component {k + 1} explains", abs(axis["explained_variance"] - shares[k].item()), 1e-10)
    at = rows @ axes.T
    worst = dict.fromkeys(("coordinates", "distance", "loss", "test_loss", "plane_loss"), 0.0)
    for point, theta, coordinates, row in zip(g["trajectory"], path, at, rows, strict=True):
        plane = path[-1] + coordinates @ axes
        expected = {"distance": (row - coordinates @ axes).norm().item(), "loss": problem.values(theta, "train")[0],
                    "test_loss": problem.values(theta, "test")[0], "plane_loss": problem.values(plane, "train")[0]}
        worst["coordinates"] = max(worst["coordinates"], abs(point["x"] - coordinates[0].item()), abs(point["y"] - coordinates[1].item()))
        for key, value in expected.items():
            worst[key] = max(worst[key], abs(point[key] - value))
    for key, difference in worst.items():
        check(f"trajectory: {key}", difference, 1e-8)


def compare_path(program, out, folder, problem):
    """The line to a second run and to its matched copy: losses, barriers, and that the copy computes the same at the distance named."""
    other = folder / "other"
    run(program, "train", "--data", "digits", "--model", "mlp:64-8-10", "--activation", "tanh", "--precision", "double", "--epochs", 3, "--seed", 1, *MACHINE, "--out", other)
    matched = folder / "matched.safetensors"
    p = run(program, "path", out, other, "--points", 7, "--match", "--save-matched", matched, "--precision", "double", "--samples", "all", *MACHINE)
    second, copy = checkpoints(other, problem)[-1], problem.flat(load_file(matched))
    x = problem.data["test"][0]
    check("path: the matched copy computes the same", (problem.logits(copy, x) - problem.logits(second, x)).abs().max().item(), 1e-12)
    check("path: its distance", abs((copy - problem.theta).norm().item() - p["match"]["distance_after"]), 1e-10)
    check("path: it is nearer", (copy - problem.theta).norm().item(), (second - problem.theta).norm().item())
    for line, end in zip(p["lines"], (second, copy), strict=True):
        for split, key in (("train", "barrier"), ("test", "test_barrier")):
            losses = [problem.values((1 - t) * problem.theta + t * end, split)[0] for t in line["t"]]
            check(f"path: {line['kind']} {split} losses", max(abs(a - b) for a, b in zip(losses, line[split]["loss"], strict=True)), 1e-12)
            barrier = max(z - (1 - t) * losses[0] - t * losses[-1] for z, t in zip(losses, line["t"], strict=True))
            check(f"path: {line['kind']} {split} barrier", abs(max(0.0, barrier) - line[key]), 1e-12)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="path of sharpscape")
    program = parser.parse_args().program
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    with tempfile.TemporaryDirectory(prefix="sharpscape-compare-") as temporary:
        folder = pathlib.Path(temporary)
        mlp, mlp_problem = compare_mlp(program, folder)
        compare_surface(program, "mlp surface", mlp, folder, mlp_problem, "double")
        compare_operators(program, "mlp operators", mlp, mlp_problem)
        compare_sharpness(program, "mlp sharpness", mlp, mlp_problem)
        compare_trajectory(program, mlp, mlp_problem)
        compare_path(program, mlp, folder, mlp_problem)
        cnn, cnn_problem = compare_cnn(program, folder)
        compare_surface(program, "cnn surface", cnn, folder, cnn_problem, "float")
    print("all passed" if failures == 0 else f"{failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
