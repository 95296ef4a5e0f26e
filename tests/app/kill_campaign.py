#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a training at every named moment of a write, rename or removal, and at random ones; resumes it; compares every file with an uninterrupted run's.

Prints a line a disagreement and a summary; exits 1 when one was found.
  kill_campaign.py --program build/release/sharpscape-headless [--random 50] [--every 1]
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FLAGS = """--data digits --model mlp:64-8-10 --data-limit 200 --validation 0.2 --epochs 4 --batch-size 40 --optimizer adam --sharpness friendly-sam
--ema 0.9 --swa-from 2 --curvature-every 2 --curvature-products 4 --curvature-measures lambda-max,batch-sharpness,critical-sharpness,eigenspace-overlap --curvature-top 2
--checkpoint-every 2 --dropout 0.1 --threads 1 --device cpu --quiet""".split()
LONGER = """--data digits --model cnn --epochs 6 --optimizer muon --sharpness looksam --ema 0.99 --swa-from 3 --curvature-every 2 --curvature-samples 256
--threads 1 --device cpu --quiet""".split()


def comparable(path):
    data = path.read_bytes()
    if path.name == "steps.csv":
        return re.sub(rb",[0-9.]+,([0-9]+)\n", rb",-,\1\n", data)
    if path.name == "curvature.csv":
        rows = [line.split(b",") for line in data.splitlines()]
        return b"\n".join(b",".join(field for field, name in zip(row, rows[0]) if not name.endswith(b"seconds")) for row in rows)
    if path.name == "summary.json":
        return re.sub(rb'"(run|seconds)": [^\n]*', b"", data)
    return data


def contents(folder):
    return {str(p.relative_to(folder)): comparable(p) for p in sorted(folder.rglob("*")) if p.is_file()}


class Campaign:
    def __init__(self, program, folder):
        self.program, self.folder, self.failures, self.runs, self.kills = program, folder, 0, 0, 0

    def train(self, flags, name, environment=None):
        out = self.folder / name
        shutil.rmtree(out, ignore_errors=True)
        return subprocess.Popen([self.program, "train", *flags, "--out", out], env={**environment} if environment else None,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def finish(self, flags, name, expected, where):
        """Resumes until it is done (or starts again where no run had begun) and compares."""
        out = self.folder / name
        words = ["train", "--resume", out, "--threads", "1", "--quiet"] if (out / "spec.json").exists() else ["train", *flags, "--out", out]
        done = subprocess.run([self.program, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        found = contents(out)
        wrong = sorted(k for k in expected.keys() | found.keys() if expected.get(k) != found.get(k))
        self.runs += 1
        if done.returncode != 0 or wrong:
            self.failures += 1
            print(f"DIFFERS after {where}: exit {done.returncode} {done.stderr.decode()[:200]} {wrong}")


def named_moments(campaign, every):
    points = campaign.folder / "points"
    campaign.train(FLAGS, "whole", {**os.environ, "SHARPSCAPE_TEST_POINTS": str(points)}).wait()
    expected = contents(campaign.folder / "whole")
    passed = {}
    moments = []
    for name in points.read_text().splitlines():
        passed[name] = passed.get(name, 0) + 1
        moments.append(f"{name}#{passed[name]}")
    for moment in moments[::every]:
        killed = campaign.train(FLAGS, "killed", {**os.environ, "SHARPSCAPE_KILL_AT": moment})
        killed.communicate()
        if killed.returncode != -signal.SIGKILL:
            campaign.failures += 1
            print(f"NOT KILLED at {moment}: exit {killed.returncode}")
        campaign.kills += 1
        campaign.finish(FLAGS, "killed", expected, moment)
    print(f"named moments: {len(moments[::every])} of {len(moments)}")


def random_moments(campaign, count):
    started = time.monotonic()
    campaign.train(LONGER, "whole").wait()
    seconds = time.monotonic() - started
    expected = contents(campaign.folder / "whole")
    generator = random.Random(1)
    hit = 0
    for i in range(count):
        moment = generator.uniform(0, seconds)
        program = campaign.train(LONGER, "killed")
        time.sleep(moment)
        how = generator.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT])  # a stop on request leaves more behind than a kill
        program.send_signal(how)
        program.communicate()
        hit += program.returncode != 0
        campaign.finish(LONGER, "killed", expected, f"{how.name} after {moment:.2f} s")
    print(f"random moments: {count}, {hit} of them before its end ({seconds:.1f} s)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--random", type=int, default=50)
    parser.add_argument("--every", type=int, default=1, help="only every N-th named moment")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sharpscape-kill-") as temporary:
        campaign = Campaign(arguments.program.resolve(), pathlib.Path(temporary))
        named_moments(campaign, arguments.every)
        random_moments(campaign, arguments.random)
        print(f"{campaign.runs} resumed runs compared, {campaign.failures} differ")
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
