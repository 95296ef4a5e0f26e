# SPDX-License-Identifier: GPL-3.0-or-later
"""The program's networks in torch.nn, under the names of its checkpoints."""
import torch
from torch import nn
from torch.nn import functional

from replay_data import derive_seed, uniforms

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "gelu": functional.gelu, "softplus": functional.softplus}
COUNTER = "num_batches_tracked"  # of torch's batch norm: the second pass of a step moves it here, so it is compared apart


class SeededDropout(nn.Module):
    """In training mode element i (row-major) is kept, and divided by 1 - p, where the i-th uniform of the layer's stream is at least p."""

    def __init__(self, name, p):
        super().__init__()
        self.name, self.p, self.seed = name, p, 0

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        kept = torch.tensor(uniforms(derive_seed(self.seed, self.name), x.numel()) >= self.p).view(x.shape)
        return x * kept.to(x.dtype) / (1 - self.p)


class Mlp(nn.Module):
    def __init__(self, widths, activation, dropout):
        super().__init__()
        self.activation = activation
        self.depth = len(widths) - 1
        for i in range(1, len(widths)):
            setattr(self, f"fc{i}", nn.Linear(widths[i - 1], widths[i]))
            setattr(self, f"drop{i}", SeededDropout(f"drop{i}", dropout))

    def forward(self, x):
        x = x.flatten(1)
        for i in range(1, self.depth + 1):
            x = getattr(self, f"fc{i}")(x)
            if i < self.depth:
                x = getattr(self, f"drop{i}")(self.activation(x))
        return x


class Cnn(nn.Module):
    def __init__(self, activation):
        super().__init__()
        self.activation = activation
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4 * 4, 10)

    def forward(self, x):
        x = self.activation(self.conv2(self.activation(self.conv1(x))))
        return self.fc(functional.max_pool2d(x, 2).flatten(1))


class Lenet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x):
        x = functional.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(torch.relu(self.conv2(x)), 2).flatten(1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.stride, self.missing = stride, outputs - inputs
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, x):
        h = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        around = functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.missing // 2, self.missing // 2))
        return torch.relu(h + around)


class Resnet(nn.Module):
    """He et al. 2016, section 4.2, with option A shortcuts: depth 6 n + 2."""

    def __init__(self, depth, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inputs = 16
        for stage, width in enumerate((16, 32, 64), 1):
            blocks = []
            for i in range((depth - 2) // 6):
                blocks.append(Block(inputs, width, 2 if stage > 1 and i == 0 else 1))
                inputs = width
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def build(spec, channels, classes):
    name, activation = spec["model"], ACTIVATIONS[spec.get("activation", "relu")]
    if name.startswith("mlp:"):
        net = Mlp([int(width) for width in name[4:].split("-")], activation, spec.get("dropout", 0))
    elif name == "cnn":
        net = Cnn(activation)
    elif name == "lenet":
        net = Lenet(classes)
    else:
        net = Resnet(int(name.removeprefix("resnet")), channels, classes)
    return net.to(torch.float64 if spec["precision"] == "double" else torch.float32)


def seed_dropout(net, seed):
    for module in net.modules():
        if isinstance(module, SeededDropout):
            module.seed = seed


def statistics(net):
    """Copies of the running statistics by name."""
    return {name: buffer.clone() for name, buffer in net.named_buffers() if COUNTER not in name}


def set_statistics(net, values):
    for name, buffer in net.named_buffers():
        if COUNTER not in name:
            buffer.copy_(values[name])


def tensors(net):
    """Parameters and running statistics by name."""
    return {name: value for name, value in net.state_dict().items() if COUNTER not in name}
