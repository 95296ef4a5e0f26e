# SPDX-License-Identifier: GPL-3.0-or-later
"""The program and Python's curvature tools behind one face: what each says of a case, how many Hessian products it took, and its product alone."""
import collections
import pathlib
import sys
import tempfile
import time

import numpy
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from peer_cases import CHUNK

TIGHT = 1e-8
PROBES = 99

Answer = collections.namedtuple("Answer", "top vector bottom products seconds trace error trace_products", defaults=(None, None, None))


def precision_of(dtype):
    return "double" if dtype == torch.float64 else "float"


def our_spectrum(case, count, dtype, *words):
    """`spectrum` on the first `count` images: its json and lambda_max's vector."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "vectors.safetensors"
        result = case.call("spectrum", case.run_on(count), "--samples", "all", "--precision", precision_of(dtype), *words, "--save-vectors", file)
        stored = load_file(file)
    return result, torch.cat([stored[f"top1/{name}"].reshape(-1) for name, _ in case.network(dtype).named_parameters()])


def ours(case, dtype, arguments):
    result, vector = our_spectrum(case, case.samples, dtype, "--top", "1", "--bottom", "1")
    trace = {}
    if arguments.trace:
        trace = case.call("spectrum", case.run_on(case.samples), "--samples", "all", "--precision", precision_of(dtype), "--top", "0", "--bottom", "0", "--trace", arguments.trace)["trace"]
    return Answer(result["top"][0]["value"], vector, result["bottom"][0]["value"], result["products"] + result["residual_products"], result["seconds"], trace.get("value"),
                  trace.get("standard_error"), trace.get("products"))


class PyHessian:
    """On one batch, whose first-order graph it keeps, or over a loader. Counts its products."""

    def __init__(self, net, batch, loader):
        import pyhessian
        self.module = sys.modules["pyhessian.hessian"]
        x, y = batch
        data = {"dataloader": list(zip(x.split(CHUNK), y.split(CHUNK)))} if loader else {"data": (x, y)}
        self.tool = pyhessian.hessian(net, nn.CrossEntropyLoss(), cuda=False, **data)
        self.count = 0
        plain = self.tool.dataloader_hv_product

        def over_the_loader(v):
            self.count += 1
            return plain(v)

        self.tool.dataloader_hv_product = over_the_loader

    def counted(self, action):
        plain = self.module.hessian_vector_product

        def one(*words):
            self.count += 1
            return plain(*words)

        self.module.hessian_vector_product = one
        try:
            return action()
        finally:
            self.module.hessian_vector_product = plain

    def lambda_max(self, **words):
        torch.manual_seed(0)
        values, vectors = self.counted(lambda: self.tool.eigenvalues(**words))
        return values[0], torch.cat([v.reshape(-1) for v in vectors[0]]).detach()

    def product(self, v):
        parts = [part.view_as(p) for part, p in zip(v.split([p.numel() for p in self.tool.params]), self.tool.params)]
        return self.tool.dataloader_hv_product(parts)[1] if self.tool.full_dataset else self.module.hessian_vector_product(self.tool.gradsH, self.tool.params, parts)


def pyhessian(case, dtype, _):
    started = time.perf_counter()
    tool = PyHessian(case.network(dtype), case.batch(case.samples, dtype), loader=False)
    value, vector = tool.lambda_max(**({"maxIter": 1000, "tol": TIGHT} if dtype == torch.float64 else {}))
    seconds, products = time.perf_counter() - started, tool.count
    samples = tool.counted(lambda: tool.tool.trace(maxIter=PROBES, tol=0 if dtype == torch.float64 else 1e-3))
    return Answer(value, vector, None, products, seconds, float(numpy.mean(samples)), None, tool.count - products)


def eigenthings_operator(net, batches):
    """hessian-eigenthings' Hessian of a list of batches, with a count of its products."""
    import hessian_eigenthings as package

    class Counted(package.HessianOperator):
        count = 0

        def matvec(self, v):
            self.count += 1
            return super().matvec(v)

    return package, Counted(net, batches, package.supervised_loss(functional.cross_entropy))


def hessian_eigenthings(case, dtype, _):
    started = time.perf_counter()
    package, operator = eigenthings_operator(case.network(dtype), [case.batch(case.samples, dtype)])
    words = {"k": 1, "max_iter": 100, "reorthogonalize": True, "tol": TIGHT} if dtype == torch.float64 else {"k": 10}
    top, bottom = (package.lanczos(operator, which=which, seed=0, **words) for which in ("LA", "SA"))
    seconds, products = time.perf_counter() - started, operator.count
    trace = package.trace(operator, num_matvecs=PROBES, seed=0)
    return Answer(top.eigenvalues[0].item(), top.eigenvectors[0].detach(), bottom.eigenvalues[0].item(), products, seconds, trace.estimate, trace.stderr, operator.count - products)


def curvlinops_operator(net, batches):
    """curvlinops' Hessian of a list of batches, with a count of its products."""
    import curvlinops as package

    class Counted(package.HessianLinearOperator):
        count = 0

        def _matmat(self, M):
            type(self).count += M[0].shape[-1]
            return super()._matmat(M)

    return package, Counted(net, nn.CrossEntropyLoss(), list(net.parameters()), batches)


def curvlinops_top(operator, dtype, tolerance, which="LA"):
    from scipy.sparse.linalg import eigsh
    values, vectors = eigsh(operator.to_scipy(dtype=numpy.float64 if dtype == torch.float64 else numpy.float32), k=1, which=which, tol=tolerance)
    return float(values[0]), torch.tensor(vectors[:, 0])


def curvlinops(case, dtype, _):
    started = time.perf_counter()
    package, operator = curvlinops_operator(case.network(dtype), [case.batch(case.samples, dtype)])
    tolerance = TIGHT if dtype == torch.float64 else 1e-3
    top, vector = curvlinops_top(operator, dtype, tolerance)
    bottom, _ = curvlinops_top(operator, dtype, tolerance, "SA")
    seconds, products = time.perf_counter() - started, type(operator).count
    trace = float(package.xtrace(operator, PROBES - 1))
    return Answer(top, vector, bottom, products, seconds, trace, None, type(operator).count - products)


ENDS = {"Sharpscape": ours, "PyHessian": pyhessian, "hessian-eigenthings": hessian_eigenthings, "curvlinops": curvlinops}
