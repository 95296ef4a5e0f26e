#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every family of networks against plain PyTorch modules, in double: loss, gradient, Hessian product, running statistics, dropout masks.

Needs torch, numpy and safetensors. model_probe writes what the program computes. Prints a line a check; exits 1 when one fails.
  compare_models_with_pytorch.py --probe build/release/tests/trainer/model_probe
"""
import argparse
import collections
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

DROPOUT_SEED = 7
TOLERANCE = 1e-10  # sums in another order, in double: 1e-16 a term, through up to 20 layers and two derivatives
MASK = (1 << 64) - 1
failures = 0


def check(name, difference, tolerance=TOLERANCE):
    global failures
    passed = difference <= tolerance  # False for NaN
    failures += not passed
    print(f"{'passed' if passed else 'FAILED'}  {name}: {difference:.2e} (at most {tolerance:.0e})", flush=True)


def mix(z):
    """SplitMix64's finaliser, of Python integers or of numpy's uint64, which wrap."""
    cut = (lambda v: v & MASK) if isinstance(z, int) else (lambda v: v)
    number = int if isinstance(z, int) else numpy.uint64
    z = cut((z ^ (z >> number(30))) * number(0xBF58476D1CE4E5B9))
    z = cut((z ^ (z >> number(27))) * number(0x94D049BB133111EB))
    return z ^ (z >> number(31))


def derive_seed(seed, name):
    h = 0xCBF29CE484222325
    for c in name.encode():
        h = ((h ^ c) * 0x100000001B3) & MASK
    return mix(mix((seed + 0x9E3779B97F4A7C15) & MASK) ^ h)


class Dropout(nn.Module):
    """The documented masks: element i is kept where the i-th uniform number of the layer's stream is at least p."""

    def __init__(self, p, name):
        super().__init__()
        self.p, self.name = p, name

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        counter = numpy.arange(1, x.numel() + 1, dtype=numpy.uint64)
        words = mix(counter * numpy.uint64(0x9E3779B97F4A7C15) + numpy.uint64(derive_seed(DROPOUT_SEED, self.name)))
        uniform = (words >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-53
        return x * torch.from_numpy((uniform >= self.p) / (1 - self.p)).view(x.shape)


class Mlp(nn.Module):
    def __init__(self, widths, p):
        super().__init__()
        self.depth = len(widths) - 1
        self.drops = [Dropout(p, f"drop{i}") for i in range(1, self.depth)]
        for i in range(1, self.depth + 1):
            setattr(self, f"fc{i}", nn.Linear(widths[i - 1], widths[i]))

    def forward(self, x):
        x = x.flatten(1)
        for i in range(1, self.depth):
            drop = self.drops[i - 1].train(self.training)
            x = drop(functional.relu(getattr(self, f"fc{i}")(x)))
        return getattr(self, f"fc{self.depth}")(x)


class Lenet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = functional.max_pool2d(functional.relu(conv(x)), 2)
        return self.fc3(functional.relu(self.fc2(functional.relu(self.fc1(x.flatten(1))))))


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.fc = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, padding=1), nn.Linear(512, 10)

    def forward(self, x):
        return self.fc(functional.max_pool2d(functional.relu(self.conv2(functional.relu(self.conv1(x)))), 2).flatten(1))


class ResnetBlock(nn.Module):
    def __init__(self, inputs, outputs, stride, norm, shortcuts):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=not norm)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=not norm)
        if norm:
            self.bn1, self.bn2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
        self.norm, self.shortcuts, self.stride, self.added = norm, shortcuts, stride, outputs - inputs

    def forward(self, x):
        h = self.conv1(x)
        h = functional.relu(self.bn1(h) if self.norm else h)
        h = self.conv2(h)
        h = self.bn2(h) if self.norm else h
        if self.shortcuts:
            half = self.added // 2
            h = h + functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, half, half))
        return functional.relu(h)


class Resnet(nn.Module):
    def __init__(self, depth, channels, norm=True, shortcuts=True):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=not norm)
        if norm:
            self.bn1 = nn.BatchNorm2d(16)
        self.norm = norm
        inputs = 16
        for stage, outputs in enumerate((16, 32, 64)):
            blocks = []
            for i in range((depth - 2) // 6):
                blocks.append(ResnetBlock(inputs, outputs, 2 if stage > 0 and i == 0 else 1, norm, shortcuts))
                inputs = outputs
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = functional.relu(self.bn1(x) if self.norm else x)
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(functional.adaptive_avg_pool2d(x, 1).flatten(1))


class Vgg(nn.Module):
    def __init__(self, plan, norm, p):
        super().__init__()
        layers, inputs = [], 3
        for step in plan:
            if step == "M":
                layers.append(nn.MaxPool2d(2))
                continue
            layers.append(nn.Conv2d(inputs, step, 3, padding=1))
            layers += [nn.BatchNorm2d(step)] if norm else []
            layers.append(nn.ReLU())
            inputs = step
        self.features = nn.Sequential(*layers)
        self.dropout = Dropout(p, "dropout")
        self.classifier = nn.Linear(512, 10)

    def forward(self, x):
        return self.classifier(self.dropout(self.features(x).flatten(1)))


class Resnet18Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        shortcut = (nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)) if inputs != outputs else ()
        self.downsample = nn.Sequential(*shortcut)

    def forward(self, x):
        return functional.relu(self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x))))) + self.downsample(x))


def resnet18(channels):
    parts = {"conv1": nn.Conv2d(channels, 64, 3, 1, 1, bias=False), "bn1": nn.BatchNorm2d(64), "relu": nn.ReLU()}
    inputs = 64
    for stage in range(4):
        outputs = 64 << stage
        parts[f"layer{stage + 1}"] = nn.Sequential(Resnet18Block(inputs, outputs, 2 if stage else 1), Resnet18Block(outputs, outputs, 1))
        inputs = outputs
    parts.update(mean=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), fc=nn.Linear(512, 10))
    return nn.Sequential(collections.OrderedDict(parts))


class WrnBlock(nn.Module):
    def __init__(self, name, inputs, outputs, stride, p):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs), nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.drop = Dropout(p, f"{name}.dropout")
        self.equal = inputs == outputs
        if not self.equal:
            self.convShortcut = nn.Conv2d(inputs, outputs, 1, stride, 0, bias=False)

    def forward(self, x):
        h = functional.relu(self.bn1(x))
        shortcut = x if self.equal else self.convShortcut(h)
        return shortcut + self.conv2(self.drop(functional.relu(self.bn2(self.conv1(h)))))


class WrnStage(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.layer = nn.Sequential(*blocks)

    def forward(self, x):
        return self.layer(x)


class Wrn(nn.Module):
    def __init__(self, depth, factor, channels, p):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        inputs = 16
        for stage in (1, 2, 3):
            outputs, blocks = (8 << stage) * factor, []
            for i in range((depth - 4) // 6):
                blocks.append(WrnBlock(f"block{stage}.layer.{i}", inputs, outputs, 2 if stage > 1 and i == 0 else 1, p))
                inputs = outputs
            setattr(self, f"block{stage}", WrnStage(blocks))
        self.bn1, self.fc = nn.BatchNorm2d(inputs), nn.Linear(inputs, 10)

    def forward(self, x):
        x = functional.relu(self.bn1(self.block3(self.block2(self.block1(self.conv1(x))))))
        return self.fc(x.mean((2, 3)))


def attend(qkv, heads, causal, drop):
    items, length, width = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
    q, k, v = (t.reshape(items, length, heads, width // heads).transpose(1, 2) for t in qkv.split(width, dim=2))
    scores = q @ k.transpose(-2, -1) / math.sqrt(width // heads)
    if causal:
        scores = scores.masked_fill(~torch.tril(torch.ones(length, length, dtype=torch.bool)), -math.inf)
    return (drop(scores.softmax(-1)) @ v).transpose(1, 2).reshape(items, length, width)


class VitAttention(nn.Module):
    def __init__(self, width, heads, p, name):
        super().__init__()
        self.qkv, self.proj, self.heads = nn.Linear(width, 3 * width), nn.Linear(width, width), heads
        self.drop = Dropout(p, f"{name}.proj_drop")

    def forward(self, x):
        return self.drop(self.proj(attend(self.qkv(x), self.heads, False, nn.Identity())))


class VitMlp(nn.Module):
    def __init__(self, width, p, name):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.drop1, self.drop2 = Dropout(p, f"{name}.drop1"), Dropout(p, f"{name}.drop2")

    def forward(self, x):
        return self.drop2(self.fc2(self.drop1(functional.gelu(self.fc1(x)))))


class VitBlock(nn.Module):
    def __init__(self, width, heads, p, name):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, eps=1e-6), VitAttention(width, heads, p, f"{name}.attn")
        self.norm2, self.mlp = nn.LayerNorm(width, eps=1e-6), VitMlp(width, p, f"{name}.mlp")

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Vit(nn.Module):
    def __init__(self, depth, width, heads, patch, channels, side, p):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + (side // patch) ** 2, width))
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(channels, width, patch, patch)
        self.pos_drop = Dropout(p, "pos_drop")
        self.blocks = nn.Sequential(*[VitBlock(width, heads, p, f"blocks.{i}") for i in range(depth)])
        self.norm, self.head = nn.LayerNorm(width, eps=1e-6), nn.Linear(width, 10)

    def forward(self, x):
        x = self.patch_embed.proj(x).flatten(2).transpose(1, 2)
        x = self.pos_drop(torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed)
        return self.head(self.norm(self.blocks(x))[:, 0])


class GptBlock(nn.Module):
    def __init__(self, width, heads, p, name):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.c_attn, self.attn.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp.c_fc, self.mlp.c_proj = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.drop_weights, self.drop_attention = Dropout(p, f"{name}.attn.attn_dropout"), Dropout(p, f"{name}.attn.resid_dropout")
        self.drop_mlp = Dropout(p, f"{name}.mlp.dropout")

    def forward(self, x):
        x = x + self.drop_attention(self.attn.c_proj(attend(self.attn.c_attn(self.ln_1(x)), self.heads, True, self.drop_weights)))
        return x + self.drop_mlp(self.mlp.c_proj(functional.gelu(self.mlp.c_fc(self.ln_2(x)))))


class Gpt(nn.Module):
    def __init__(self, layers, width, heads, words, length, p):
        super().__init__()
        self.drop = Dropout(p, "transformer.drop")
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(words, width),
            "wpe": nn.Embedding(length, width),
            "h": nn.ModuleList([GptBlock(width, heads, p, f"transformer.h.{i}") for i in range(layers)]),
            "ln_f": nn.LayerNorm(width),
        })
        self.lm_head = nn.Linear(width, words, bias=False)

    def forward(self, tokens):
        tokens = tokens.flatten(1)
        h = self.drop(self.transformer.wte(tokens) + self.transformer.wpe(torch.arange(tokens.shape[1])))
        for block in self.transformer.h:
            h = block(h)
        return self.lm_head(self.transformer.ln_f(h))


def part(file, prefix):
    return {name[len(prefix):]: tensor for name, tensor in file.items() if name.startswith(prefix)}


def distance(ours, theirs):
    """The largest difference, as a share of the largest number."""
    return (ours - theirs).abs().max().item() / max(1.0, theirs.abs().max().item())


def compare(probe, folder, name, module, shape, mode, p):
    words = [str(word) for word in (*shape, mode, p)]
    path = folder / "probe.safetensors"
    done = subprocess.run([str(probe), name, *words, str(path)], capture_output=True, text=True, check=False)
    label = f"{name} {mode}{f' dropout {p}' if p else ''}"
    if done.returncode != 0:
        sys.exit(f"{label}: {done.stderr.strip()}")
    file = load_file(path)
    module = module.double().train(mode == "train")
    state = {**part(file, "theta/"), **part(file, "buffers/")}
    counters = {key: torch.tensor(0) for key in module.state_dict() if key.endswith("num_batches_tracked")}
    module.load_state_dict({**state, **counters}, strict=True)

    names, parameters = zip(*module.named_parameters())
    logits = module(file["x"])
    loss = functional.cross_entropy(logits.flatten(0, -2), file["labels"].flatten())
    gradients = torch.autograd.grad(loss, parameters, create_graph=True)
    directions = part(file, "direction/")
    products = torch.autograd.grad(sum((g * directions[n]).sum() for n, g in zip(names, gradients)), parameters)
    check(f"{label}: logits", distance(file["logits"], logits))
    check(f"{label}: loss", abs(file["loss"].item() - loss.item()))
    for what, tensors in (("gradient", gradients), ("product", products)):
        ours = torch.cat([part(file, f"{what}/")[n].flatten() for n in names])
        check(f"{label}: {'Hessian product' if what == 'product' else what}", distance(ours, torch.cat([t.flatten() for t in tensors])))
    updated = part(file, "updated/")
    if updated:
        theirs = module.state_dict()
        check(f"{label}: running statistics", max(distance(updated[key], theirs[key]) for key in updated), 1e-12)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", required=True, help="path of model_probe")
    probe = parser.parse_args().probe
    torch.set_num_threads(1)
    digits, large, text = ("images", 1, 8, 8, 10), ("images", 3, 32, 32, 10), ("tokens", 1, 1, 7, 11)
    plan_a = [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"]
    cases = [
        ("mlp:64-12-9-10", lambda p: Mlp([64, 12, 9, 10], p), digits, 0.3),
        ("cnn", lambda p: Cnn(), digits, 0),
        ("lenet", lambda p: Lenet(), ("images", 1, 28, 28, 10), 0),
        ("resnet14", lambda p: Resnet(14, 1), digits, 0),
        ("resnet20", lambda p: Resnet(20, 3), ("images", 3, 16, 16, 10), 0),
        ("resnet18", lambda p: resnet18(3), ("images", 3, 16, 16, 10), 0),
        ("resnet8-nobn", lambda p: Resnet(8, 1, norm=False), digits, 0),
        ("resnet8-noshort", lambda p: Resnet(8, 1, shortcuts=False), digits, 0),
        ("resnet8-nobn-noshort", lambda p: Resnet(8, 1, norm=False, shortcuts=False), digits, 0),
        ("vgg11", lambda p: Vgg(plan_a, False, p), large, 0.4),
        ("vgg11_bn", lambda p: Vgg(plan_a, True, p), large, 0.4),
        ("wrn-10-2", lambda p: Wrn(10, 2, 1, p), digits, 0.3),
        ("wrn-16-1", lambda p: Wrn(16, 1, 1, p), digits, 0.3),
        ("vit:2-12-3-2", lambda p: Vit(2, 12, 3, 2, 1, 8, p), digits, 0.2),
        ("gpt:2-12-3", lambda p: Gpt(2, 12, 3, 11, 7, p), text, 0.2),
    ]
    with tempfile.TemporaryDirectory(prefix="sharpscape-compare-") as temporary:
        for name, make, shape, p in cases:
            for mode in ("evaluate", "train"):
                compare(probe, pathlib.Path(temporary), name, make(p), shape, mode, p)
    print("all passed" if failures == 0 else f"{failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
