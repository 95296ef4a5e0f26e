#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""PyHessian, hessian-eigenthings, curvlinops and loss-landscapes beside the program: same checkpoint, images and threads, in turn. Prints Markdown tables.

  ends       lambda_max, lambda_min and trace. In float each tool at its defaults (lanczos of hessian-eigenthings has none for k: 10; scipy's eigsh, that curvlinops is used
             with: 1e-3), in double asked for 1e-8.
  products   seconds of one Hessian product in float, and in PyTorch's gradients of the same network and images (contiguous, as the tools run it). Ours: what 15 more products of
             `spectrum` take, vector work included.
  lambda     seconds of lambda_max alone, in float: ours asked for a residual of 1e-3; the tools at their defaults and, where that does not reach a true residual of 1e-3, at the first
             of --tolerances (hessian-eigenthings: of 10, 20, 40, 80 steps for one pair) that does. Of resnet20 also over a loader of --loader batches of 128.
  grid       seconds of a point of a surface over 1,000 images (cnn: 1,442): ours, loss-landscapes, the customary loop (batches of 128, contiguous), a tight one (channels last, 125).

The true residual ||Hq - lambda q|| / |lambda| is from products in double made here, by no tool. A tool that is absent or fails is a row that says so.
  pip install torch numpy scipy safetensors pyhessian hessian-eigenthings curvlinops-for-pytorch loss-landscapes
  compare_peers.py --program build/release/sharpscape-headless [--data MNIST_DIR] [--cifar10 DIR] [--cases mlp,cnn,lenet,resnet20] [--tables ends,products,lambda,grid]
"""
import argparse
import pathlib
import statistics
import sys
import tempfile
import time

import numpy
import torch
from torch.nn import functional

import peer_tools as tools
from peer_cases import CHUNK, Case, Reference
from peer_grid import POINTS

WANTED = 1e-3
STEPS = (10, 20, 40, 80)  # of hessian-eigenthings, which always takes all of them; its default is 20 for 10 pairs


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def head(*cells):
    print()
    row(cells)
    row(["---"] * len(cells))


def number(value, error=None):
    return "none" if value is None else f"{value:.5g}" + (f" (se {error:.2g})" if error is not None else "")


def failure(error):
    return f"failed: {type(error).__name__}: {str(error).splitlines()[0][:90] if str(error) else ''}"


def note(text):
    print(text, file=sys.stderr, flush=True)


def seeded(action):
    torch.manual_seed(0)
    numpy.random.seed(0)
    return action()


def in_turn(actions, rounds):
    """name -> its answers, or the sentence of its failure; one of each a round."""
    answers = {name: [] for name in actions}
    for i in range(rounds):
        for name, action in actions.items():
            if isinstance(answers[name], str):
                continue
            note(f"round {i + 1} of {rounds}: {name}")
            try:
                answers[name].append(seeded(action))
            except Exception as error:  # whatever a tool throws is its row
                answers[name] = failure(error)
    return answers


def title(case, count, columns):
    row([f"**{case.model}**, {case.parameters:,} parameters, {count:,} images", *[""] * (columns - 1)])


def ends(case, arguments):
    head("tool", "precision", "lambda_max", "true residual", "lambda_min", "products", "seconds (/ ours)", "trace", "its products")
    title(case, case.samples, 9)
    reference = Reference(case, case.samples)
    dense = reference.dense()
    if dense:
        row(["dense matrix", "double", f"{dense[0]:.9g}", "", number(dense[1]), f"{case.parameters}", "", number(dense[2]), ""])
    for dtype in arguments.precisions:
        answers = in_turn({name: lambda tool=tool: tool(case, dtype, arguments) for name, tool in tools.ENDS.items()}, arguments.rounds)
        unit = statistics.median(a.seconds for a in answers["Sharpscape"])
        for name, all_rounds in answers.items():
            if isinstance(all_rounds, str):
                row([name, tools.precision_of(dtype), all_rounds, *[""] * 6])
                continue
            a, seconds = all_rounds[0], statistics.median(a.seconds for a in all_rounds)
            row([name, tools.precision_of(dtype), f"{a.top:.9g}", f"{reference.residual(a.top, a.vector):.1e}", number(a.bottom), str(a.products), f"{seconds:.2f} ({seconds / unit:.2f})",
                 number(a.trace, a.error), str(a.trace_products or "")])


def timed(action):
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def our_product_seconds(case, count):
    """From two runs of Lanczos that do not converge, 5 and 20 products long: graphs, checks and reading cancel."""
    taken = []
    for most in (5, 20):
        result, _ = tools.our_spectrum(case, count, torch.float32, "--top", 1, "--bottom", 0, "--residual", 1e-12, "--max-products", most)
        taken.append((result["seconds"], result["products"] + result["residual_products"]))
    return (taken[1][0] - taken[0][0]) / (taken[1][1] - taken[0][1])


def products(case, arguments):
    head("product of", "images", "seconds", "PyTorch's gradients", "low ... high")
    title(case, case.samples, 5)
    count, several = case.samples, arguments.loader * CHUNK
    net = case.network(torch.float32)
    batch, loader = case.batch(count, torch.float32), case.batch(several, torch.float32)
    v = torch.randn(case.parameters, generator=torch.Generator().manual_seed(0))
    v /= v.norm()

    def gradient():
        net.zero_grad()
        functional.cross_entropy(net(batch[0]), batch[1]).backward()

    made = {}
    makers = {"PyHessian, one kept batch": lambda: tools.PyHessian(case.network(torch.float32), batch, loader=False).product,
              "hessian-eigenthings": lambda: tools.eigenthings_operator(case.network(torch.float32), [batch])[1].matvec,
              "curvlinops": lambda: tools.curvlinops_operator(case.network(torch.float32), [batch])[1].__matmul__}
    over_loader = "PyHessian, a loader"
    if case.model == "resnet20":
        makers[over_loader] = lambda: tools.PyHessian(case.network(torch.float32), loader, loader=True).product
    for name, maker in makers.items():
        try:
            made[name] = maker()
            made[name](v)  # to warm up
        except Exception as error:
            made.pop(name, None)
            row([name, str(count), failure(error), "", ""])
    gradient()
    actions = {"gradient": lambda: timed(gradient), **{name: lambda p=p: timed(lambda: p(v)) for name, p in made.items()}, "Sharpscape": lambda: our_product_seconds(case, count)}
    answers = in_turn(actions, arguments.rounds)
    unit = answers.pop("gradient")
    row(["PyTorch's gradient", str(count), f"{statistics.median(unit):.4f}", "1", ""])
    for name, seconds in answers.items():
        if isinstance(seconds, str):
            row([name, str(count), seconds, "", ""])
            continue
        images = several if name == over_loader else count
        ratios = [s * count / (images * u) for s, u in zip(seconds, unit)]
        row([name, str(images), f"{statistics.median(seconds):.4f}", f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f} ... {max(ratios):.2f}"])


def lambda_of(case, count, over_loader, name, setting):
    """One tool's lambda_max from nothing: seconds, products, value, vector. The setting is its tolerance, or steps; None: its default."""
    if name == "Sharpscape":
        result, vector = tools.our_spectrum(case, count, torch.float32, "--top", 1, "--bottom", 0, "--residual", WANTED)
        return result["seconds"], result["products"] + result["residual_products"], result["top"][0]["value"], vector
    started = time.perf_counter()
    net, batch = case.network(torch.float32), case.batch(count, torch.float32)
    if name == "PyHessian":
        tool = tools.PyHessian(net, batch, over_loader)
        value, vector = tool.lambda_max(**({} if setting is None else {"maxIter": 1000, "tol": setting}))
        return time.perf_counter() - started, tool.count, value, vector
    batches = list(zip(batch[0].split(CHUNK), batch[1].split(CHUNK))) if over_loader else [batch]
    if name == "hessian-eigenthings":
        package, operator = tools.eigenthings_operator(net, batches)
        found = package.lanczos(operator, which="LA", seed=0, **({"k": 10} if setting is None else {"k": 1, "max_iter": setting, "reorthogonalize": True}))
        return time.perf_counter() - started, operator.count, found.eigenvalues[0].item(), found.eigenvectors[0].detach()
    _, operator = tools.curvlinops_operator(net, batches)
    value, vector = tools.curvlinops_top(operator, torch.float32, 1e-3 if setting is None else setting)
    return time.perf_counter() - started, type(operator).count, value, vector


def lambda_max(case, arguments):
    head("lambda_max by", "asked for", "value", "true residual", "products", "seconds (/ ours)", "low ... high")
    for over_loader in ([False, True] if case.model == "resnet20" else [False]):
        count = arguments.loader * CHUNK if over_loader else case.samples
        title(case, count, 7)
        reference = Reference(case, count)
        # The way of each tool is the same every time: which setting reaches the residual is found once, then timed.
        plans = {("Sharpscape", None): 0.0}
        for name in ("PyHessian", "hessian-eigenthings", "curvlinops"):
            for setting in (None, *(STEPS if name == "hessian-eigenthings" else arguments.tolerances)):
                try:
                    _, _, value, vector = seeded(lambda: lambda_of(case, count, over_loader, name, setting))
                    plans[name, setting] = reference.residual(value, vector)
                    note(f"{name} at {setting}: true residual {plans[name, setting]:.1e}")
                    if plans[name, setting] <= WANTED and (setting or name != "hessian-eigenthings"):
                        break
                except Exception as error:
                    row([name, "", failure(error), *[""] * 4])
                    break
        kept = {plan: residual for plan, residual in plans.items() if plan[1] is None or residual <= WANTED}
        answers = in_turn({plan: lambda plan=plan: lambda_of(case, count, over_loader, *plan) for plan in kept}, arguments.rounds)
        unit = answers["Sharpscape", None]
        for (name, setting), all_rounds in answers.items():
            if isinstance(all_rounds, str):
                row([name, "", all_rounds, *[""] * 4])
                continue
            _, taken, value, vector = all_rounds[0]
            ratios = [a[0] / u[0] for a, u in zip(all_rounds, unit)]
            asked = f"residual {WANTED:g}" if name == "Sharpscape" else "default" if setting is None else f"{setting} steps" if setting >= 1 else f"{setting:g}"
            row([name, asked, f"{value:.7g}", f"{reference.residual(value, vector):.1e}", str(taken),
                 f"{statistics.median(a[0] for a in all_rounds):.2f} ({statistics.median(ratios):.2f})", f"{min(ratios):.2f} ... {max(ratios):.2f}"])


def grid(case, arguments):
    count = min(len(case.labels), arguments.images or len(case.labels))
    head("a point of a surface by", "seconds", "/ ours", "low ... high")
    title(case, count, 4)
    answers = in_turn({name: lambda point=point: point(case, count, arguments.side) for name, point in POINTS.items()}, arguments.rounds)
    for name, seconds in answers.items():
        if isinstance(seconds, str):
            row([name, seconds, "", ""])
            continue
        ratios = [s / u for s, u in zip(seconds, answers["Sharpscape"])]
        row([name, f"{statistics.median(seconds):.4f}", f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f} ... {max(ratios):.2f}"])


TABLES = {"ends": ends, "products": products, "lambda": lambda_max, "grid": grid}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--data", help="folder with MNIST's idx files, for lenet")
    parser.add_argument("--cifar10", help="folder with CIFAR-10's binary batches, for resnet20")
    parser.add_argument("--cases", default="mlp,cnn,lenet,resnet20")
    parser.add_argument("--tables", default="ends,products,lambda,grid")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precisions", default="float,double", type=lambda words: [{"float": torch.float32, "double": torch.float64}[word] for word in words.split(",")])
    parser.add_argument("--tolerances", default="1e-4,1e-5,1e-6,1e-7,1e-8", type=lambda words: [float(word) for word in words.split(",")])
    parser.add_argument("--loader", type=int, default=4, help="batches of 128 of the loader")
    parser.add_argument("--samples", type=int, help="images of curvature (mlp 1442, cnn and lenet 512, resnet20 128)")
    parser.add_argument("--images", type=int, help="images of a point of a surface, at most (cnn and mlp 1442, the others 1000)")
    parser.add_argument("--side", type=int, default=5, help="points a side of a surface, odd")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--trace", help="method of `spectrum --trace`, for our trace (in a call of its own)")
    arguments = parser.parse_args()
    arguments.program = arguments.program.resolve()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory(prefix="sharpscape-peers-") as folder:
        for model in arguments.cases.split(","):
            if (model == "lenet" and not arguments.data) or (model == "resnet20" and not arguments.cifar10):
                note(f"{model} needs {'--data MNIST_DIR' if model == 'lenet' else '--cifar10 DIR'}")
                continue
            case = Case(model, arguments, folder)
            for name in arguments.tables.split(","):
                TABLES[name](case, arguments)


if __name__ == "__main__":
    main()
