#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small surfaces in tests/data/surfaces as other programs write them (their layouts, their order of numbers). Needs numpy and h5py.

Each holds f(x, y) = 1/4 + x^2 + 2 y^2 + x y / 8, which no exchange or reflection of the axes leaves as it is.
"""
import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "surfaces"


def f(x, y):
    return 0.25 + x * x + 2 * y * y + x * y / 8


def accuracy(x, y):
    return 1 / (1 + f(x, y))


def li(name, nx, ny, unfinished=(), eigenvalues=False, directions=""):
    """plot_surface.py: declared (nx, ny), numbered through meshgrid(x, y).ravel()."""
    x, y = np.linspace(-1, 1, nx), np.linspace(-0.5, 0.5, ny)
    with h5py.File(folder / name, "w") as h:
        h["dir_file"] = directions
        h["xcoordinates"], h["ycoordinates"] = x, y
        xs, ys = (mesh.ravel() for mesh in np.meshgrid(x, y))
        loss, acc = -np.ones((nx, ny)), -np.ones((nx, ny))
        for i in range(loss.size):
            if i not in unfinished:
                loss.ravel()[i], acc.ravel()[i] = f(xs[i], ys[i]), 100 * accuracy(xs[i], ys[i])
        h["train_loss"], h["train_acc"] = loss, acc
        if eigenvalues:
            h["min_eig"], h["max_eig"] = -loss, 128 * loss


def li_line(name):
    x = np.linspace(-1, 1, 9)
    with h5py.File(folder / name, "w") as h:
        h["dir_file"] = "resnet56_weights_xignore=biasbn_xnorm=filter.h5"
        h["xcoordinates"] = x
        h["train_loss"], h["train_acc"] = f(x, 0), 100 * accuracy(x, 0)
        h["test_loss"], h["test_acc"] = f(x, 0.5), 100 * accuracy(x, 0.5)


def li_directions(name):
    with h5py.File(folder / name, "w") as h:
        for axis in ("xdirection", "ydirection"):
            group = h.create_group(axis)
            group["0"], group["1"] = np.ones((2, 3)), np.zeros(2)


def losscape(name):
    X, Y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-0.5, 0.5, 5))
    with h5py.File(folder / name, "w") as h:
        h.create_dataset("X", data=X)
        h.create_dataset("Y", data=Y)
        h.create_dataset("losses", data=f(X, Y))


def garipov(plane, curve):
    """plane.py: grid[i, j] = (x_i, y_j). Here with nll beside the loss, which has L2 in it."""
    G = 5
    alphas, betas = np.linspace(-0.2, 1.2, G), np.linspace(-0.2, 1.2, G)
    dx, dy = 3.0, 2.0
    grid, nll, acc = np.zeros((G, G, 2)), np.zeros((G, G)), np.zeros((G, G))
    for i, alpha in enumerate(alphas):
        for j, beta in enumerate(betas):
            grid[i, j] = [alpha * dx, beta * dy]
            nll[i, j], acc[i, j] = f(*grid[i, j]), 100 * accuracy(*grid[i, j])
    ts = np.linspace(0, 1, 7)
    bends = np.array([[0, 0], [1.5, 2], [3, 0]])
    path = np.stack([(1 - t) ** 2 * bends[0] + 2 * t * (1 - t) * bends[1] + t * t * bends[2] for t in ts])
    np.savez(folder / plane, ts=ts, bend_coordinates=bends, curve_coordinates=path, alphas=alphas, betas=betas, grid=grid,
             tr_loss=nll + 1, tr_acc=acc, tr_nll=nll, tr_err=100 - acc, te_loss=nll + 2, te_acc=acc - 1, te_nll=nll + 0.5, te_err=101 - acc)
    np.savez(folder / curve, ts=ts, tr_loss=f(ts, 0) + 1, tr_nll=f(ts, 0), tr_acc=100 * accuracy(ts, 0), tr_err=0 * ts,
             te_loss=f(ts, 0.5) + 1, te_nll=f(ts, 0.5), te_acc=100 * accuracy(ts, 0.5), te_err=0 * ts)


def landscaper(name):
    """loss[i, j] at (ranges[0][i], ranges[1][j])."""
    ranges = np.stack([np.linspace(-1, 1, 5), np.linspace(-0.5, 0.5, 5)])
    np.savez_compressed(folder / name, loss=f(ranges[0][:, None], ranges[1][None, :]), coordinates=ranges)


def loss_landscapes(name):
    """random_plane: walks to and fro, a step before each value, so that every other row is one step off. A step is 1/8 here."""
    steps, step = 12, 0.125
    rows, one, two = [], -steps / 2, -steps / 2
    for i in range(steps):
        row = []
        for _ in range(steps):
            if i % 2 == 0:
                two += 1
                row.append(f(two * step, one * step))
            else:
                two -= 1
                row.insert(0, f(two * step, one * step))
        rows.append(row)
        one += 1
    np.save(folder / name, np.array(rows))


def table(name):
    with open(folder / name, "w", encoding="ascii") as out:
        out.write("x,y,loss\n")
        for y in (-0.5, 0.0, 0.5):
            for x in (-1.0, -0.5, 0.0, 0.5, 1.0):
                out.write(f"{x},{y},{f(x, y)!r}\n")


folder.mkdir(parents=True, exist_ok=True)
li("li_7x5.h5", 7, 5, unfinished=(0, 33), directions="resnet56_weights.h5")
li("li_5x5_eigenvalues.h5", 5, 5, eigenvalues=True, directions="resnet56_weights_xignore=biasbn_xnorm=filter_yignore=biasbn_ynorm=filter.h5")
li_line("li_line.h5")
li_directions("li_directions.h5")
losscape("losscape_data.h5")
garipov("plane.npz", "curve.npz")
landscaper("landscaper.npz")
loss_landscapes("loss_landscapes.npy")
table("table.csv")
