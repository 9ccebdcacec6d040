"""Makes the Caffe fixtures of src/formats/models/caffe/fixtures: one small net per kind of layer or spelling.

A one-off, run by hand with PyTorch 1.13 (Debian 12: python3-torch):

    /usr/bin/python3 scripts/make-caffe-fixtures.py

Caffe itself is in no package any more, so prototxts are written by hand, caffemodels by the few lines below
that follow the wire format, and what Caffe computes by its documentation is computed with PyTorch's functions.
The input is x[i] = ((37 i) mod 101) / 50 - 1 over one image in NCHW order (expected.json has outputs only).
"""

import json
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

FOLDER = os.path.join(os.path.dirname(__file__), "../src/formats/models/caffe/fixtures")
IMAGE = (1, 4, 7, 6)
expected = {}


def numbers(shape):
    count = int(np.prod(shape))
    return torch.tensor(((np.arange(count) * 37) % 101) / 50 - 1, dtype=torch.float32).reshape(shape)


def weights(*shape, seed=0, low=-0.5, high=0.5):
    values = np.random.default_rng(seed).uniform(low, high, shape)
    return torch.tensor(np.round(values, 3).astype(np.float32))


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def chunk(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def blob(values, form):
    """A BlobProto: 'shape' as Caffe writes now, 'legacy' with four extents, 'double' with float64."""
    flat = values.flatten().tolist()
    if form == "legacy":
        extents = [1] * (4 - values.dim()) + list(values.shape)
        head = b"".join(varint(index + 1 << 3) + varint(extent) for index, extent in enumerate(extents))
        # One by one, as writers before packed fields did.
        return head + b"".join(varint(5 << 3 | 5) + struct.pack("<f", value) for value in flat)
    shape = chunk(7, chunk(1, b"".join(varint(extent) for extent in values.shape)))
    if form == "double":
        return chunk(8, struct.pack(f"<{len(flat)}d", *flat)) + shape
    return chunk(5, struct.pack(f"<{len(flat)}f", *flat)) + shape


def model(name, layers, form="shape", v1=False):
    net = chunk(1, name.encode())
    for layer, kind, blobs in layers:
        if v1:
            body = chunk(4, layer.encode()) + varint(5 << 3) + varint(kind)
            net += chunk(2, body + b"".join(chunk(6, blob(values, "legacy")) for values in blobs))
        else:
            body = chunk(1, layer.encode()) + chunk(2, kind.encode())
            net += chunk(100, body + b"".join(chunk(7, blob(values, form)) for values in blobs))
    return net


def keep(name, prototxt, layers, output, shape=IMAGE, head=True, **options):
    """Writes a pair; the prototxt gets an Input layer in front unless it says its input itself."""
    dims = " ".join(f"dim: {extent}" for extent in shape)
    first = f'layer {{ name: "data" type: "Input" top: "data" input_param {{ shape {{ {dims} }} }} }}\n'
    with open(f"{FOLDER}/{name}.prototxt", "w") as file:
        file.write(f'name: "{name}"\n' + (first if head else "") + prototxt.strip() + "\n")
    with open(f"{FOLDER}/{name}.caffemodel", "wb") as file:
        file.write(model(name, [("data", "Input", []), *layers] if not options.get("v1") else layers, **options))
    rounded = [round(float(value), 6) for value in output.flatten()]
    expected[name] = {"input": list(shape), "output": rounded}


def layer(name, kind, settings="", bottom="data", top=None):
    bottoms = " ".join(f'bottom: "{each}"' for each in bottom.split())
    return f'layer {{ name: "{name}" type: "{kind}" {bottoms} top: "{top or name}" {settings} }}\n'


x = numbers(IMAGE)
w, b = weights(6, 4, 3, 3), weights(6, seed=1)

keep("conv", layer("conv", "Convolution", "convolution_param { num_output: 6 kernel_size: 3 pad: 1 stride: 2 }"),
     [("conv", "Convolution", [w, b])], F.conv2d(x, w, b, stride=2, padding=1))
keep("conv_double", layer("conv", "Convolution", "convolution_param { num_output: 6 kernel_size: 3 }"),
     [("conv", "Convolution", [w, b])], F.conv2d(x, w, b), form="double")
wide = weights(6, 4, 1, 3)
keep("conv_sides", layer("conv", "Convolution",
     "convolution_param { num_output: 6 bias_term: false kernel_h: 1 kernel_w: 3 pad_h: 0 pad_w: 1 stride_h: 2 stride_w: 1 }"),
     [("conv", "Convolution", [wide])], F.conv2d(x, wide, stride=(2, 1), padding=(0, 1)))
keep("conv_lists", layer("conv", "Convolution",
     "convolution_param { num_output: 6 kernel_size: [3, 3] pad: [2, 1] stride: [1, 2] dilation: 2 dilation: 1 }"),
     [("conv", "Convolution", [w, b])], F.conv2d(x, w, b, stride=(1, 2), padding=(2, 1), dilation=(2, 1)))
grouped = weights(6, 2, 3, 3)
keep("conv_groups", layer("conv", "Convolution", "convolution_param { num_output: 6 kernel_size: 3 group: 2 }"),
     [("conv", "Convolution", [grouped, b])], F.conv2d(x, grouped, b, groups=2))
deep, deep_b = weights(4, 1, 3, 3), weights(4, seed=1)
keep("conv_depthwise", layer("conv", "DepthwiseConvolution", "convolution_param { num_output: 4 kernel_size: 3 pad: 1 group: 4 }"),
     [("conv", "DepthwiseConvolution", [deep, deep_b])], F.conv2d(x, deep, deep_b, padding=1, groups=4))

mean, variance, factor = weights(4, seed=2), weights(4, seed=3, low=0.5, high=2), torch.tensor([2.5])
gain, offset = weights(4, seed=4), weights(4, seed=5)
norm = lambda eps=1e-5: F.batch_norm(x, mean / 2.5, variance / 2.5, eps=eps)
per_channel = lambda values: values.reshape(1, 4, 1, 1)
batch_norm, scaled = ("bn", "BatchNorm", [mean, variance, factor]), ("scale", "Scale", [gain, offset])
keep("batch_norm", layer("bn", "BatchNorm", "batch_norm_param { eps: 0.01 }"), [batch_norm], norm(0.01))
keep("batch_norm_scale",
     layer("bn", "BatchNorm", "batch_norm_param { use_global_stats: true }") +
     layer("scale", "Scale", "scale_param { bias_term: true }", bottom="bn", top="bn"),
     [batch_norm, scaled], norm() * per_channel(gain) + per_channel(offset))
keep("batch_norm_read_twice",
     layer("bn", "BatchNorm") + layer("scale", "Scale", "scale_param { bias_term: true }", bottom="bn") +
     layer("sum", "Eltwise", bottom="bn scale"),
     [batch_norm, scaled], norm() + norm() * per_channel(gain) + per_channel(offset))
keep("scale", layer("scale", "Scale"), [("scale", "Scale", [gain])], x * per_channel(gain))
keep("bias", layer("bias", "Bias"), [("bias", "Bias", [offset])], x + per_channel(offset))
keep("power", layer("power", "Power", "power_param { scale: 0.5 shift: -1 }"), [], 0.5 * x - 1)
keep("scale_two",
     layer("pool", "Pooling", "pooling_param { pool: AVE global_pooling: true }") +
     layer("fc", "InnerProduct", "inner_product_param { num_output: 4 }", bottom="pool") +
     layer("gate", "Sigmoid", bottom="fc") + layer("out", "Scale", "scale_param { axis: 0 }", bottom="data gate"),
     [("fc", "InnerProduct", [weights(4, 4), offset])],
     x * torch.sigmoid(F.linear(x.mean((2, 3)), weights(4, 4), offset)).reshape(1, 4, 1, 1))

keep("max_pool", layer("pool", "Pooling", "pooling_param { pool: MAX kernel_size: 2 stride: 2 }"),
     [], F.max_pool2d(x, 2, 2, ceil_mode=True))
keep("max_pool_padding", layer("pool", "Pooling", "pooling_param { kernel_size: 3 stride: 2 pad: 1 }"),
     [], F.max_pool2d(x, 3, 2, 1, ceil_mode=True))
keep("max_pool_floor", layer("pool", "Pooling", "pooling_param { pool: MAX kernel_size: 2 stride: 2 round_mode: FLOOR }"),
     [], F.max_pool2d(x, 2, 2))
keep("average_pool", layer("pool", "Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }"),
     [], F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=True))
keep("average_pool_sides", layer("pool", "Pooling", "pooling_param { pool: AVE kernel_h: 2 kernel_w: 3 stride_h: 2 stride_w: 1 }"),
     [], F.avg_pool2d(x, (2, 3), (2, 1), ceil_mode=True))
keep("global_average", layer("pool", "Pooling", "pooling_param { pool: AVE global_pooling: true }"), [], x.mean((2, 3)))
keep("global_max", layer("pool", "Pooling", "pooling_param { pool: MAX global_pooling: true }"), [], x.amax((2, 3)))

dense, dense_b = weights(5, 168, low=-0.1, high=0.1), weights(5, seed=1)
keep("inner_product", layer("fc", "InnerProduct", "inner_product_param { num_output: 5 }"),
     [("fc", "InnerProduct", [dense, dense_b])], F.linear(x.flatten(1), dense, dense_b))
keep("inner_product_transposed",
     layer("fc", "InnerProduct", "inner_product_param { num_output: 5 transpose: true bias_term: false }"),
     [("fc", "InnerProduct", [dense.T.contiguous()])], F.linear(x.flatten(1), dense))
keep("dropout_softmax",
     layer("fc", "InnerProduct", "inner_product_param { num_output: 5 }") +
     layer("drop", "Dropout", "dropout_param { dropout_ratio: 0.5 }", bottom="fc", top="fc") +
     layer("prob", "Softmax", bottom="fc"),
     [("fc", "InnerProduct", [dense, dense_b])], F.softmax(F.linear(x.flatten(1), dense, dense_b), 1))
keep("softmax_image", layer("prob", "Softmax"), [], F.softmax(x, 1))
keep("flatten", layer("flat", "Flatten"), [], x.flatten(1))
keep("reshape", layer("shaped", "Reshape", "reshape_param { shape { dim: 0 dim: -1 dim: 3 dim: 7 } }"),
     [], x.reshape(1, 8, 3, 7))
keep("reshape_flat", layer("shaped", "Reshape", "reshape_param { shape { dim: 0 dim: -1 } }"), [], x.flatten(1))

for name, kind, settings, function in [
    ("relu", "ReLU", "", F.relu),
    ("leaky_relu", "ReLU", "relu_param { negative_slope: 0.1 }", lambda v: F.leaky_relu(v, 0.1)),
    ("relu6", "ReLU6", "", lambda v: F.relu6(v)),
    ("clip", "Clip", "clip_param { min: 0 max: 6 }", lambda v: F.relu6(v)),
    ("elu", "ELU", "elu_param { alpha: 0.7 }", lambda v: F.elu(v, 0.7)),
    ("sigmoid", "Sigmoid", "", torch.sigmoid),
    ("tanh", "TanH", "", torch.tanh),
]:
    keep(name, layer("act", kind, settings, top="data"), [], function(x))
keep("prelu_shared", layer("act", "PReLU", "prelu_param { channel_shared: true }"),
     [("act", "PReLU", [torch.tensor([0.3])])], F.leaky_relu(x, 0.3))
keep("lrn", layer("norm", "LRN", "lrn_param { local_size: 3 alpha: 0.2 beta: 0.6 k: 2 }"),
     [], F.local_response_norm(x, 3, 0.2, 0.6, 2.0))
halves = layer("half", "Power", "power_param { scale: 0.5 }")
keep("eltwise_sum", halves + layer("sum", "Eltwise", "eltwise_param { operation: SUM }", bottom="data half"), [], 1.5 * x)
keep("eltwise_product", halves + layer("product", "Eltwise", "eltwise_param { operation: PROD }", bottom="data half"),
     [], 0.5 * x * x)
keep("concat", halves + layer("both", "Concat", bottom="data half"), [], torch.cat([x, 0.5 * x], 1))
keep("concat_height", halves + layer("both", "Concat", "concat_param { axis: -2 }", bottom="data half"),
     [], torch.cat([x, 0.5 * x], 2))

# Caffe's first widely used format: V1 layers, four extents per blob, the input's size in input_dim.
keep("older_layers", """
input: "data"
input_dim: 1 input_dim: 4 input_dim: 7 input_dim: 6
# The comment of a line, and signs between fields, are passed over.
layers { name: 'conv' type: CONVOLUTION bottom: 'data' top: 'conv' blobs_lr: 1 blobs_lr: 2,
  convolution_param < num_output: 6; kernel_size: 3 > }
layers { name: "relu" type: RELU bottom: "conv" top: "conv" }
layers { name: "pool" type: POOLING bottom: "conv" top: "pool" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layers { name: "fc" type: INNER_PRODUCT bottom: "pool" top: "fc" inner_product_param { num_output: 5 } }
layers { name: "prob" type: SOFTMAX bottom: "fc" top: "prob" }
""", [("conv", 4, [w, b]), ("relu", 18, []), ("fc", 14, [dense[:, :36], dense_b])],
     F.softmax(F.linear(F.max_pool2d(F.relu(F.conv2d(x, w, b)), 2, 2, ceil_mode=True).flatten(1), dense[:, :36], dense_b), 1),
     head=False, v1=True)

# A net for training: data by phase, a split, a head and a loss that only training needs, accuracy.
keep("train_val", """
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN }
  transform_param { scale: 0.00390625 mirror: true crop_size: 7 mean_value: 104 mean_value: 117 mean_value: 123 }
  data_param { source: "train_lmdb" batch_size: 64 backend: LMDB } }
layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST }
  transform_param { scale: 0.00390625 mean_value: 104 mean_value: 117 mean_value: 123 }
  data_param { source: "test_lmdb" batch_size: 10 backend: LMDB } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
  convolution_param { num_output: 6 kernel_size: 3 weight_filler { type: "gaussian" std: 0.01 } bias_filler { type: "constant" } } }
layer { name: "noise" type: "Dropout" bottom: "conv" top: "conv" include { phase: TRAIN } }
layer { name: "split" type: "Split" bottom: "conv" top: "left" top: "right" }
layer { name: "head" type: "InnerProduct" bottom: "left" top: "head" inner_product_param { num_output: 5 } }
layer { name: "head_loss" type: "SoftmaxWithLoss" bottom: "head" bottom: "label" top: "head_loss" loss_weight: 0.3 }
layer { name: "fc" type: "InnerProduct" bottom: "right" top: "fc" inner_product_param { num_output: 5 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }
layer { name: "accuracy" type: "Accuracy" bottom: "fc" bottom: "label" top: "accuracy"
  include { phase: TEST } accuracy_param { top_k: 1 } }
""", [("conv", "Convolution", [weights(6, 3, 3, 3), b]),
      ("head", "InnerProduct", [weights(5, 150, seed=8, low=-0.1, high=0.1), dense_b]),
      ("fc", "InnerProduct", [weights(5, 150, seed=9, low=-0.1, high=0.1), dense_b])],
     F.linear(F.conv2d(numbers((1, 3, 7, 7)), weights(6, 3, 3, 3), b).flatten(1), weights(5, 150, seed=9, low=-0.1, high=0.1), dense_b),
     shape=(1, 3, 7, 7), head=False)

with open(f"{FOLDER}/expected.json", "w") as file:
    json.dump(expected, file)
print(f"{len(expected)} nets")
