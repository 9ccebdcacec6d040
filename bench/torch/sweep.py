"""Times a plain PyTorch loop that runs every cut network in full.

Reads a folder written by bench/sweep.ts, warms up and prints its setting; then, for every line "FIRST END" on its
input, runs those of the cut networks and prints what that took, one JSON object a line. The fastest of a few batch
sizes is taken, in PyTorch's favour.
"""
import sys
import time

import torch

from network import Builder, answer, scores, start

graph, weights, images = start()
builder = Builder(weights)


def cut(layer):
    return [node for original in graph["nodes"] for node in (layer["nodes"] if original["name"] == layer["name"] else [original])]


original = builder.network(graph["nodes"])
speeds = {}
for batch_size in (16, 32, 64, 128, 256):
    scores(graph, original, images, batch_size)
    began = time.perf_counter()
    uncut = scores(graph, original, images, batch_size)
    speeds[batch_size] = len(images) / (time.perf_counter() - began)
batch_size = max(speeds, key=speeds.get)

labels = torch.tensor(graph["labels"])
networks = [builder.network(cut(layer)) for layer in graph["cuts"]]


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
    began = time.perf_counter()
    results = [scores(graph, network, images, batch_size) for network in networks[first:end]]
    seconds = time.perf_counter() - began
    points = []
    for layer, result in zip(graph["cuts"][first:end], results):
        log_result = log_probabilities(result)
        divergence = (log_original.exp() * (log_original - log_result)).sum(-1).mean().item()
        correct = int((result.argmax(-1) == labels).sum())
        points.append({"layer": layer["name"], "rank": layer["rank"], "correct": correct, "divergence": divergence})
    answer({"seconds": seconds, "points": points})
