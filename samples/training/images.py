"""Image sets in CIFAR-10's binary layout, and what training does to them."""

import numpy
import torch

SIDE = 32
RECORD = 1 + 3 * SIDE * SIDE
SHIFT = 2


def read_records(path):
    """Reads a file of records (label byte, then planes R, G, B).

    Returns pixels (N, 3, 32, 32) as uint8 and labels (N,) as int64.
    """
    records = numpy.fromfile(path, numpy.uint8).reshape(-1, RECORD)
    pixels = torch.from_numpy(records[:, 1:].reshape(-1, 3, SIDE, SIDE).copy())
    return pixels, torch.from_numpy(records[:, 0].astype(numpy.int64))


def normalise(pixels, mean, scale):
    """(pixel - mean) * scale, one mean per channel, as float32 in channels-last order."""
    offset = torch.tensor(mean, dtype=torch.float32).view(1, 3, 1, 1)
    return ((pixels.float() - offset) * scale).contiguous(memory_format=torch.channels_last)


def augment(pixels, random):
    """Shifts the batch by up to two pixels, permutes its colour channels, and inverts it every other time.

    A letter stays that letter under all three. One draw per batch keeps this cheap.
    """
    channels = torch.randperm(3, generator=random)
    down, right = torch.randint(-SHIFT, SHIFT + 1, (2,), generator=random).tolist()
    rows = (torch.arange(SIDE) + down).clamp(0, SIDE - 1)
    columns = (torch.arange(SIDE) + right).clamp(0, SIDE - 1)
    moved = pixels[:, channels][:, :, rows][:, :, :, columns]
    return 255 - moved if torch.rand(1, generator=random).item() < 0.5 else moved
