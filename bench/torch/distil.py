"""Times plain PyTorch's training loop of distillation.

Reads a folder written by bench/distil.ts with two networks, the original and the cut one, and prints its setting; then,
for every line with a number of steps on its input, runs so many and prints the seconds. Batch norm is folded into the
convolutions on both sides, and images are not augmented, in PyTorch's favour.
"""
import sys
import time

import torch
import torch.nn.functional as F

from network import Builder, answer, scores, start

BATCH = 50
TEMPERATURE = 4.0


class Trained(Builder):
    """Weights of the cut network, as leaves that have gradients."""

    def __init__(self, weights):
        super().__init__(weights)
        self.parameters = []

    def leaf(self, value):
        self.parameters.append(value.detach().clone().requires_grad_())
        return self.parameters[-1]

    def folded(self, operator, norm):
        kernel, bias = super().folded(operator, norm)
        return self.leaf(kernel), None if bias is None else self.leaf(bias)


graph, weights, images = start()
torch.set_grad_enabled(True)
teacher = Builder(weights).network(graph["networks"][0])
builder = Trained(weights)
student = builder.network(graph["networks"][1])
optimiser = torch.optim.Adam(builder.parameters, lr=2e-4)
position = 0


def step():
    global position
    batch = images[position : position + BATCH]
    position = (position + BATCH) % (len(images) - BATCH + 1)
    with torch.no_grad():
        expected = scores(graph, teacher, batch, BATCH)
    found = scores(graph, student, batch, BATCH)
    loss = F.kl_div(
        F.log_softmax(found / TEMPERATURE, 1), F.softmax(expected / TEMPERATURE, 1), reduction="batchmean"
    )
    optimiser.zero_grad()
    (loss * TEMPERATURE**2).backward()
    torch.nn.utils.clip_grad_norm_(builder.parameters, 5.0)
    optimiser.step()


step()
answer({"torch": torch.__version__, "threads": torch.get_num_threads(), "batch": BATCH})
for line in sys.stdin:
    began = time.perf_counter()
    for _ in range(int(line)):
        step()
    answer({"seconds": time.perf_counter() - began})
