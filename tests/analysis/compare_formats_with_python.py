#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens what the program writes with the libraries that others read it with, and lets the program open what h5py and NumPy write.

Needs numpy and h5py; with pygltflib, vtk, pillow and pypdf installed it also reads .glb, .vts and .vtp, .png and .pdf (without one, that part is left out and named).

    python tests/analysis/compare_formats_with_python.py --program build/release/sharpscape-headless
"""
import argparse
import csv
import importlib.util
import json
import pathlib
import subprocess
import tempfile

import h5py
import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--program", default="build/release/sharpscape-headless")
program = parser.parse_args().program


def run(*words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def has(module):
    found = importlib.util.find_spec(module) is not None
    if not found:
        print(f"left out: {module} is not installed")
    return found


def same(a, b, what):
    np.testing.assert_array_equal(np.asarray(a), np.asarray(b), err_msg=what)


def text_of(value):
    return value.decode() if isinstance(value, bytes) else value


def check_li(folder, grid, command):
    """As plot_surface.py, plot_2D.py and h52vtp.py read it."""
    x, y = np.array(grid["x"]), np.array(grid["y"])
    loss, accuracy = np.array(grid["train"]["loss"]), np.array(grid["train"]["accuracy"])
    with h5py.File(folder / "s.h5", "r") as f:
        same(f["xcoordinates"][:], x, "xcoordinates")
        same(f["ycoordinates"][:], y, "ycoordinates")
        assert isinstance(f["dir_file"].asstr()[()], str)
        assert f["train_loss"].shape == (len(x), len(y)), "declared (nx, ny)"
        xs, ys = (m.ravel() for m in np.meshgrid(f["xcoordinates"][:], f["ycoordinates"][:][:]))
        where = {(a, b): i for i, (a, b) in enumerate(zip(xs, ys))}
        for r, b in enumerate(y):
            for c, a in enumerate(x):
                assert f["train_loss"][:].ravel()[where[a, b]] == loss[r, c]
                assert abs(f["train_acc"][:].ravel()[where[a, b]] - 100 * accuracy[r, c]) < 1e-12
        for name in ("test_loss", "test_acc", "max_eig", "proj_xcoord", "proj_ycoord"):
            assert name in f, name
        assert f.attrs["command"] == command
        same(f["sharpscape/train_loss"][:], loss, "our own group")
    tensors = [(8, 64), (8,), (10, 8), (10,)]
    with h5py.File(folder / "d.h5", "r") as f:
        for axis in ("xdirection", "ydirection"):
            assert [f[axis][str(i)].shape for i in range(len(f[axis].keys()))] == tensors, "a tensor each, in the model's order"
    print("ok: .h5 in h5py, as the scripts of Li et al. read it")


def check_numpy(folder, grid, command):
    loss = np.array(grid["train"]["loss"])
    with np.load(folder / "s.npz") as arrays:
        same(arrays["train_loss"], loss, "npz")
        same(arrays["x"], grid["x"], "npz x")
        assert f"command: {command}\n" in arrays["metadata"].item().decode()
        assert arrays["trajectory_step"].size > 1
    same(np.load(folder / "s.npy"), loss, "npy")
    with open(folder / "s.npy", "rb") as f:
        parts = [np.load(f) for _ in range(5)]
    same(parts[1], grid["x"], "npy x")
    assert f"command: {command}\n" in parts[4].item().decode()
    with open(folder / "s.csv", newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(line for line in f if not line.startswith("#")))
    same([float(r["train_loss"]) for r in rows], loss.ravel(), "csv")
    print("ok: .npz and .npy in NumPy, .csv")


def check_glb(folder, grid, command):
    from pygltflib import GLTF2
    glb = GLTF2().load(str(folder / "s.glb"))
    primitive = glb.meshes[0].primitives[0]

    def numbers(accessor, dtype, width):
        view = glb.bufferViews[glb.accessors[accessor].bufferView]
        raw = glb.binary_blob()[view.byteOffset:view.byteOffset + view.byteLength]
        return np.frombuffer(raw, dtype).reshape(-1, width)

    rows, columns = len(grid["y"]), len(grid["x"])
    positions = numbers(primitive.attributes.POSITION, "<f4", 3)
    assert positions.shape == (rows * columns, 3)
    assert numbers(primitive.attributes.NORMAL, "<f4", 3).shape == positions.shape
    colours = numbers(primitive.attributes.COLOR_0, "<u2", 4)
    assert len(colours) == len(positions) and len(np.unique(colours, axis=0)) > rows
    assert numbers(primitive.indices, "<u4", 3).shape == (2 * (rows - 1) * (columns - 1), 3)
    order = np.argsort(np.array(grid["train"]["loss"]).ravel(), kind="stable")
    assert (np.diff(positions[order, 2]) >= 0).all(), "heights ascend with the loss"
    assert glb.asset.extras["command"] == command
    print("ok: .glb in pygltflib")


def check_vtk(folder, grid, command):
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy
    for name, reader in (("s.vts", vtk.vtkXMLStructuredGridReader()), ("s.vtp", vtk.vtkXMLPolyDataReader())):
        reader.SetFileName(str(folder / name))
        reader.Update()
        data = reader.GetOutput()
        loss = vtk_to_numpy(data.GetPointData().GetArray("train_loss"))
        same(loss[:np.array(grid["train"]["loss"]).size], np.array(grid["train"]["loss"]).ravel(), name)
        assert data.GetFieldData().GetAbstractArray("command").GetValue(0) == command
    assert data.GetNumberOfPolys() == (len(grid["x"]) - 1) * (len(grid["y"]) - 1)
    assert data.GetNumberOfLines() == 1
    print("ok: .vts and .vtp in VTK")


def check_pictures(folder, command):
    if has("PIL"):
        from PIL import Image
        with Image.open(folder / "s.png") as picture:
            picture.load()
            assert picture.text["Command"] == command
        print("ok: .png in Pillow")
    if has("pypdf"):
        from pypdf import PdfReader
        assert f"command: {command}\n" in PdfReader(folder / "s.pdf").metadata["/Keywords"]
        print("ok: .pdf in pypdf")


def check_opening(folder):
    """Random numbers in the layout of Li et al., non-square, partly unfinished: what the program makes of them."""
    random = np.random.default_rng(0)
    for nx, ny in ((9, 4), (4, 9), (5, 5), (2, 11)):
        x, y = np.sort(random.normal(size=nx)), np.sort(random.normal(size=ny))
        loss, acc = random.random((nx, ny)) + 0.5, 100 * random.random((nx, ny))
        loss.ravel()[1] = acc.ravel()[1] = -1
        for kind in ({}, {"chunks": True, "compression": "gzip"}):
            with h5py.File(folder / "theirs.h5", "w") as f:
                f["dir_file"], f["xcoordinates"], f["ycoordinates"] = "dir.h5", x, y
                f.create_dataset("train_loss", data=loss, **kind)
                f.create_dataset("train_acc", data=acc.astype("f4"), **kind)
            run("export", folder / "theirs.h5", "--to", folder / "ours.npz", "--quiet")
            with np.load(folder / "ours.npz") as ours:
                expected = loss.ravel().reshape(ny, nx).copy()
                expected.ravel()[1] = np.nan
                same(ours["x"], x, "x")
                same(ours["y"], y, "y")
                same(ours["train_loss"], expected, "loss")
                assert ours["computed"].ravel()[1] == 0
                np.testing.assert_allclose(ours["train_accuracy"].ravel()[2:], acc.astype("f4").astype("f8").ravel()[2:] / 100, rtol=1e-15)
            run("export", folder / "theirs.h5", "--to", folder / "ours.png", "--quiet")
    assert (folder / "ours.png").stat().st_size > 10000
    print("ok: surfaces that h5py wrote in the layout of Li et al.")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run("train", "--data", "digits", "--model", "mlp:64-8-10", "--epochs", "2", "--out", folder / "run")
        run("surface", folder / "run", "--size", "7x5", "--samples", "200", "--trajectory", "--fields", "lambda-max", "--out", folder / "s.json",
            "--save-directions", folder / "d.safetensors")
        run("export", folder / "d.safetensors", "--to", folder / "d.h5")
        grid = json.loads((folder / "s.json").read_text(encoding="utf-8"))
        for ending in ("h5", "npz", "npy", "csv", "glb", "vts", "vtp", "png", "pdf"):
            run("export", folder / "s.json", "--to", folder / f"s.{ending}")
        check_li(folder, grid, grid["command"])
        check_numpy(folder, grid, grid["command"])
        if has("pygltflib"):
            check_glb(folder, grid, grid["command"])
        if has("vtk"):
            check_vtk(folder, grid, grid["command"])
        check_pictures(folder, grid["command"])
        check_opening(folder)


if __name__ == "__main__":
    main()
