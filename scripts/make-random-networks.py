"""Draws random networks of every ONNX operator that the studio reads: src/formats/models/onnx/generated/networks.zip.

A one-off, run by hand with onnx 1.12 (Debian 12: python3-onnx); the same networks on every machine:

    /usr/bin/python3 scripts/make-random-networks.py

Each network is a graph with branches, of an operator set from 6 to 21, with random shapes, strides, paddings and
weights. Operators that few networks have so far are drawn more often. What they compute is not stored: the tests ask
ONNX Runtime. It knows operator sets from 7 on, so a network of set 6 has a twin, the same network after onnx's own
converter of versions. Weights are small fractions, which pack well.
"""

import io
import os
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, version_converter

FILE = os.path.join(os.path.dirname(__file__), "../src/formats/models/onnx/generated/networks.zip")
NETWORKS = 160
QUANTISED = 16
counts = {}
operators = {}


class Value:
    """A value by name; its shape leaves out the batch."""

    def __init__(self, name, shape):
        self.name, self.shape = name, tuple(int(extent) for extent in shape)


class Graph:
    """One network while it is drawn, in the spelling of its operator set."""

    def __init__(self, seed, opset, batch, shape):
        self.opset, self.batch = opset, batch
        self.random = np.random.default_rng(seed)
        self.nodes, self.initializers, self.used = [], [], set()
        self.input = Value("image", shape)
        self.values = [self.input]
        self.drawn, self.named = [], 0

    # Drawing

    def whole(self, low, high):
        return int(self.random.integers(low, high + 1))

    def pick(self, choices):
        return choices[self.whole(0, len(choices) - 1)]

    def chance(self, share):
        return self.random.random() < share

    def floats(self, shape, low=-1.0, high=1.0):
        return (np.round(self.random.uniform(low, high, shape) * 64) / 64).astype(np.float32)

    # Writing

    def name(self, what):
        self.named += 1
        return f"{what}{self.named}"

    def weight(self, array, what="w"):
        """A weight as an initializer, or now and then as a Constant node."""
        array = np.asarray(array)
        name = self.name(what)
        if array.size < 9 and self.chance(0.3):
            self.nodes.append(helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array, name)))
        else:
            self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def integers(self, values):
        return self.weight(np.array(values, np.int64), "shape")

    def add(self, operator, inputs, shape, outputs=1, **attributes):
        """A node; inputs are values, names, or empty strings for what is left out."""
        names = [value.name if isinstance(value, Value) else value for value in inputs]
        self.used.update(names)
        results = [self.name("v") + ("" if index == 0 else f"_{index}") for index in range(outputs)]
        node = helper.make_node(operator, names, results, name=self.name(operator), **attributes)
        self.nodes.append(node)
        self.drawn.append(operator)
        return Value(results[0], shape) if outputs == 1 else results

    def unary(self, operator, value, **attributes):
        return self.add(operator, [value], value.shape, **attributes)

    def number(self, value):
        return self.weight(np.float32(value), "c")

    def combine(self, operator, left, right, shape):
        """Two operands of the same axes; sets before 7 stretched the second one only where told to."""
        old = {"broadcast": 1} if self.opset < 7 and operator in ("Add", "Sub", "Mul", "Div", "Pow") else {}
        return self.add(operator, [left, right], shape, **old)

    def positive(self, value, offset=0.25):
        """The value squeezed between two positive bounds."""
        gate = self.unary("Sigmoid", value)
        return self.combine("Add", gate, self.number(offset), value.shape)

    def partner(self, value):
        """Another value of the same shape: one that is there, or a new branch."""
        same = [other for other in self.values if other.shape == value.shape and other is not value]
        return self.pick(same) if same else self.unary(self.pick(["Relu", "Tanh", "Sigmoid"]), value)

    def constant_beside(self, value, low=-1.0, high=1.0):
        """A constant operand: one number, one per channel, one per pixel, or all of them."""
        if self.opset < 7:
            return self.weight(self.floats((), low, high))
        rest = (1,) * (len(value.shape) - 1)
        forms = [(), (1,), (value.shape[0], *rest), (1, value.shape[0], *rest)]
        if len(value.shape) > 1:
            forms += [value.shape[1:], (1, 1, *value.shape[1:])]
        return self.weight(self.floats(self.pick(forms), low, high))


def operator(name, kinds, since=6, until=99):
    """Registers how an operator is drawn: on which kinds of values, and in which operator sets."""

    def register(draw):
        operators[name] = (kinds, since, until, draw)
        return draw

    return register


ANY = ("image", "vector", "sequence")
IMAGE, VECTOR, SEQUENCE = ("image",), ("vector",), ("sequence",)
SPATIAL = ("image", "sequence")


def kind_of(value):
    return {1: "vector", 2: "sequence", 3: "image"}[len(value.shape)]


# Functions of one value

for plain, since in [
    ("Relu", 6), ("Sigmoid", 6), ("Tanh", 6), ("Softplus", 6), ("Softsign", 6), ("Abs", 6), ("Neg", 6), ("Erf", 9),
    ("HardSwish", 14), ("Identity", 6), ("Mish", 18), ("Gelu", 20),
]:
    operator(plain, ANY, since)(lambda g, x, plain=plain: g.unary(plain, x))


@operator("LeakyRelu", ANY)
def leaky_relu(g, x):
    return g.unary("LeakyRelu", x, **({"alpha": g.whole(1, 12) / 16} if g.chance(0.7) else {}))


@operator("Elu", ANY)
def elu(g, x):
    return g.unary("Elu", x, **({"alpha": g.whole(4, 24) / 16} if g.chance(0.7) else {}))


@operator("Selu", ANY)
def selu(g, x):
    return g.unary("Selu", x, **({"alpha": 1.5, "gamma": 1.125} if g.chance(0.4) else {}))


@operator("HardSigmoid", ANY)
def hard_sigmoid(g, x):
    return g.unary("HardSigmoid", x, **({"alpha": 0.25, "beta": 0.375} if g.chance(0.6) else {}))


@operator("Clip", ANY)
def clip(g, x):
    low, high = g.pick([(0.0, 6.0), (0.0, None), (-0.5, 0.75), (None, 0.5), (-1.0, None), (0.0, 1.0), (None, None)])
    if g.opset < 11:
        bounds = {name: bound for name, bound in (("min", low), ("max", high)) if bound is not None}
        return g.unary("Clip", x, **bounds)
    bounds = ["" if bound is None else g.number(bound) for bound in (low, high)]
    while bounds and bounds[-1] == "":
        bounds.pop()
    return g.add("Clip", [x, *bounds], x.shape)


@operator("PRelu", ANY, 7)
def parametric_relu(g, x):
    rest = (1,) * (len(x.shape) - 1)
    forms = [(1,), (x.shape[0], *rest), (1, x.shape[0], *rest)]
    return g.add("PRelu", [x, g.weight(g.floats(g.pick(forms), 0.0, 0.5))], x.shape)


@operator("Exp", ANY)
def exponential(g, x):
    return g.unary("Exp", g.unary("Tanh", x))


@operator("Log", ANY)
def logarithm(g, x):
    return g.unary("Log", g.positive(x))


@operator("Sqrt", ANY)
def root(g, x):
    return g.unary("Sqrt", g.positive(x))


@operator("Reciprocal", ANY)
def reciprocal(g, x):
    return g.unary("Reciprocal", g.positive(x, 0.5))


@operator("Pow", ANY, 7)
def power(g, x):
    if g.chance(0.5):
        return g.combine("Pow", x, g.number(2), x.shape)
    return g.combine("Pow", g.positive(x), g.number(g.pick([0.5, 1.5, 3.0])), x.shape)


@operator("Softmax", ANY)
def softmax(g, x):
    if kind_of(x) == "vector":
        return g.unary("Softmax", x, **({"axis": 1} if g.opset < 11 or g.chance(0.5) else {"axis": -1}))
    if g.opset >= 13:
        return g.unary("Softmax", x, axis=1)
    # Older sets take everything from the axis on for one: what is left of a pooled value is its channels.
    return softmax(g, flattened(g, x))


@operator("LogSoftmax", ANY)
def log_softmax(g, x):
    if kind_of(x) == "vector":
        return g.unary("LogSoftmax", x, axis=1)
    if g.opset >= 13:
        return g.unary("LogSoftmax", x, axis=1)
    return log_softmax(g, flattened(g, x))


@operator("Dropout", ANY)
def dropout(g, x):
    if g.opset < 7:
        return g.unary("Dropout", x, is_test=1, ratio=0.5)
    if g.opset < 12:
        return g.unary("Dropout", x, ratio=0.25)
    return g.add("Dropout", [x, g.number(0.5)] if g.chance(0.5) else [x], x.shape)


@operator("Cast", ANY)
def cast(g, x):
    return g.unary("Cast", x, to=TensorProto.FLOAT)


@operator("LRN", IMAGE)
def local_response(g, x):
    return g.unary("LRN", x, size=g.pick([1, 3, 5]), alpha=0.5, beta=0.75, bias=1.5)


# Layers


def window(g, extent, widest=4):
    """Kernel, stride, dilation and pads along one axis of a value, such that something is left."""
    kernel = g.whole(1, min(widest, extent))
    dilation = 2 if 2 * (kernel - 1) < extent and g.chance(0.2) else 1
    span = (kernel - 1) * dilation + 1
    before, after = (g.whole(0, min(2, kernel - 1)), g.whole(0, min(2, kernel - 1))) if g.chance(0.5) else (0, 0)
    stride = g.pick([1, 1, 1, 2, 3])
    size = (extent + before + after - span) // stride + 1
    return kernel, stride, dilation, before, after, size


def windows(g, x, widest=4):
    columns = list(zip(*[window(g, extent, widest) for extent in x.shape[1:]]))
    kernel, stride, dilation, before, after, size = [list(column) for column in columns]
    return {"kernel_shape": kernel, "strides": stride, "dilations": dilation, "pads": before + after}, size


def same_padded(g, x, attributes):
    """The same window, padded by name, and the size that it leaves."""
    # A stride over the window would leave pixels out, for which there is no padding.
    strides = zip(attributes["strides"], attributes["kernel_shape"])
    attributes = {**attributes, "strides": [min(stride, kernel) for stride, kernel in strides]}
    attributes = {key: value for key, value in attributes.items() if key not in ("pads", "dilations")}
    attributes["auto_pad"] = mode = g.pick(["SAME_UPPER", "SAME_LOWER", "VALID"])
    pairs = zip(x.shape[1:], attributes["kernel_shape"], attributes["strides"])
    return attributes, [-(-(extent if mode != "VALID" else extent - kernel + 1) // stride) for extent, kernel, stride in pairs]


@operator("Conv", SPATIAL)
def convolution(g, x):
    attributes, size = windows(g, x)
    if g.chance(0.25):
        attributes, size = same_padded(g, x, attributes)
    channels = x.shape[0]
    groups = g.pick([groups for groups in range(1, channels + 1) if channels % groups == 0])
    outputs = groups * g.whole(1, max(1, 6 // groups))
    kernel = attributes["kernel_shape"]
    fan_in = channels // groups * int(np.prod(kernel))
    scale = 2 / np.sqrt(fan_in)
    weight = g.weight(g.floats((outputs, channels // groups, *kernel), -scale, scale))
    bias = [g.weight(g.floats((outputs,)))] if g.chance(0.6) else []
    if groups > 1:
        attributes["group"] = groups
    return g.add("Conv", [x, weight, *bias], (outputs, *size), **attributes)


@operator("BatchNormalization", ANY)
def batch_norm(g, x):
    channels = x.shape[:1]
    parts = [g.floats(channels, 0.5, 1.5), g.floats(channels), g.floats(channels, -0.5, 0.5), g.floats(channels, 0.5, 1.5)]
    old = {"is_test": 1} if g.opset < 7 else {}
    epsilon = {"epsilon": 1 / 64} if g.chance(0.5) else {}
    return g.add("BatchNormalization", [x, *map(g.weight, parts)], x.shape, **old, **epsilon)


def channel_pair(g, channels):
    return [g.weight(g.floats((channels,), 0.5, 1.5)), g.weight(g.floats((channels,)))]


@operator("InstanceNormalization", SPATIAL)
def instance_norm(g, x):
    # Of few pixels that are alike it makes noise.
    if np.prod(x.shape[1:]) < 9:
        return None
    parts = channel_pair(g, x.shape[0])
    return g.add("InstanceNormalization", [x, *parts], x.shape, epsilon=1 / 16)


@operator("LayerNormalization", ANY, 17)
def layer_norm(g, x):
    if x.shape[-1] < 3:
        return None
    parts = channel_pair(g, x.shape[-1])
    return g.add("LayerNormalization", [x, *(parts if g.chance(0.6) else parts[:1])], x.shape, axis=-1, epsilon=1 / 16)


@operator("Gemm", VECTOR)
def gemm(g, x):
    outputs = g.whole(3, 8)
    scale = 2 / np.sqrt(x.shape[0])
    transposed = g.chance(0.6)
    shape = (outputs, x.shape[0]) if transposed else (x.shape[0], outputs)
    forms = [(outputs,)] if g.opset < 7 else [(outputs,), (1, outputs), (1,)]
    bias = [g.weight(g.floats(g.pick(forms)))]
    if g.opset >= 11 and g.chance(0.3):
        bias = []
    attributes = {"transB": int(transposed)}
    if g.chance(0.3):
        attributes.update(alpha=0.5, beta=1.5)
    old = {"broadcast": 1} if g.opset < 7 else {}
    return g.add("Gemm", [x, g.weight(g.floats(shape, -scale, scale)), *bias], (outputs,), **attributes, **old)


@operator("MatMul", ANY)
def matrix_product(g, x):
    if kind_of(x) == "sequence" and g.chance(0.5):
        # What attends to what: every row times every other.
        rows, length = x.shape
        turned = g.add("Transpose", [x], (length, rows), perm=[0, 2, 1])
        scaled = g.combine("Mul", g.add("MatMul", [x, turned], (rows, rows)), g.number(0.125), (rows, rows))
        return scaled
    inputs, outputs = x.shape[-1], g.whole(3, 8)
    scale = 2 / np.sqrt(inputs)
    shape = (*x.shape[:-1], outputs)
    product = g.add("MatMul", [x, g.weight(g.floats((inputs, outputs), -scale, scale))], shape)
    if g.chance(0.4):
        return product
    bias = g.weight(g.floats((outputs,)))
    if g.opset < 7:
        return g.add("Add", [product, bias], shape, broadcast=1)
    return g.add("Add", [product, bias] if g.chance(0.7) else [bias, product], shape)


# Pooling


def pool(name):
    def draw(g, x):
        attributes, size = windows(g, x)
        attributes.pop("dilations")
        # A window that lies in the padding alone has no value, and pads are less than the window.
        count = len(size)
        span = attributes["kernel_shape"]
        pads = [min(pad, span[index % count] - 1) for index, pad in enumerate(attributes["pads"])]
        attributes["pads"] = pads
        columns = list(zip(x.shape[1:], span, attributes["strides"], pads[:count], pads[count:]))
        size = [(extent + before + after - kernel) // stride + 1 for extent, kernel, stride, before, after in columns]
        if name == "AveragePool" and g.opset >= 7 and g.chance(0.5):
            attributes["count_include_pad"] = 1
        if g.chance(0.2):
            attributes, size = same_padded(g, x, attributes)
        elif g.opset >= 10 and g.chance(0.3) and not any(pads):
            attributes["ceil_mode"] = 1
            size = [-(-(extent - kernel) // stride) + 1 for extent, kernel, stride, _, _ in columns]
            # Of a window that begins behind the image programs think differently.
            if any((one - 1) * stride >= extent for one, (extent, _, stride, _, _) in zip(size, columns)):
                attributes.pop("ceil_mode")
                size = [(extent - kernel) // stride + 1 for extent, kernel, stride, _, _ in columns]
        return g.add(name, [x], (x.shape[0], *size), **attributes)

    return draw


for name in ("MaxPool", "AveragePool"):
    operator(name, SPATIAL)(pool(name))
for name in ("GlobalAveragePool", "GlobalMaxPool"):
    operator(name, SPATIAL)(lambda g, x, name=name: g.add(name, [x], (x.shape[0],) + (1,) * (len(x.shape) - 1)))


def reduction(name):
    def draw(g, x):
        axes = g.pick([[2, 3], [-2, -1], [1], [2], [3], [1, 2, 3]] if kind_of(x) == "image" else [[2], [1]])
        places = [axis % (len(x.shape) + 1) for axis in axes]
        keep = g.chance(0.5) or len(places) == len(x.shape)
        kept = [1 if axis + 1 in places else extent for axis, extent in enumerate(x.shape)]
        shape = kept if keep else [extent for axis, extent in enumerate(x.shape) if axis + 1 not in places]
        if g.opset < 11:
            axes = places
        if g.opset >= (13 if name == "ReduceSum" else 18):
            return g.add(name, [x, g.integers(axes)], shape, keepdims=int(keep))
        return g.add(name, [x], shape, axes=axes, keepdims=int(keep))

    return draw


for name in ("ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL2"):
    operator(name, SPATIAL)(reduction(name))


# Several values


def binary(name):
    def draw(g, x):
        if g.chance(0.5):
            right = g.constant_beside(x, 0.5, 1.5)
            return g.combine(name, x, right, x.shape)
        right = g.partner(x)
        if name == "Div":
            right = g.positive(right, 0.5)
        return g.add(name, [x, right], x.shape)

    return draw


for name in ("Add", "Sub", "Mul", "Div"):
    operator(name, ANY)(binary(name))


def variadic(name):
    def draw(g, x):
        if g.opset >= 8 and g.chance(0.3):
            return g.add(name, [x, g.constant_beside(x)], x.shape)
        others = [g.partner(x) for _ in range(g.whole(1, 2))]
        return g.add(name, [x, *others], x.shape)

    return draw


for name in ("Sum", "Max", "Min", "Mean"):
    operator(name, ANY)(variadic(name))


@operator("Concat", ANY)
def concat(g, x):
    axis = g.whole(1, len(x.shape))
    fits = [other for other in g.values if len(other.shape) == len(x.shape)
            and all(a == b for place, (a, b) in enumerate(zip(x.shape, other.shape)) if place != axis - 1)]
    others = [g.pick(fits)] if fits and g.chance(0.6) else [g.partner(x)]
    extent = x.shape[axis - 1] + sum(other.shape[axis - 1] for other in others)
    shape = [extent if place == axis - 1 else other for place, other in enumerate(x.shape)]
    given = axis if g.opset < 11 or g.chance(0.7) else axis - len(x.shape) - 1
    return g.add("Concat", [x, *others], shape, axis=given)


# Parts and places of values


@operator("Pad", IMAGE)
def pad(g, x):
    sides = [g.whole(0, 2) for _ in range(4)]
    pads = [0, 0, sides[0], sides[1], 0, 0, sides[2], sides[3]]
    value = g.pick([0.0, 0.5, -0.25])
    shape = (x.shape[0], x.shape[1] + sides[0] + sides[2], x.shape[2] + sides[1] + sides[3])
    if g.opset < 11:
        return g.add("Pad", [x], shape, pads=pads, value=value)
    parts = [g.integers(pads), *([g.number(value)] if value or g.chance(0.5) else [])]
    if value == 0.0 and len(parts) == 1:
        return g.add("Pad", [x, *parts], shape)
    return g.add("Pad", [x, *parts], shape, mode="constant")


def flattened(g, x):
    return g.add("Flatten", [x], (int(np.prod(x.shape)),), **({"axis": 1} if g.chance(0.5) else {}))


operator("Flatten", SPATIAL)(flattened)


def reshaped(g, x, shape, batch=None):
    first = batch if batch is not None else g.pick([-1, 0])
    return g.add("Reshape", [x, g.integers([first, *shape])], shape)


@operator("Reshape", ANY)
def reshape(g, x):
    size = int(np.prod(x.shape))
    if kind_of(x) == "vector":
        divisors = [divisor for divisor in range(1, size + 1) if size % divisor == 0]
        channels = g.pick(divisors)
        height = g.pick([divisor for divisor in divisors if size // channels % divisor == 0])
        return reshaped(g, x, (channels, height, size // channels // height))
    if kind_of(x) == "image" and x.shape[0] % 2 == 0 and g.chance(0.4):
        channels, height, width = x.shape
        apart = reshaped(g, x, (2, channels // 2, height, width))
        turned = g.add("Transpose", [apart], (channels // 2, 2, height, width), perm=[0, 2, 1, 3, 4])
        return reshaped(g, turned, x.shape)
    if kind_of(x) == "image" and g.chance(0.4):
        channels, height, width = x.shape
        return reshaped(g, x, g.pick([(channels, height * width), (channels * height, width), (channels, width, height)]))
    if g.batch == "n" and g.chance(0.4):
        # The batch taken from the value's own shape, as PyTorch's exporter writes x.view(x.size(0), -1).
        sizes = g.add("Shape", [x], (len(x.shape) + 1,))
        batch = g.add("Gather", [sizes, g.weight(np.array(0, np.int64), "index")], (), axis=0)
        if g.opset < 13:
            row = g.add("Unsqueeze", [batch], (1,), axes=[0])
        else:
            row = g.add("Unsqueeze", [batch, g.integers([0])], (1,))
        return g.add("Reshape", [x, g.add("Concat", [row, g.integers([-1])], (2,), axis=0)], (size,))
    # The vector's length may be left open where the batch is not.
    return g.add("Reshape", [x, g.integers(g.pick([[0, -1], [-1, size]]))], (size,))


@operator("Transpose", SPATIAL)
def transpose(g, x):
    places = list(range(1, len(x.shape) + 1))
    turns = [list(turn) for turn in ([(1, 3, 2), (2, 3, 1), (3, 1, 2), (3, 2, 1), (2, 1, 3)] if len(places) == 3 else [(2, 1)])]
    turn = g.pick(turns)
    return g.add("Transpose", [x], [x.shape[place - 1] for place in turn], perm=[0, *turn])


@operator("Squeeze", SPATIAL)
def squeeze(g, x):
    mean = g.add("GlobalAveragePool", [x], (x.shape[0],) + (1,) * (len(x.shape) - 1))
    axes = list(range(2, len(x.shape) + 1))
    if g.opset >= 11 and g.chance(0.3):
        axes = [axis - len(x.shape) - 1 for axis in axes]
    if g.opset < 13:
        return g.add("Squeeze", [mean], x.shape[:1], axes=axes)
    return g.add("Squeeze", [mean, g.integers(axes)], x.shape[:1])


@operator("Unsqueeze", VECTOR)
def unsqueeze(g, x):
    axes = g.pick([[2, 3], [1, 2], [1, 3], [2]])
    extents = iter(x.shape)
    shape = [1 if place in axes else next(extents) for place in range(1, len(axes) + 2)]
    if g.opset < 13:
        return g.add("Unsqueeze", [x], shape, axes=axes)
    return g.add("Unsqueeze", [x, g.integers(axes)], shape)


@operator("Slice", ANY)
def part(g, x):
    axes = [axis for axis in range(1, len(x.shape) + 1) if g.chance(0.6)] or [1]
    starts, ends, steps, shape = [], [], [], list(x.shape)
    for axis in axes:
        extent = x.shape[axis - 1]
        start = g.whole(0, (extent - 1) // 2)
        end = g.whole(start + 1, extent)
        step = 2 if g.opset >= 10 and g.chance(0.25) else 1
        shape[axis - 1] = len(range(start, end, step))
        starts.append(start if g.chance(0.7) else start - extent)
        ends.append(end if end < extent else g.pick([extent, 2**31 - 1]))
        steps.append(step)
    if g.opset < 10:
        return g.add("Slice", [x], shape, axes=axes, starts=starts, ends=ends)
    parts = [starts, ends, axes, *([steps] if any(step > 1 for step in steps) else [])]
    return g.add("Slice", [x, *map(g.integers, parts)], shape)


@operator("Split", ANY)
def split(g, x):
    axis = g.pick([axis for axis, extent in enumerate(x.shape, 1) if extent > 1] or [0])
    if axis == 0:
        return None
    extent = x.shape[axis - 1]
    first = extent // 2 if extent % 2 == 0 and g.chance(0.5) else g.whole(1, extent - 1)
    lengths = [first, extent - first]
    inputs, attributes = [x], {"axis": axis}
    if first * 2 != extent or g.chance(0.5) or g.opset >= 18:
        if g.opset < 13:
            attributes["split"] = lengths
        else:
            inputs.append(g.integers(lengths))
    names = g.add("Split", inputs, None, outputs=2, **attributes)
    shapes = [[length if place == axis - 1 else other for place, other in enumerate(x.shape)] for length in lengths]
    parts = [Value(name, shape) for name, shape in zip(names, shapes)]
    g.values.append(parts[0])
    return parts[1]


@operator("Gather", ANY)
def gather(g, x):
    axis = g.whole(1, len(x.shape))
    extent = x.shape[axis - 1]
    if len(x.shape) == 3 and g.chance(0.3):
        # One channel, put back in its place as an axis of one.
        index = g.weight(np.array(g.whole(0, extent - 1), np.int64), "index")
        taken = g.add("Gather", [x, index], [other for place, other in enumerate(x.shape) if place != axis - 1], axis=axis)
        shape = [1 if place == axis - 1 else other for place, other in enumerate(x.shape)]
        if g.opset < 13:
            return g.add("Unsqueeze", [taken], shape, axes=[axis])
        return g.add("Unsqueeze", [taken, g.integers([axis])], shape)
    indices = [g.whole(0, extent - 1) for _ in range(g.whole(2, 4))]
    shape = [len(indices) if place == axis - 1 else other for place, other in enumerate(x.shape)]
    return g.add("Gather", [x, g.weight(np.array(indices, np.int64), "indices")], shape, axis=axis)


@operator("Resize", IMAGE, 11)
def resize(g, x):
    channels, height, width = x.shape
    if height * width > 100:
        return None
    linear = g.chance(0.5)
    mode = {"mode": "linear"} if linear else {"mode": "nearest", "nearest_mode": "floor"}
    how = g.pick(["half_pixel", "align_corners", "asymmetric"] if linear else ["asymmetric"])
    shape = (channels, 2 * height, g.pick([2, 3]) * width)
    scales = [1, 1, shape[1] / height, shape[2] / width]
    mode["coordinate_transformation_mode"] = how
    if g.chance(0.5) or g.batch == "n":
        parts = ["", g.weight(np.array(scales, np.float32), "scales")]
    else:
        parts = ["", "", g.integers([g.batch, *shape])]
    if g.opset < 13 and len(parts) == 3:
        parts[1] = g.weight(np.array([], np.float32), "scales")
    if g.opset < 13:
        parts[0] = g.weight(np.array([], np.float32), "roi")
    return g.add("Resize", [x, *parts], shape, **mode)


@operator("Upsample", IMAGE, 7, 9)
def upsample(g, x):
    channels, height, width = x.shape
    if height * width > 100:
        return None
    vertical, horizontal = g.pick([(2, 2), (2, 3), (1, 2)])
    scales = [1.0, 1.0, float(vertical), float(horizontal)]
    shape = (channels, vertical * height, horizontal * width)
    if g.opset < 9:
        return g.add("Upsample", [x], shape, mode="nearest", scales=scales)
    return g.add("Upsample", [x, g.weight(np.array(scales, np.float32), "scales")], shape, mode="nearest")


# Levels: drawn in the last networks only, so that the others stay as they are


def levels(g, shape, kind=np.int8):
    return g.weight(g.random.integers(-127 if kind == np.int8 else 0, 128, shape).astype(kind), "levels")


def quantise_pair(g, x):
    """To a byte and back, by a scale of which no value is a multiple and a half."""
    kind = g.pick([np.int8, np.uint8])
    parts = [g.number(g.pick([0.0137, 0.0291, 0.0073])), g.weight(kind(g.whole(0, 100)), "zero")]
    if kind == np.uint8 and g.chance(0.3):
        parts.pop()
    between = g.add("QuantizeLinear", [x, *parts], x.shape)
    if kind_of(x) != "vector" and g.chance(0.3):
        between = flattened(g, between)
    return g.add("DequantizeLinear", [between, *parts], between.shape)


def quantised_weight(g, shape, axis=0):
    """A weight whose levels have a scale of their own for each output channel, or one for all, or one in float16."""
    if g.chance(0.25):
        return g.add("Cast", [g.weight(g.floats(shape).astype(np.float16))], shape, to=TensorProto.FLOAT)
    if g.opset >= 13 and g.chance(0.7):
        scales = np.abs(g.floats(shape[axis : axis + 1], 0.5, 1.5)) / 100
        zeros = [g.weight(np.zeros(len(scales), np.int8), "zero")] if g.chance(0.5) else []
        return g.add("DequantizeLinear", [levels(g, shape), g.weight(scales.astype(np.float32)), *zeros], shape, axis=axis)
    kind = g.pick([np.int8, np.uint8])
    zero = g.weight(kind(60 if kind == np.uint8 else 0), "zero")
    return g.add("DequantizeLinear", [levels(g, shape, kind), g.number(0.011), zero], shape)


def quantised_layer(g, x):
    outputs = g.whole(2, 5)
    if kind_of(x) == "vector":
        return g.add("Gemm", [x, quantised_weight(g, (outputs, x.shape[0])), g.weight(g.floats((outputs,)))], (outputs,), transB=1)
    if kind_of(x) != "image":
        return None
    kernel = [min(3, extent) for extent in x.shape[1:]]
    weight = quantised_weight(g, (outputs, x.shape[0], *kernel))
    bias = g.add("DequantizeLinear", [g.weight(g.random.integers(-9000, 9000, outputs).astype(np.int32)), g.number(0.0001)], (outputs,))
    size = [extent - side + 1 for extent, side in zip(x.shape[1:], kernel)]
    return g.add("Conv", [x, weight, bias], (outputs, *size), kernel_shape=kernel)


def register_levels():
    operators["QuantizeLinear"] = (ANY, 10, 99, quantise_pair)
    operators["DequantizeLinear"] = (ANY, 10, 99, quantised_layer)


# Whole networks


def is_possible(name, value, opset):
    kinds, since, until, _ = operators[name]
    return kind_of(value) in kinds and since <= opset <= until and (opset >= 7 or name not in BEYOND_SIX)


# What the converter of versions cannot follow, or what set 6 spells as nobody does today.
BEYOND_SIX = {"Concat", "Gemm", "MatMul", "Reshape"}


def step(g):
    """Applies one operator, rather one that few networks have, to one value, rather the newest."""
    value = g.values[-1] if g.chance(0.7) else g.pick(g.values)
    names = [name for name in operators if is_possible(name, value, g.opset)]
    rarity = np.array([1 / (1 + counts.get(name, 0)) ** 2 for name in names])
    drawn = names[int(g.random.choice(len(names), p=rarity / rarity.sum()))]
    before = len(g.nodes), len(g.drawn), len(g.values), set(g.used)
    result = operators[drawn][3](g, value)
    if result is not None and 0 < np.prod(result.shape) <= 600:
        g.values.append(result)
        return
    # Too large, or not possible: nothing of it stays but names.
    del g.nodes[before[0]:], g.drawn[before[1]:], g.values[before[2]:]
    g.used = before[3]


def finish(g):
    """Joins everything that nothing reads, and answers with a few scores."""
    loose = [value for value in g.values if value.name not in g.used]
    rows = []
    for value in loose:
        if kind_of(value) == "image" and g.chance(0.5):
            value = g.add("GlobalAveragePool", [value], (value.shape[0], 1, 1))
        rows.append(value if kind_of(value) == "vector" else flattened(g, value))
    size = sum(row.shape[0] for row in rows)
    joined = rows[0] if len(rows) == 1 else g.add("Concat", rows, (size,), axis=1)
    scale = 2 / np.sqrt(size)
    weight, bias = g.weight(g.floats((4, size), -scale, scale)), g.weight(g.floats((4,)))
    old = {"broadcast": 1} if g.opset < 7 else {}
    scores = g.add("Gemm", [joined, weight, bias], (4,), transB=1, **old)
    return g.add("Softmax", [scores], (4,), axis=1) if g.chance(0.3) else scores


def draw(seed, opset):
    """One network of an operator set."""
    choice = np.random.default_rng(seed)
    shapes = [(3, 8, 8), (1, 9, 7), (4, 6, 6), (2, 12, 5), (6, 5, 5), (24,), (12,), (3, 16), (4, 11)]
    shape = shapes[int(choice.choice(len(shapes), p=[0.2, 0.15, 0.15, 0.1, 0.1, 0.08, 0.07, 0.1, 0.05]))]
    # onnx's converter of versions knows no names of sizes.
    batch = ["n", 1, 2][int(choice.integers(1 if opset == 6 else 0, 3))]
    g = Graph(seed, opset, batch, shape)
    for _ in range(int(choice.integers(4, 10))):
        step(g)
    return g, finish(g)


def model_of(g, output, name):
    used = {name for node in g.nodes for name in node.input}
    info = lambda value: helper.make_tensor_value_info(value.name, TensorProto.FLOAT, [g.batch, *value.shape])
    tensors = [tensor for tensor in g.initializers if tensor.name in used]
    nodes = [node for node in g.nodes if node.op_type != "Constant" or node.output[0] in used]
    graph = helper.make_graph(nodes, name, [info(g.input)], [info(output)], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", g.opset)], producer_name="random networks")
    model.ir_version = {6: 3, 7: 3, 8: 3, 9: 4, 10: 5, 11: 6}.get(g.opset, 7 if g.opset < 15 else 8)
    if model.ir_version < 4:
        # Weights were inputs, too.
        for tensor in tensors:
            graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))
        model.graph.CopyFrom(graph)
    if g.opset <= onnx.defs.onnx_opset_version():
        onnx.checker.check_model(model)
    return model.SerializeToString()


def twin_of(model):
    """The network of set 6 in set 8, or None where the converter cannot follow."""
    try:
        return version_converter.convert_version(onnx.load_from_string(model), 8).SerializeToString()
    except RuntimeError:
        return None


def drawn_networks(index):
    """The files of one network, drawn again until set 6 has its twin."""
    # Sets that Debian's onnx does not know yet come in every fifth network.
    opset = [18, 20, 17, 19, 21][index // 5 % 5] if index % 5 == 4 else 6 + index % 12
    if index >= NETWORKS:
        opset = max(opset, 10)
    name = f"{index:03d}-opset{opset}"
    for attempt in range(20):
        g, output = draw(1000 + index + 1000 * attempt, opset)
        model = model_of(g, output, name)
        if opset > 6:
            return g, {f"{name}.onnx": model}
        twin = twin_of(model)
        if twin is not None:
            return g, {f"{name}.onnx": model, f"{name}.twin.onnx": twin}
    raise RuntimeError(f"{name}: none of 20 networks could be converted")


def main():
    files = {}
    for index in range(NETWORKS + QUANTISED):
        if index == NETWORKS:
            register_levels()
        g, drawn = drawn_networks(index)
        files.update(drawn)
        for name in set(g.drawn):
            counts[name] = counts.get(name, 0) + 1
    os.makedirs(os.path.dirname(FILE), exist_ok=True)
    with zipfile.ZipFile(FILE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    print(f"{len(files)} files, {os.path.getsize(FILE)} bytes")
    print(", ".join(f"{name} {counts[name]}" for name in sorted(counts)))


main()
