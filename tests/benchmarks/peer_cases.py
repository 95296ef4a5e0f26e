# SPDX-License-Identifier: GPL-3.0-or-later
"""Trained checkpoints with the images they are measured on, for the program and for Python's tools alike."""
import collections
import gzip
import json
import pathlib
import subprocess
import sys

import numpy
import torch
from safetensors.torch import load_file
from torch.nn import functional

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "trainer"))
from replay_networks import build  # noqa: E402

# How a case is trained, and on how many images its curvature is measured.
WORDS = {"mlp": ["--model", "mlp:64-32-10", "--epochs", "10"], "cnn": ["--model", "cnn", "--data-limit", "512", "--epochs", "10"],
         "lenet": ["--model", "lenet", "--data-limit", "1024", "--epochs", "5"], "resnet20": ["--model", "resnet20", "--data-limit", "2560", "--epochs", "2", "--augment", "none"]}
SAMPLES = {"mlp": 1442, "cnn": 512, "lenet": 512, "resnet20": 128}
CHUNK = 128


def digits():
    """The training part: all but the 5th, 10th, ... image of each class in file order."""
    with gzip.open(ROOT / "resources/data/digits.csv.gz", "rt") as file:
        rows = numpy.loadtxt(file, delimiter=",", dtype=numpy.int64)
    seen, kept = collections.Counter(), []
    for i, label in enumerate(rows[:, 64]):
        seen[label] += 1
        if seen[label] % 5:
            kept.append(i)
    return rows[kept, :64].reshape(-1, 1, 8, 8).astype(numpy.uint8), rows[kept, 64]


def mnist(folder, count):
    def read(name, header):
        path = pathlib.Path(folder) / name
        raw = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(name + ".gz").read_bytes())
        return numpy.frombuffer(raw, dtype=numpy.uint8, offset=header)

    return read("train-images-idx3-ubyte", 16)[:count * 784].reshape(-1, 1, 28, 28), read("train-labels-idx1-ubyte", 8)[:count].astype(numpy.int64)


def cifar10(folder, count):
    raw = numpy.frombuffer((pathlib.Path(folder) / "data_batch_1.bin").read_bytes(), dtype=numpy.uint8).reshape(-1, 3073)[:count]
    return raw[:, 1:].reshape(-1, 3, 32, 32), raw[:, 0].astype(numpy.int64)


class Case:
    """One trained run: its last checkpoint, and images as that run normalised them, the first ones of its training set."""

    def __init__(self, model, arguments, folder):
        self.model, self.arguments, self.folder = model, arguments, pathlib.Path(folder)
        run = self.folder / model
        data = {"lenet": f"idx:{arguments.data}", "resnet20": f"cifar10:{arguments.cifar10}"}.get(model, "digits")
        self.call("train", "--data", data, *WORDS[model], "--out", run)
        self.images, self.labels = mnist(arguments.data, 1000) if model == "lenet" else cifar10(arguments.cifar10, 1000) if model == "resnet20" else digits()
        self.spec = json.loads((run / "spec.json").read_text())
        normalisation = self.spec["normalisation"]
        self.scale, self.mean, self.deviation = normalisation["scale"], normalisation["mean"], normalisation["std"]
        self.file = sorted(p for p in (run / "checkpoints").glob("step_*.safetensors") if "optimizer" not in p.name)[-1]
        self.weights = load_file(self.file)
        self.samples = arguments.samples or SAMPLES[model]
        self.runs = {}
        self.parameters = sum(p.numel() for p in self.network(torch.float32).parameters())

    def call(self, *words):
        """The program's answer, as it says it with --json."""
        machine = ["--threads", str(self.arguments.threads), "--device", "cpu", "--quiet", "--json"]
        done = subprocess.run([self.arguments.program, *map(str, words), *machine], check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return json.loads(done.stdout)

    def run_on(self, count):
        """A run whose training and test set are the first `count` images, with this checkpoint."""
        if count not in self.runs:
            data, out = self.folder / f"{self.model}-{count}-images", self.folder / f"{self.model}-{count}"
            data.mkdir()
            # Bytes are divided by 255 where they come from a folder; the digits' scale is 16.
            factor = 255 / self.scale
            for part in ("train", "test"):
                numpy.save(data / f"x_{part}.npy", self.images[:count])
                numpy.save(data / f"y_{part}.npy", self.labels[:count])
            mean, deviation = (",".join(repr(v / factor) for v in values) for values in (self.mean, self.deviation))
            self.call("import", self.file, "--model", self.spec["model"], "--data", f"arrays:{data}", "--mean", mean, "--std", deviation, "--out", out)
            self.runs[count] = out
        return self.runs[count]

    def network(self, dtype):
        net = build({**self.spec, "precision": "double" if dtype == torch.float64 else "float"}, self.images.shape[1], 10)
        net.load_state_dict(self.weights)
        return net.to(dtype).eval()

    def batch(self, count, dtype):
        shape = (1, -1, 1, 1)
        x = (torch.tensor(self.images[:count]).double() / self.scale - torch.tensor(self.mean).double().view(shape)) / torch.tensor(self.deviation).double().view(shape)
        return x.to(dtype), torch.tensor(self.labels[:count])


class Reference:
    """Hessian products of the mean loss on the first `count` images in double, by double backward, chunk by chunk: no tool's."""

    def __init__(self, case, count):
        self.net = case.network(torch.float64)
        self.parameters = list(self.net.parameters())
        x, y = case.batch(count, torch.float64)
        self.chunks = [(part, labels, len(labels) / count) for part, labels in zip(x.split(CHUNK), y.split(CHUNK))]
        self.kept = [self.gradient(*chunk) for chunk in self.chunks] if case.parameters < 100_000 or count <= CHUNK else None

    def gradient(self, x, y, weight):
        return torch.autograd.grad(weight * functional.cross_entropy(self.net(x), y), self.parameters, create_graph=True)

    def product(self, q):
        parts = [v.view_as(p) for v, p in zip(q.double().split([p.numel() for p in self.parameters]), self.parameters)]
        total = torch.zeros(len(q), dtype=torch.float64)
        for g in self.kept or (self.gradient(*chunk) for chunk in self.chunks):
            total += torch.cat([h.reshape(-1) for h in torch.autograd.grad(g, self.parameters, parts, retain_graph=self.kept is not None)])
        return total

    def residual(self, value, q):
        """||Hq - lambda q|| / |lambda| of q made unit."""
        q = q.double() / q.double().norm()
        return ((self.product(q) - value * q).norm() / abs(value)).item()

    def dense(self):
        """lambda_max, lambda_min and trace of the dense matrix; None where that would take more than 3,000 products."""
        size = sum(p.numel() for p in self.parameters)
        if size > 3000:
            return None
        matrix = torch.stack([self.product(row) for row in torch.eye(size, dtype=torch.float64)])
        values = torch.linalg.eigvalsh((matrix + matrix.T) / 2)
        return values[-1].item(), values[0].item(), matrix.trace().item()
