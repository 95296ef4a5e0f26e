# SPDX-License-Identifier: GPL-3.0-or-later
"""What an outsider needs to read a run: the program's random numbers, its data, its tables, and checks that count their failures."""
import csv
import gzip
import json
import pathlib
import subprocess
import sys

import numpy
import torch

DIGITS = pathlib.Path(__file__).resolve().parents[2] / "resources" / "data" / "digits.csv.gz"
MACHINE = ["--device", "cpu", "--threads", 1, "--json"]
MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15
failures = 0


def check(name, difference, tolerance):
    global failures
    passed = bool(difference <= tolerance)  # False for NaN
    failures += not passed
    print(f"{'passed' if passed else 'FAILED'}  {name}: {difference:.2e} (at most {tolerance:.0e})", flush=True)


def conclude():
    """The last line, and the exit code."""
    print("all passed" if failures == 0 else f"{failures} failed")
    return 1 if failures else 0


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def read_csv(path):
    with open(path, newline="") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


# Random numbers: SplitMix64, a stream a name.

def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def derive_seed(seed, name):
    """FNV-1a of the name folded into the seed."""
    h = 0xCBF29CE484222325
    for c in name.encode():
        h = ((h ^ c) * 0x100000001B3) & MASK
    return mix(mix((seed + GAMMA) & MASK) ^ h)


def word(seed, i):
    """What the stream gives the (i + 1)-th time."""
    return mix((seed + (i + 1) * GAMMA) & MASK)


def uniforms(seed, count):
    """The first numbers of the stream in [0, 1), 53 bits each."""
    z = numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(GAMMA) + numpy.uint64(seed)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> numpy.uint64(31))) >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-53


def normals(seed, count):
    """Box-Muller, the cosine alone: two uniforms a number."""
    u = uniforms(seed, 2 * count)
    return numpy.sqrt(-2.0 * numpy.log(1.0 - u[0::2])) * numpy.cos(2.0 * numpy.pi * u[1::2])


def permutation(count, seed):
    """Fisher-Yates from the top, without bias by rejection."""
    order, drawn = list(range(count)), 0
    for i in range(count - 1, 0, -1):
        bound = i + 1
        while True:
            r = word(seed, drawn)
            drawn += 1
            if r >= (1 << 64) % bound:
                break
        order[i], order[r % bound] = order[r % bound], order[i]
    return order


def batches_of(count, size, seed, epoch):
    order = permutation(count, derive_seed(seed, f"order/{epoch}"))
    return [order[k:k + size] for k in range(0, count, size)]


# Data: raw values [N,C,H,W] and labels [N].

def read_digits():
    """The 5th, 10th, ... image of each class in file order is test, the rest train: rows of 64 pixels and the label."""
    with gzip.open(DIGITS, "rt") as file:
        rows = numpy.array([[int(value) for value in line.split(",")] for line in file])
    seen = [0] * 10
    test = numpy.zeros(len(rows), dtype=bool)
    for i, label in enumerate(rows[:, -1]):
        seen[label] += 1
        test[i] = seen[label] % 5 == 0
    return rows[~test], rows[test]


def read_cifar10(folder):
    """Records of a label and 3 x 32 x 32 pixels, turned into rows of the pixels and the label."""
    def rows(name):
        records = numpy.fromfile(pathlib.Path(folder) / name, dtype=numpy.uint8).reshape(-1, 3073)
        return numpy.roll(records, -1, axis=1).astype(int)
    return numpy.concatenate([rows(f"data_batch_{i}.bin") for i in range(1, 6)]), rows("test_batch.bin")


def load(spec):
    """(inputs, labels) of train and of test."""
    kind, _, folder = spec["data"].partition(":")
    train, test = read_digits() if kind == "digits" else read_cifar10(folder)
    shape = (-1, 1, 8, 8) if kind == "digits" else (-1, 3, 32, 32)
    train = train[:spec.get("data_limit") or len(train)]
    return [(torch.tensor(rows[:, :-1]).view(shape), torch.tensor(rows[:, -1])) for rows in (train, test)]


def normalised(inputs, spec):
    """(pixel / scale - mean) / std, a mean and a std per channel."""
    n = spec["normalisation"]
    dtype = torch.float64 if spec["precision"] == "double" else torch.float32
    mean, std = (torch.tensor(n[key], dtype=torch.float64).to(dtype).view(1, -1, 1, 1) for key in ("mean", "std"))
    return (inputs.to(dtype) / n["scale"] - mean) / std


def augmented(inputs, items, seed, epoch):
    """--augment standard: each image shifted within a border of 4 zeros by its own random word, and mirrored half of the time."""
    stream = derive_seed(seed, f"augment/{epoch}")
    height, width = inputs.shape[2:]
    padded = torch.nn.functional.pad(inputs, (4, 4, 4, 4))
    result = torch.empty_like(inputs)
    for k, item in enumerate(items):
        w = word(stream, item)
        dx, dy = 9 * (w & 0xFFFF) >> 16, 9 * (w >> 16 & 0xFFFF) >> 16
        crop = padded[k, :, dy:dy + height, dx:dx + width]
        result[k] = crop.flip(2) if w >> 32 & 1 else crop
    return result
