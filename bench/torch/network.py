"""Networks of the benchmarks in plain PyTorch.

Reads a folder that bench/torch/input.ts wrote (graph.json, weights.bin, images.bin). Batch norm is folded into the
convolutions, in PyTorch's favour.
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F


def load(folder):
    """The graph, its weights and its images (N×C×H×W)."""
    graph = json.load(open(f"{folder}/graph.json"))
    weights = np.fromfile(f"{folder}/weights.bin", dtype=np.float32)
    count, height, width, channels = graph["images"]
    images = np.fromfile(f"{folder}/images.bin", dtype=np.float32).reshape(count, height, width, channels)
    return graph, weights, torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))


class Builder:
    """Turns nodes of the studio's graph into functions."""

    def __init__(self, weights):
        self.weights = weights

    def tensor(self, reference):
        offset, shape = reference["offset"], reference["shape"]
        return torch.from_numpy(self.weights[offset : offset + int(np.prod(shape))].reshape(shape).copy())

    def folded(self, operator, norm):
        """Kernel (O×I×H×W) and bias of a convolution with the batch norm behind it."""
        kernel = self.tensor(operator["kernel"]).permute(3, 2, 0, 1).contiguous()
        bias = self.tensor(operator["bias"]) if operator["bias"] else None
        if norm:
            scale = self.tensor(norm["scale"]) / torch.sqrt(self.tensor(norm["variance"]) + norm["epsilon"])
            kernel = kernel * scale[:, None, None, None]
            bias = self.tensor(norm["offset"]) + ((0 if bias is None else bias) - self.tensor(norm["mean"])) * scale
        return kernel, bias

    def convolution(self, operator, norm=None):
        kernel, bias = self.folded(operator, norm)
        stride = (operator["stride"]["height"], operator["stride"]["width"])
        dilation = (operator["dilation"]["height"], operator["dilation"]["width"])
        margins = symmetric(operator["padding"])
        return lambda x: F.conv2d(x, kernel, bias, stride, margins, dilation, operator["groups"])

    def batch_norm(self, operator):
        scale = self.tensor(operator["scale"]) / torch.sqrt(self.tensor(operator["variance"]) + operator["epsilon"])
        shift = self.tensor(operator["offset"]) - self.tensor(operator["mean"]) * scale
        return lambda x: x * scale[:, None, None] + shift[:, None, None]

    def step(self, operator):
        kind = operator["kind"]
        if kind == "conv2d":
            return self.convolution(operator)
        if kind == "batchNorm":
            return self.batch_norm(operator)
        if kind == "dense":
            matrix = self.tensor(operator["weights"]).T.contiguous()
            bias = self.tensor(operator["bias"]) if operator["bias"] else None
            return lambda x: F.linear(x, matrix, bias)
        if kind == "activation":
            return activation(operator)
        if kind == "pool":
            return pool(operator)
        if kind == "globalPool" and operator["reduce"] == "average":
            return lambda x: x.mean((2, 3), keepdim=operator["keepDimensions"])
        if kind == "concat" and operator["axis"] == 2:
            return lambda *x: torch.cat(x, 1)
        simple = {
            "add": lambda *x: sum(x[1:], x[0]),
            "flatten": lambda x: x.flatten(1),
            "reshape": lambda x: x.flatten(1),
            "identity": lambda x: x,
            "softmax": lambda x: F.softmax(x, -1),
        }
        return simple[kind]

    def network(self, nodes):
        """Steps of a network: a function, the values it reads, the value it writes."""
        writers = {node["output"]: node for node in nodes}
        readers = {}
        for node in nodes:
            for value in node["inputs"]:
                readers[value] = readers.get(value, 0) + 1
        folded = {}
        for node in nodes:
            source = writers.get(node["inputs"][0]) if node["inputs"] else None
            is_norm = node["operator"]["kind"] == "batchNorm"
            if is_norm and source and source["operator"]["kind"] == "conv2d" and readers[source["output"]] == 1:
                folded[source["name"]] = node
        skipped = {node["name"] for node in folded.values()}
        steps = []
        for node in nodes:
            if node["name"] in skipped:
                continue
            norm = folded.get(node["name"])
            run = self.convolution(node["operator"], norm["operator"]) if norm else self.step(node["operator"])
            steps.append((run, node["inputs"], norm["output"] if norm else node["output"]))
        return steps


def symmetric(padding):
    assert padding["top"] == padding["bottom"] and padding["left"] == padding["right"]
    return (padding["top"], padding["left"])


def activation(operator):
    function = operator["function"]
    if function == "relu":
        return lambda x: F.relu(x)
    if function == "relu6":
        return lambda x: F.relu6(x)
    if function == "clip":
        return lambda x: torch.clamp(x, operator["alpha"], operator["beta"])
    raise KeyError(function)


def pool(operator):
    window = (operator["window"]["height"], operator["window"]["width"])
    stride = (operator["stride"]["height"], operator["stride"]["width"])
    margins = symmetric(operator["padding"])
    if operator["reduce"] == "max":
        return lambda x: F.max_pool2d(x, window, stride, margins, ceil_mode=operator["roundUp"])
    return lambda x: F.avg_pool2d(
        x, window, stride, margins, operator["roundUp"], count_include_pad=operator["includePadding"]
    )


def scores(graph, steps, images, batch_size):
    """What a network answers for all images, in batches; a value is let go of after its last reader."""
    last_reader = {value: index for index, (_, inputs, _) in enumerate(steps) for value in inputs}
    answers = []
    for start in range(0, len(images), batch_size):
        values = {graph["input"]: images[start : start + batch_size]}
        for index, (run, inputs, output) in enumerate(steps):
            values[output] = run(*(values[name] for name in inputs))
            for name in set(inputs):
                if last_reader[name] == index and name != graph["output"]:
                    del values[name]
        answers.append(values[graph["output"]])
    return torch.cat(answers)


def answer(report):
    print(json.dumps(report), flush=True)


def start():
    """The folder that was given, with as many threads as were asked for."""
    torch.set_num_threads(int(sys.argv[2]))
    torch.set_grad_enabled(False)
    return load(sys.argv[1])
