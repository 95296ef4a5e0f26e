# SPDX-License-Identifier: GPL-3.0-or-later
"""The A/A test of `sharpscape compare`: sessions that compare a setting with itself, seeds only, must hardly ever say "different"; and a clearly different setting
must be called so, or the promise would be kept by a table that never speaks.

    python3 tests/benchmarks/compare_equals.py --program build/release/sharpscape-headless --work /tmp/equals [--sessions 20] [--seeds 5] [--epochs 10] [--measures ...]

Trains sessions * 2 * seeds runs of one setting and `seeds` of another in two sweeps (finished ones are left alone), compares, prints the figures as Markdown.
"""
import argparse
import collections
import json
import pathlib
import subprocess

BASE = {"data": "digits", "model": "mlp:64-16-10", "device": "cpu", "threads": 1}


def sweep(options, name, base, seeds):
    folder = options.work / name
    spec = options.work / f"{name}.json"
    spec.write_text(json.dumps({"base": base, "grid": {"seed": list(range(seeds))}}))
    subprocess.run([options.program, "sweep", spec, "--out", folder, "--quiet", "--json"], check=True, stdout=subprocess.DEVNULL)
    return [str(folder / "runs" / f"seed{k}") for k in range(seeds)]


def compare(options, first, second):
    groups = ",".join(["one"] * len(first) + ["other"] * len(second))
    command = [options.program, "compare", *first, *second, "--groups", groups, "--measures", options.measures, "--device", "cpu", "--threads", "1", "--json", "--quiet"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def verdicts(result):
    """(key, verdict, p, p_holm) of the setting that is not the baseline."""
    other = 1 - result["baseline"]
    return [(row["key"], row["contrasts"][other]["verdict"], row["contrasts"][other]["p"], row["contrasts"][other]["p_holm"]) for row in result["rows"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--measures", default="curvature,trace,sharpness,equal-loss")
    options = parser.parse_args()
    base = BASE | {"epochs": options.epochs}
    options.program = options.program.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    runs = sweep(options, "equals", base, options.sessions * 2 * options.seeds)
    counts, alone, tables = collections.Counter(), 0, 0
    keys = set()
    for k in range(options.sessions):
        here = runs[2 * options.seeds * k:2 * options.seeds * (k + 1)]
        found = verdicts(compare(options, here[:options.seeds], here[options.seeds:]))
        counts.update(verdict for _, verdict, _, _ in found)
        alone += sum(p is not None and holm is not None and p <= 0.05 for _, _, p, holm in found)
        different = [key for key, verdict, _, _ in found if verdict == "different"]
        tables += bool(different)
        keys.update(different)
    rows = sum(counts.values())
    print(f"| {options.sessions} sessions, {options.seeds} and {options.seeds} seeds | {rows} rows | different {counts['different']} ({100 * counts['different'] / rows:.2f} %), "
          f"in {tables} sessions | within noise {counts['within noise']} | cannot tell {counts['cannot tell']} | p <= 0.05 alone {alone} |")
    if keys:
        print("called different:", ", ".join(sorted(keys)))
    sam = sweep(options, "different", base | {"sharpness": "sam", "rho": 0.3}, options.seeds)
    found = verdicts(compare(options, runs[:options.seeds], sam))
    different = [key for key, verdict, _, _ in found if verdict == "different"]
    print(f"| SGD and SAM rho 0.3, {options.seeds} seeds each | {len(found)} rows | different {len(different)}: {', '.join(different)} |")
    if counts["different"] > 0.05 * rows or "lambda_max" not in different:
        raise SystemExit("the promise is broken")


if __name__ == "__main__":
    main()
