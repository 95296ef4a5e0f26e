#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Curvature of one checkpoint by PyHessian, hessian-eigenthings and curvlinops beside `sharpscape spectrum`: same weights, samples, threads.

Prints a Markdown table: lambda_max, its true residual ||Hq - lambda q|| / |lambda| (from a product in double made here, by no tool), lambda_min, Hessian products
and seconds of both (median of the rounds), trace. In float each tool at its defaults (lanczos of hessian-eigenthings has none for k: 10; scipy's eigsh, that curvlinops
is used with: 1e-3), in double asked for 1e-8. A tool that is absent or fails is a row that says so.
  pip install torch numpy safetensors pyhessian hessian-eigenthings curvlinops-for-pytorch
  compare_peers.py --program build/release/sharpscape-headless [--data MNIST_DIR] [--cases mlp,cnn,lenet] [--precisions float,double] [--rounds 3] [--threads 2]
"""
import argparse
import collections
import gzip
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIGHT = 1e-8
PROBES = 99
CASES = {"mlp": ["--model", "mlp:64-32-10", "--epochs", "10"], "cnn": ["--model", "cnn", "--data-limit", "512", "--epochs", "10"], "lenet": ["--model", "lenet", "--data-limit", "512", "--epochs", "10"]}


def network(model):
    if model == "mlp":
        layers = [("flatten", nn.Flatten()), ("fc1", nn.Linear(64, 32)), ("relu", nn.ReLU()), ("fc2", nn.Linear(32, 10))]
    elif model == "cnn":
        layers = [("conv1", nn.Conv2d(1, 16, 3, padding=1)), ("relu1", nn.ReLU()), ("conv2", nn.Conv2d(16, 32, 3, padding=1)), ("relu2", nn.ReLU()),
                  ("pool", nn.MaxPool2d(2)), ("flatten", nn.Flatten()), ("fc", nn.Linear(512, 10))]
    else:
        layers = [("conv1", nn.Conv2d(1, 6, 5, padding=2)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)), ("conv2", nn.Conv2d(6, 16, 5)), ("relu2", nn.ReLU()),
                  ("pool2", nn.MaxPool2d(2)), ("flatten", nn.Flatten()), ("fc1", nn.Linear(400, 120)), ("relu3", nn.ReLU()), ("fc2", nn.Linear(120, 84)),
                  ("relu4", nn.ReLU()), ("fc3", nn.Linear(84, 10))]
    return nn.Sequential(collections.OrderedDict(layers))


def digits(count=None):
    """The training part, or the first `count` of it: all but the 5th, 10th, ... image of each class in file order."""
    with gzip.open(ROOT / "resources/data/digits.csv.gz", "rt") as file:
        rows = numpy.loadtxt(file, delimiter=",", dtype=numpy.int64)
    seen, kept = collections.Counter(), []
    for i, label in enumerate(rows[:, 64]):
        seen[label] += 1
        if seen[label] % 5:
            kept.append(i)
    kept = kept[:count]
    return rows[kept, :64].reshape(-1, 1, 8, 8), rows[kept, 64]


def mnist(folder, count):
    def read(name, header):
        path = pathlib.Path(folder) / name
        raw = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(name + ".gz").read_bytes())
        return numpy.frombuffer(raw, dtype=numpy.uint8, offset=header).astype(numpy.int64)

    return read("train-images-idx3-ubyte", 16)[:count * 784].reshape(-1, 1, 28, 28), read("train-labels-idx1-ubyte", 8)[:count]


class Case:
    """One trained run: its last checkpoint, its training samples as that run normalised them."""

    def __init__(self, model, arguments, folder):
        self.model, self.run = model, pathlib.Path(folder) / model
        data = f"idx:{arguments.data}" if model == "lenet" else "digits"
        command = [arguments.program, "train", "--data", data, *CASES[model], "--threads", str(arguments.threads), "--device", "cpu", "--quiet", "--out", self.run]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        images, labels = mnist(arguments.data, 512) if model == "lenet" else digits(512 if model == "cnn" else None)
        normalisation = json.loads((self.run / "spec.json").read_text())["normalisation"]
        self.x = (torch.tensor(images).double() / normalisation["scale"] - normalisation["mean"][0]) / normalisation["std"][0]
        self.y = torch.tensor(labels)
        self.weights = load_file(sorted(p for p in (self.run / "checkpoints").glob("step_*.safetensors") if "optimizer" not in p.name)[-1])
        self.reference = self.network(torch.float64)
        self.parameters = list(self.reference.parameters())
        self.gradient = torch.autograd.grad(functional.cross_entropy(self.reference(self.x), self.y), self.parameters, create_graph=True)
        self.size = sum(p.numel() for p in self.parameters)

    def network(self, dtype):
        net = network(self.model)
        net.load_state_dict(self.weights)
        return net.to(dtype).eval()

    def product(self, q):
        """H q in double by double backward: the reference."""
        parts = [v.view_as(p) for v, p in zip(q.double().split([p.numel() for p in self.parameters]), self.parameters)]
        return torch.cat([h.reshape(-1) for h in torch.autograd.grad(self.gradient, self.parameters, parts, retain_graph=True)])

    def residual(self, value, q):
        q = q.double() / q.double().norm()
        return ((self.product(q) - value * q).norm() / abs(value)).item()

    def dense(self):
        """lambda_max, lambda_min and trace of the dense matrix; None where that would take more than 3,000 products."""
        if self.size > 3000:
            return None
        matrix = torch.stack([self.product(row) for row in torch.eye(self.size, dtype=torch.float64)])
        values = torch.linalg.eigvalsh((matrix + matrix.T) / 2)
        return values[-1].item(), values[0].item(), matrix.trace().item()


Answer = collections.namedtuple("Answer", "top vector bottom products seconds trace error trace_products", defaults=(None, None, None))


def ours(case, dtype, arguments):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "vectors.safetensors"
        command = [arguments.program, "spectrum", case.run, "--samples", "all", "--precision", "double" if dtype == torch.float64 else "float",
                   "--threads", str(arguments.threads), "--device", "cpu", "--json", "--quiet"]
        result = json.loads(subprocess.run([*command, "--top", "1", "--bottom", "1", "--save-vectors", file], check=True, capture_output=True).stdout)
        stored = load_file(file)
    trace = {}
    if arguments.trace:
        trace = json.loads(subprocess.run([*command, "--top", "0", "--bottom", "0", "--trace", arguments.trace], check=True, capture_output=True).stdout)["trace"]
    vector = torch.cat([stored[f"top1/{name}"].reshape(-1) for name, _ in case.reference.named_parameters()])
    products = result["products"] + result["residual_products"]
    return Answer(result["top"][0]["value"], vector, result["bottom"][0]["value"], products, result["seconds"], trace.get("value"), trace.get("standard_error"), trace.get("products"))


def pyhessian(case, dtype, _):
    import pyhessian as package
    module = sys.modules["pyhessian.hessian"]
    plain, count = module.hessian_vector_product, [0]

    def counted(*words):
        count[0] += 1
        return plain(*words)

    module.hessian_vector_product = counted
    try:
        started = time.perf_counter()
        tool = package.hessian(case.network(dtype), nn.CrossEntropyLoss(), data=(case.x.to(dtype), case.y), cuda=False)
        values, vectors = tool.eigenvalues(maxIter=1000, tol=TIGHT) if dtype == torch.float64 else tool.eigenvalues()
        seconds, products = time.perf_counter() - started, count[0]
        samples = tool.trace(maxIter=PROBES, tol=0 if dtype == torch.float64 else 1e-3)
    finally:
        module.hessian_vector_product = plain
    return Answer(values[0], torch.cat([v.reshape(-1) for v in vectors[0]]).detach(), None, products, seconds, float(numpy.mean(samples)), None, count[0] - products)


def hessian_eigenthings(case, dtype, _):
    import hessian_eigenthings as package
    count = [0]

    class Counted(package.HessianOperator):
        def matvec(self, v):
            count[0] += 1
            return super().matvec(v)

    started = time.perf_counter()
    operator = Counted(case.network(dtype), [(case.x.to(dtype), case.y)], package.supervised_loss(functional.cross_entropy))
    words = {"k": 1, "max_iter": 100, "reorthogonalize": True, "tol": TIGHT} if dtype == torch.float64 else {"k": 10}
    top, bottom = (package.lanczos(operator, which=which, seed=0, **words) for which in ("LA", "SA"))
    seconds, products = time.perf_counter() - started, count[0]
    trace = package.trace(operator, num_matvecs=PROBES, seed=0)
    return Answer(top.eigenvalues[0].item(), top.eigenvectors[0].detach(), bottom.eigenvalues[0].item(), products, seconds, trace.estimate, trace.stderr, count[0] - products)


def curvlinops(case, dtype, _):
    import curvlinops as package
    from scipy.sparse.linalg import eigsh
    count = [0]

    class Counted(package.HessianLinearOperator):
        def _matmat(self, M):
            count[0] += M[0].shape[-1]
            return super()._matmat(M)

    started = time.perf_counter()
    net = case.network(dtype)
    operator = Counted(net, nn.CrossEntropyLoss(), [p for p in net.parameters()], [(case.x.to(dtype), case.y)])
    tolerance = TIGHT if dtype == torch.float64 else 1e-3
    scipy = operator.to_scipy(dtype=numpy.float64 if dtype == torch.float64 else numpy.float32)
    top, vectors = eigsh(scipy, k=1, which="LA", tol=tolerance)
    bottom, _ = eigsh(scipy, k=1, which="SA", tol=tolerance)
    seconds, products = time.perf_counter() - started, count[0]
    trace = float(package.xtrace(operator, PROBES - 1))
    return Answer(float(top[0]), torch.tensor(vectors[:, 0]), float(bottom[0]), products, seconds, trace, None, count[0] - products)


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def number(value, error=None):
    return "none" if value is None else f"{value:.5g}" + (f" (se {error:.2g})" if error is not None else "")


def measure(case, arguments):
    row([f"**{case.model}**, {case.size:,} parameters, {len(case.y):,} samples", *[""] * 8])
    dense = case.dense()
    if dense:
        row(["dense matrix", "double", f"{dense[0]:.9g}", "", number(dense[1]), f"{case.size}", "", number(dense[2]), ""])
    tools = {"Sharpscape": ours, "PyHessian": pyhessian, "hessian-eigenthings": hessian_eigenthings, "curvlinops": curvlinops}
    cells = [(name, dtype) for dtype in (torch.float32, torch.float64) if dtype in arguments.precisions for name in tools]
    answers, failures = collections.defaultdict(list), {}
    for _ in range(arguments.rounds):
        for name, dtype in cells:
            print(f"{case.model}, {name}, {dtype}", file=sys.stderr, flush=True)
            torch.manual_seed(0)
            numpy.random.seed(0)
            try:
                answers[name, dtype].append(tools[name](case, dtype, arguments))
            except Exception as error:  # whatever a tool throws is its row
                failures[name, dtype] = f"{type(error).__name__}: {str(error).splitlines()[0][:90] if str(error) else ''}"
    for name, dtype in cells:
        precision = "double" if dtype == torch.float64 else "float"
        if (name, dtype) in failures:
            row([name, precision, f"failed: {failures[name, dtype]}", *[""] * 6])
            continue
        all_rounds, unit = answers[name, dtype], statistics.median(a.seconds for a in answers["Sharpscape", dtype])
        a, seconds = all_rounds[0], statistics.median(a.seconds for a in all_rounds)
        row([name, precision, f"{a.top:.9g}", f"{case.residual(a.top, a.vector):.1e}", number(a.bottom), str(a.products), f"{seconds:.2f} ({seconds / unit:.2f})",
             number(a.trace, a.error), str(a.trace_products or "")])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--data", help="folder with MNIST's idx files, for lenet")
    parser.add_argument("--cases", default="mlp,cnn,lenet")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precisions", default="float,double", type=lambda words: {{"float": torch.float32, "double": torch.float64}[word] for word in words.split(",")})
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--trace", help="method of `spectrum --trace`, for our trace (in a call of its own)")
    arguments = parser.parse_args()
    arguments.program = arguments.program.resolve()
    torch.set_num_threads(arguments.threads)
    row(["tool", "precision", "lambda_max", "true residual", "lambda_min", "products", "seconds (/ ours)", "trace", "its products"])
    row(["---"] * 9)
    with tempfile.TemporaryDirectory(prefix="sharpscape-peers-") as folder:
        for model in arguments.cases.split(","):
            if model == "lenet" and not arguments.data:
                print("lenet needs --data MNIST_DIR", file=sys.stderr)
                continue
            measure(Case(model, arguments, folder), arguments)


if __name__ == "__main__":
    main()
