"""Trains one sample network on the CPU, exports it as ONNX and reports what it is and how well it does.

Called by ../make.ts; `train.py --help` lists the arguments.
"""

import argparse
import json
import time

import torch
from export import describe, export
from images import augment, normalise, read_records
from networks import NETWORKS
from torch.nn import functional

BATCH = 128
PEAK_RATE = 0.08
WARM_UP = 0.2
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
LABEL_SMOOTHING = 0.05


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=sorted(NETWORKS))
    parser.add_argument("--train", required=True, help="training records, not packed")
    parser.add_argument("--validation", required=True, help="validation records, not packed")
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--mean", type=float, nargs=3, required=True)
    parser.add_argument("--scale", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--onnx", required=True, help="where the network goes")
    parser.add_argument("--report", required=True, help="where the JSON report goes")
    return parser.parse_args()


def train_epoch(network, optimiser, schedule, batches, arguments, random):
    """Goes once through the batches of (pixels, labels); returns the mean loss."""
    network.train()
    total = 0.0
    for pixels, labels in batches:
        inputs = normalise(augment(pixels, random), arguments.mean, arguments.scale)
        loss = functional.cross_entropy(network(inputs), labels, label_smoothing=LABEL_SMOOTHING)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        total += loss.item()
    return total / len(batches)


def shuffled_batches(pixels, labels, random):
    """Whole batches in random order; the remainder of an epoch is left out."""
    order = torch.randperm(len(labels), generator=random)
    whole = len(labels) // BATCH * BATCH
    return [(pixels[chosen], labels[chosen]) for chosen in order[:whole].split(BATCH)]


def count_correct(network, pixels, labels, arguments):
    """Number of images whose greatest logit is their label's, with the network in evaluation mode."""
    network.eval()
    with torch.no_grad():
        answers = [network(normalise(part, arguments.mean, arguments.scale)).argmax(1) for part in pixels.split(256)]
    return int((torch.cat(answers) == labels).sum())


def train(arguments):
    """Trains the network with SGD on one warm-up-and-anneal cycle; returns it with each epoch's mean loss."""
    random = torch.Generator().manual_seed(arguments.seed)
    pixels, labels = read_records(arguments.train)
    network = NETWORKS[arguments.network](arguments.classes).to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(
        network.parameters(), PEAK_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY, nesterov=True
    )
    steps = len(labels) // BATCH * arguments.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, steps, pct_start=WARM_UP)
    losses = []
    for epoch in range(arguments.epochs):
        started = time.time()
        batches = shuffled_batches(pixels, labels, random)
        losses.append(train_epoch(network, optimiser, schedule, batches, arguments, random))
        print(f"{arguments.network} epoch {epoch + 1}: loss {losses[-1]:.9f}, {time.time() - started:.0f} s", flush=True)
    return network, losses


def main():
    """Trains, folds what is not shipped, exports, checks, reports."""
    arguments = parse_arguments()
    torch.manual_seed(arguments.seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(arguments.threads)
    network, losses = train(arguments)
    network = network.folded().to(memory_format=torch.contiguous_format)
    pixels, labels = read_records(arguments.validation)
    correct = count_correct(network, pixels, labels, arguments)
    export(network, arguments.onnx)
    report = {
        "torch": torch.__version__,
        "epochs": arguments.epochs,
        "losses": losses,
        "correct": correct,
        "images": len(labels),
        **describe(arguments.onnx),
    }
    with open(arguments.report, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)
    print(f"{arguments.network}: {correct} of {len(labels)} validation images right")


if __name__ == "__main__":
    main()
