"""Times networks in plain PyTorch.

Reads a folder written by bench/browser.ts and prints its setting; then, for every line with the position of a network
on its input, runs it on all images and prints the seconds, one JSON object a line. Each network gets the fastest of a
few batch sizes, in PyTorch's favour.
"""
import sys
import time

import torch

from network import Builder, answer, scores, start

graph, weights, images = start()
builder = Builder(weights)
networks = [builder.network(nodes) for nodes in graph["networks"]]


def seconds(network, batch_size):
    began = time.perf_counter()
    scores(graph, network, images, batch_size)
    return time.perf_counter() - began


def fastest(network):
    sizes = sorted({min(size, len(images)) for size in (1, 4, 8, 16, 32, 64, 128)})
    scores(graph, network, images[: sizes[-1]], sizes[-1])
    return min(sizes, key=lambda size: seconds(network, size))


sizes = [fastest(network) for network in networks]
answer({"torch": torch.__version__, "threads": torch.get_num_threads(), "batchSizes": sizes})
for line in sys.stdin:
    position = int(line)
    answer({"seconds": seconds(networks[position], sizes[position])})
