# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds of one point of a 2-D loss surface: the program, loss-landscapes, the customary loop, and a tight one, on the same images."""
import time

import torch
from torch import nn
from torch.nn import functional

CUSTOMARY, TIGHT = 128, 125  # images a batch


def our_point(case, count, side):
    """From two surfaces, one of 3 x 3 and one of as many points more as the others evaluate: what is made before the first point cancels. The images are the run's test set, which is evaluated once."""
    taken = []
    for columns, rows in ((3, 3), (3 + 2 * ((side * side + 5) // 6), 3)):
        result = case.call("surface", case.run_on(count), "--split", "test", "--samples", "all", "--size", f"{columns}x{rows}", "--range", "-0.1:0.1")
        taken.append((result["seconds"], result["evaluations"]))
    return (taken[1][0] - taken[0][0]) / (taken[1][1] - taken[0][1])


def loss_landscapes_point(case, count, side):
    import loss_landscapes
    from loss_landscapes import metrics
    x, y = case.batch(count, torch.float32)
    net = case.network(torch.float32)
    started = time.perf_counter()
    loss_landscapes.random_plane(net, metrics.Loss(nn.CrossEntropyLoss(), x, y), distance=10, steps=side, normalization="filter")
    return (time.perf_counter() - started) / side ** 2


def directions(parameters):
    return [[torch.randn_like(p) * p.norm() / p[0].numel() ** 0.5 / 100 for p in parameters] for _ in range(2)]


def customary_point(case, count, side):
    """Parameters written tensor by tensor, batches of 128, loss and right answers read after each."""
    x, y = case.batch(count, torch.float32)
    net = case.network(torch.float32)
    parameters = list(net.parameters())
    first = [p.detach().clone() for p in parameters]
    along = directions(first)
    started = time.perf_counter()
    with torch.no_grad():
        for i in range(side * side):
            for p, p0, d1, d2 in zip(parameters, first, *along):
                p.copy_(p0 + 0.1 * (i % side) * d1 + 0.1 * (i // side) * d2)
            loss = right = 0.0
            for part, labels in zip(x.split(CUSTOMARY), y.split(CUSTOMARY)):
                outputs = net(part)
                loss += functional.cross_entropy(outputs, labels).item() * len(labels)
                right += (outputs.argmax(1) == labels).sum().item()
    return (time.perf_counter() - started) / side ** 2


def tight_point(case, count, side):
    """Channels last, chunks of 125, inference mode, one read a point; accuracy too."""
    x, y = case.batch(count, torch.float32)
    x = x.contiguous(memory_format=torch.channels_last)
    net = case.network(torch.float32).to(memory_format=torch.channels_last)
    parameters = list(net.parameters())
    first = [p.detach().clone() for p in parameters]
    along = directions(first)
    started = time.perf_counter()
    with torch.inference_mode():
        for i in range(side * side):
            for p, p0, d1, d2 in zip(parameters, first, *along):
                torch.add(p0, d1, alpha=0.1 * (i % side), out=p).add_(d2, alpha=0.1 * (i // side))
            sums = torch.zeros(2, dtype=torch.float64)
            for part, labels in zip(x.split(TIGHT), y.split(TIGHT)):
                outputs = net(part)
                sums += torch.stack([functional.cross_entropy(outputs, labels, reduction="sum"), (outputs.argmax(1) == labels).sum()])
            sums.tolist()
    return (time.perf_counter() - started) / side ** 2


POINTS = {"Sharpscape": our_point, "loss-landscapes": loss_landscapes_point, "customary loop": customary_point, "tight loop, channels last": tight_point}
