#!/usr/bin/env python3
"""Writes HDF5 files whose weights are stored in ways that h5wasm does not write, laid out as Keras lays them out.

Run once with Debian's python3-h5py; the files are committed under src/formats/models/keras/fixtures.
"""

import json
from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(__file__).parent.parent / "src/formats/models/keras/fixtures"
KERNEL = np.array([[1, -2.5], [3, 0.5], [128, -0.0078125], [0, 256]], dtype="<f4")


def bfloat16(values):
    """Upper halves of float32, as opaque bytes: what h5py makes of ml_dtypes' bfloat16."""
    return (values.view("<u4") >> 16).astype("<u2").view("V2")


FORMS = {
    "float16": KERNEL.astype("<f2"),
    "float16_big_endian": KERNEL.astype(">f2"),
    "bfloat16": bfloat16(KERNEL),
    "float32_big_endian": KERNEL.astype(">f4"),
}


def write(name, kernel):
    layers = [
        {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 4]}},
        {"class_name": "Dense", "config": {"name": "scores", "units": 2, "use_bias": False}},
    ]
    model = {"class_name": "Sequential", "config": {"name": "net", "layers": layers}}
    with h5py.File(FOLDER / f"{name}.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(model)
        group = file.create_group("model_weights/scores")
        group.attrs["weight_names"] = ["scores/kernel:0"]
        data = group.create_dataset("scores/kernel:0", data=kernel)
        if name == "bfloat16":
            data.attrs["dtype"] = name


for form, values in FORMS.items():
    write(form, values)
