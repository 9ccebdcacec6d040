"""Times a plain PyTorch loop that runs every cut network in full.

Reads a folder written by bench/sweep.ts (graph.json, weights.bin, images.bin), warms up and prints its setting;
then, for every line "FIRST END" on its input, runs those of the cut networks and prints what that took, one
JSON object a line. Batch norm is folded into the convolutions and the fastest of a few batch sizes is taken,
both in PyTorch's favour.
"""
import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

folder = sys.argv[1]
torch.set_num_threads(int(sys.argv[2]))
torch.set_grad_enabled(False)
graph = json.load(open(f"{folder}/graph.json"))
weights = np.fromfile(f"{folder}/weights.bin", dtype=np.float32)
count, height, width, channels = graph["images"]
images = np.fromfile(f"{folder}/images.bin", dtype=np.float32).reshape(count, height, width, channels)
images = torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))


def tensor(reference):
    offset, shape = reference["offset"], reference["shape"]
    return torch.from_numpy(weights[offset : offset + int(np.prod(shape))].reshape(shape).copy())


def convolution(operator, norm=None):
    kernel = tensor(operator["kernel"]).permute(3, 2, 0, 1).contiguous()
    bias = tensor(operator["bias"]) if operator["bias"] else None
    if norm:
        scale = tensor(norm["scale"]) / torch.sqrt(tensor(norm["variance"]) + norm["epsilon"])
        kernel = kernel * scale[:, None, None, None]
        bias = tensor(norm["offset"]) + ((0 if bias is None else bias) - tensor(norm["mean"])) * scale
    padding = operator["padding"]
    assert padding["top"] == padding["bottom"] and padding["left"] == padding["right"]
    stride = (operator["stride"]["height"], operator["stride"]["width"])
    dilation = (operator["dilation"]["height"], operator["dilation"]["width"])
    arguments = (kernel.contiguous(), bias, stride, (padding["top"], padding["left"]), dilation, operator["groups"])
    return lambda x: F.conv2d(x, *arguments)


def step(operator):
    kind = operator["kind"]
    if kind == "dense":
        matrix, bias = tensor(operator["weights"]).T.contiguous(), tensor(operator["bias"]) if operator["bias"] else None
        return lambda x: F.linear(x, matrix, bias)
    if kind == "activation" and operator["function"] == "relu":
        return lambda x: F.relu(x)
    if kind == "globalPool" and operator["reduce"] == "average":
        return lambda x: x.mean((2, 3), keepdim=operator["keepDimensions"])
    simple = {
        "add": lambda *x: sum(x[1:], x[0]),
        "flatten": lambda x: x.flatten(1),
        "identity": lambda x: x,
        "softmax": lambda x: F.softmax(x, -1),
    }
    return simple[kind]


def compile_network(nodes):
    """Steps of a network with every batch norm folded into the convolution before it."""
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
        is_convolution = node["operator"]["kind"] == "conv2d"
        run = convolution(node["operator"], norm and norm["operator"]) if is_convolution else step(node["operator"])
        steps.append((run, node["inputs"], norm["output"] if norm else node["output"]))
    return steps


def scores(steps, batch_size):
    last_reader = {value: index for index, (_, inputs, _) in enumerate(steps) for value in inputs}
    answers = []
    for start in range(0, count, batch_size):
        values = {graph["input"]: images[start : start + batch_size]}
        for index, (run, inputs, output) in enumerate(steps):
            values[output] = run(*(values[name] for name in inputs))
            for name in set(inputs):
                if last_reader[name] == index:
                    del values[name]
        answers.append(values[graph["output"]])
    return torch.cat(answers)


def cut(layer):
    return [node for original in graph["nodes"] for node in (layer["nodes"] if original["name"] == layer["name"] else [original])]


original = compile_network(graph["nodes"])
speeds = {}
for batch_size in (16, 32, 64, 128, 256):
    scores(original, batch_size)
    start = time.perf_counter()
    uncut = scores(original, batch_size)
    speeds[batch_size] = count / (time.perf_counter() - start)
batch_size = max(speeds, key=speeds.get)

def answer(report):
    print(json.dumps(report), flush=True)


labels = torch.tensor(graph["labels"])
networks = [compile_network(cut(layer)) for layer in graph["cuts"]]


def log_probabilities(values):
    """Softened to a temperature of 4, as the studio's sweep does."""
    values = values.double()
    return torch.log_softmax((torch.log(values.clamp_min(1e-30)) if graph["isProbability"] else values) / 4, -1)


answer(
    {
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "batchSize": batch_size,
        "uncutImagesPerSecond": speeds,
        "correctUncut": int((uncut.argmax(-1) == labels).sum()),
    }
)
log_original = log_probabilities(uncut)
for line in sys.stdin:
    first, end = map(int, line.split())
    start = time.perf_counter()
    results = [scores(network, batch_size) for network in networks[first:end]]
    seconds = time.perf_counter() - start
    points = []
    for layer, result in zip(graph["cuts"][first:end], results):
        log_result = log_probabilities(result)
        divergence = (log_original.exp() * (log_original - log_result)).sum(-1).mean().item()
        correct = int((result.argmax(-1) == labels).sum())
        points.append({"layer": layer["name"], "rank": layer["rank"], "correct": correct, "divergence": divergence})
    answer({"seconds": seconds, "points": points})
