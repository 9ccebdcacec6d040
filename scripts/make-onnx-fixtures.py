"""Makes the ONNX fixtures of src/formats/models/onnx/fixtures: one small network per operator or spelling.

A one-off, run by hand with PyTorch 1.13 and onnx 1.12 (Debian 12: python3-torch, python3-onnx):

    /usr/bin/python3 scripts/make-onnx-fixtures.py

Networks come from torch.onnx.export where it writes the operator, else from onnx.helper with the expected
outputs computed by PyTorch's functions. Inputs are x[i] = ((37 i) mod 101) / 50 - 1 over two images in NCHW
order, so that only the outputs are stored (expected.json).
"""

import io
import json
import os
import warnings

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

warnings.filterwarnings("ignore")
FOLDER = os.path.join(os.path.dirname(__file__), "../src/formats/models/onnx/fixtures")
IMAGE, VECTOR = (2, 4, 7, 6), (2, 10)
expected = {}


def numbers(shape):
    count = int(np.prod(shape))
    return torch.tensor(((np.arange(count) * 37) % 101) / 50 - 1, dtype=torch.float32).reshape(shape)


def weights(*shape, seed=0, low=-0.5, high=0.5):
    values = np.random.default_rng(seed).uniform(low, high, shape)
    return np.round(values, 3).astype(np.float32)


def keep(name, model, output):
    onnx.checker.check_model(model)
    with open(f"{FOLDER}/{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())
    rounded = [round(float(value), 6) for value in output.detach().flatten()]
    expected[name] = {"inputShape": list(output.input_shape), "outputShape": list(output.shape), "output": rounded}


def exported(name, module, opset=13, shape=IMAGE, fold=True):
    """A network written by PyTorch's exporter."""
    torch.manual_seed(len(expected))
    module = module() if isinstance(module, type) else module
    for parameter in module.parameters():
        nn.init.uniform_(parameter, -0.5, 0.5)
    for buffer_name, buffer in module.named_buffers():
        if "running" in buffer_name:
            nn.init.uniform_(buffer, 0.3, 1.5)
    module.eval()
    x = numbers(shape)
    file = io.BytesIO()
    torch.onnx.export(
        module, x, file, opset_version=opset, input_names=["image"], output_names=["out"],
        dynamic_axes={"image": {0: "n"}, "out": {0: "n"}}, do_constant_folding=fold,
        training=torch.onnx.TrainingMode.EVAL if fold else torch.onnx.TrainingMode.PRESERVE,
    )
    output = module(x)
    output.input_shape = shape
    keep(name, onnx.load_from_string(file.getvalue()), output)


def made(name, nodes, initializers, output, opset=13, shape=IMAGE, ir=None, weights_are_inputs=False, batch="n"):
    """A network put together by onnx.helper, for spellings that PyTorch's exporter does not write."""
    tensors = [
        value if isinstance(value, TensorProto) else numpy_helper.from_array(np.asarray(value), key)
        for key, value in initializers.items()
    ]
    inputs = [helper.make_tensor_value_info("image", TensorProto.FLOAT, [batch, *shape[1:]])]
    if weights_are_inputs:
        inputs += [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in tensors]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, [batch, *output.shape[1:]])]
    graph = helper.make_graph(nodes, name, inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="fixtures")
    model.ir_version = ir or {9: 4, 10: 5, 11: 6}.get(opset, 7 if opset < 15 else 8)
    output.input_shape = shape
    keep(name, model, output)


def node(operator, inputs, outputs=("out",), name="", **attributes):
    return helper.make_node(operator, list(inputs), list(outputs), name=name, **attributes)


class Lambda(nn.Module):
    def __init__(self, function, **modules):
        super().__init__()
        self.function = function
        for key, module in modules.items():
            self.add_module(key, module)

    def forward(self, x):
        return self.function(self, x)


def convolutions():
    exported("conv_stride_padding", nn.Conv2d(4, 6, 3, stride=2, padding=1), 9)
    exported("conv_rectangular", nn.Conv2d(4, 4, (3, 2), stride=(1, 2), padding=(1, 0), bias=False), 11)
    exported("conv_groups_dilation", nn.Conv2d(4, 6, (2, 3), padding=(1, 2), dilation=2, groups=2), 13)
    exported("conv_depthwise_multiplier", nn.Conv2d(4, 8, 3, groups=4), 16)
    exported("conv_batch_norm", nn.Sequential(nn.Conv2d(4, 5, 3), nn.BatchNorm2d(5), nn.ReLU()), 13, fold=False)
    x, w, b = numbers(IMAGE), weights(3, 4, 3, 3), weights(3, seed=1)
    tensor = lambda value: torch.from_numpy(value)
    made("conv_asymmetric_pads", [node("Conv", ["image", "w", "b"], pads=[0, 1, 2, 0])], {"w": w, "b": b},
         F.conv2d(F.pad(x, (1, 0, 0, 2)), tensor(w), tensor(b)))
    # 7 rows, 6 columns, kernel 3, stride 2: outputs 4 x 3, padding 2 and 1.
    made("conv_same_upper", [node("Conv", ["image", "w"], auto_pad="SAME_UPPER", strides=[2, 2], kernel_shape=[3, 3])],
         {"w": w}, F.conv2d(F.pad(x, (0, 1, 1, 1)), tensor(w), stride=2))
    made("conv_same_lower", [node("Conv", ["image", "w"], auto_pad="SAME_LOWER", strides=[2, 2])],
         {"w": w}, F.conv2d(F.pad(x, (1, 0, 1, 1)), tensor(w), stride=2), opset=11)
    made("conv_valid", [node("Conv", ["image", "w"], auto_pad="VALID", strides=[2, 1])],
         {"w": w}, F.conv2d(x, tensor(w), stride=(2, 1)), opset=10)
    made("conv_weights_as_inputs", [node("Conv", ["image", "w", "b"])], {"w": w, "b": b},
         F.conv2d(x, tensor(w), tensor(b)), opset=9, ir=3, weights_are_inputs=True)
    fill = helper.make_tensor("value", TensorProto.FLOAT, [1], [0.25])
    made("conv_constant_of_shape", [node("ConstantOfShape", ["s"], ["w"], value=fill), node("Conv", ["image", "w"])],
         {"s": np.array([2, 4, 3, 3], np.int64)}, F.conv2d(x, torch.full((2, 4, 3, 3), 0.25)), opset=9)
    constant = node("Constant", [], ["w"], value=numpy_helper.from_array(w))
    made("conv_constant_node", [constant, node("Conv", ["image", "w"])], {}, F.conv2d(x, tensor(w)), opset=9)
    float_data = helper.make_tensor("w", TensorProto.FLOAT, w.shape, w.flatten().tolist())
    made("weights_float_data", [node("Conv", ["image", "w"])], {"w": float_data}, F.conv2d(x, tensor(w)))
    half = w.astype(np.float16)
    made("weights_float16", [node("Cast", ["h"], ["w"], to=1), node("Conv", ["image", "w"])], {"h": half},
         F.conv2d(x, tensor(half.astype(np.float32))))
    made("weights_double", [node("Cast", ["d"], ["w"], to=1), node("Conv", ["image", "w"])], {"d": w.astype(np.float64)},
         F.conv2d(x, tensor(w)))
    made("fixed_batch", [node("Conv", ["image", "w"])], {"w": w}, F.conv2d(x, tensor(w)), batch=2)


def dense_layers():
    exported("dense_flatten", nn.Sequential(nn.Flatten(), nn.Linear(168, 5)), 9)
    exported("dense_vector", nn.Sequential(nn.Linear(10, 6), nn.ReLU(), nn.Linear(6, 3, bias=False)), 13, VECTOR)
    exported("dense_without_bias_unfolded", nn.Linear(10, 6, bias=False), 9, VECTOR, fold=False)
    exported("dense_batch_norm", nn.Sequential(nn.Linear(10, 6), nn.BatchNorm1d(6)), 13, VECTOR, fold=False)
    x, w, b = numbers(VECTOR), weights(10, 4), weights(4, seed=1)
    product = x @ torch.from_numpy(w)
    bias = torch.from_numpy(b)
    made("gemm_alpha_beta", [node("Gemm", ["image", "w", "b"], alpha=0.5, beta=2.0)], {"w": w, "b": b},
         0.5 * product + 2 * bias, shape=VECTOR)
    made("gemm_scalar_bias", [node("Gemm", ["image", "w", "b"], transB=1)], {"w": w.T.copy(), "b": np.float32([0.5])},
         product + 0.5, shape=VECTOR, opset=9)
    made("matmul_add", [node("MatMul", ["image", "w"], ["product"], "layer"), node("Add", ["product", "b"], name="bias")],
         {"w": w, "b": b}, product + bias, shape=VECTOR)
    made("matmul_add_reversed", [node("MatMul", ["image", "w"], ["product"]), node("Add", ["b", "product"])],
         {"w": w, "b": b.reshape(1, 4)}, product + bias, shape=VECTOR, opset=9)
    made("matmul_shared", [node("MatMul", ["image", "w"], ["product"]), node("Add", ["product", "b"], ["sum"]),
                           node("Mul", ["sum", "product"])],
         {"w": w, "b": b}, (product + bias) * product, shape=VECTOR)


def activations():
    exported("relu6_opset9", nn.ReLU6(), 9, (2, 2, 5, 3))
    exported("relu6_opset11", nn.ReLU6(), 11, (2, 2, 5, 3))
    for name, module, opset in [
        ("leaky_relu", nn.LeakyReLU(0.2), 13), ("elu", nn.ELU(0.7), 13), ("sigmoid", nn.Sigmoid(), 9), ("tanh", nn.Tanh(), 13),
        ("hard_sigmoid", nn.Hardsigmoid(), 13), ("softplus", nn.Softplus(), 13), ("silu", nn.SiLU(), 13),
        ("hard_swish", nn.Hardswish(), 14), ("hard_swish_opset11", nn.Hardswish(), 11),
        ("softmax_opset9", nn.Softmax(1), 9), ("softmax_opset13", nn.Softmax(-1), 13),
    ]:
        exported(name, module, opset, VECTOR)
    exported("softmax_image", nn.Softmax(1), 13, (2, 3, 2, 2))
    x = numbers((2, 2, 3, 3)) * 8
    scaled = [node("Mul", ["image", "eight"], ["scaled"])]
    eight = {"eight": np.float32(8)}
    made("clip_attributes", scaled + [node("Clip", ["scaled"], min=0.0, max=6.0)], eight, x.clamp(0, 6), 9, (2, 2, 3, 3))
    bounds = {"low": np.float32(0), "high": np.float32(6)}
    made("clip_inputs", scaled + [node("Clip", ["scaled", "low", "high"])], {**eight, **bounds}, x.clamp(0, 6), 13, (2, 2, 3, 3))
    made("clip_without_top", scaled + [node("Clip", ["scaled", "low"])], {**eight, "low": bounds["low"]}, x.clamp(min=0), 13, (2, 2, 3, 3))
    made("prelu_shared", [node("PRelu", ["image", "slope"])], {"slope": np.float32([[[0.1]]])},
         F.leaky_relu(numbers(IMAGE), 0.1))
    made("defaults", [node("LeakyRelu", ["image"], ["a"]), node("Elu", ["a"], ["b"]), node("HardSigmoid", ["b"])], {},
         (0.2 * F.elu(F.leaky_relu(numbers(VECTOR), 0.01)) + 0.5).clamp(0, 1), shape=VECTOR)
    x = numbers((2, 7, 2, 2))
    for size in (3, 4):
        sums = torch.stack([
            (x[:, max(0, c - (size - 1) // 2): c + size // 2 + 1] ** 2).sum(1) for c in range(7)
        ], 1)
        made(f"lrn_{size}", [node("LRN", ["image"], size=size, alpha=0.3, beta=0.6, bias=2.0)], {},
             x / (2 + 0.3 / size * sums) ** 0.6, shape=(2, 7, 2, 2))


def pooling():
    exported("max_pool_ceil", nn.MaxPool2d(3, 2, ceil_mode=True), 10)
    exported("max_pool_padding", nn.MaxPool2d((3, 2), (2, 1), padding=(1, 0)), 9)
    exported("average_pool_exclude", nn.AvgPool2d(3, 2, padding=1, count_include_pad=False), 11)
    exported("average_pool_include", nn.AvgPool2d(3, 2, padding=1, count_include_pad=True), 13)
    exported("average_pool_ceil", nn.AvgPool2d(2, 2, ceil_mode=True), 13)
    exported("global_average", nn.AdaptiveAvgPool2d(1), 13)
    exported("global_max", nn.AdaptiveMaxPool2d(1), 13)
    exported("mean_flat", Lambda(lambda _, x: x.mean([2, 3])), 13)
    exported("mean_kept", Lambda(lambda _, x: x.mean([-1, -2], keepdim=True)), 9)
    exported("max_flat", Lambda(lambda _, x: x.amax([2, 3])), 13)
    x = numbers(IMAGE)
    made("average_pool_same", [node("AveragePool", ["image"], kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")], {},
         F.avg_pool2d(F.pad(x, (0, 1, 1, 1)), 3, 2) / F.avg_pool2d(F.pad(torch.ones_like(x), (0, 1, 1, 1)), 3, 2))
    made("average_pool_attribute", [node("AveragePool", ["image"], kernel_shape=[3, 3], pads=[1, 0, 1, 1], count_include_pad=1)], {},
         F.avg_pool2d(F.pad(x, (0, 1, 1, 1)), 3, 1), opset=10)


def combinations():
    exported("residual_add", Lambda(lambda m, x: x + m.conv(x), conv=nn.Conv2d(4, 4, 3, padding=1)), 13)
    exported("squeeze_excite", Lambda(
        lambda m, x: x * torch.sigmoid(m.up(torch.relu(m.down(x.mean([2, 3], keepdim=True))))),
        down=nn.Conv2d(4, 2, 1), up=nn.Conv2d(2, 4, 1)), 13)
    exported("squeeze_excite_dense", Lambda(
        lambda m, x: x * torch.sigmoid(m.dense(x.mean([2, 3]))).unsqueeze(2).unsqueeze(3), dense=nn.Linear(4, 4)), 13)
    for axis in (1, 2, 3):
        exported(f"concat_{axis}", Lambda(lambda _, x, axis=axis: torch.cat([x, torch.relu(x), x * 2], axis)), 13, (2, 2, 3, 2))
    exported("concat_vectors", Lambda(lambda _, x: torch.cat([x, -1 * x], 1)), 13, VECTOR)
    mean, std = torch.tensor([0.1, 0.2, 0.3, 0.4]), torch.tensor([0.5, 0.6, 0.7, 0.8])
    exported("normalise", Lambda(lambda _, x: (x - mean.view(1, 4, 1, 1)) / std.view(4, 1, 1)), 13)
    grid = torch.from_numpy(weights(7, 6))
    exported("add_grid", Lambda(lambda _, x: x * 0.5 + grid), 13)
    exported("pad_opset9", nn.ConstantPad2d((1, 2, 0, 3), 0.5), 9, (2, 2, 3, 2))
    exported("pad_opset13", nn.ConstantPad2d((1, 2, 0, 3), -0.5), 13, (2, 2, 3, 2))
    x = numbers((2, 2, 3, 2))
    made("sum_three", [node("Relu", ["image"], ["a"]), node("Tanh", ["image"], ["b"]), node("Sum", ["image", "a", "b"])], {},
         x + F.relu(x) + torch.tanh(x), shape=(2, 2, 3, 2))
    made("sum_one", [node("Sum", ["image"])], {}, x * 1, shape=(2, 2, 3, 2), opset=9)
    made("dropout_identity", [node("Dropout", ["image"], ["a", "mask"], ratio=0.5), node("Identity", ["a"])], {}, x * 1,
         shape=(2, 2, 3, 2), opset=9)
    made("dropout_inputs", [node("Dropout", ["image", "ratio", "mode"])], {"ratio": np.float32(0.5), "mode": np.array(False)},
         x * 1, shape=(2, 2, 3, 2))


def reshaping():
    linear = lambda inputs: nn.Linear(inputs, 3)
    exported("view_size", Lambda(lambda m, x: m.fc(x.view(x.size(0), -1)), fc=linear(168)), 13)
    exported("view_size_unfolded", Lambda(lambda m, x: m.fc(x.view(x.size(0), -1)), fc=linear(168)), 9, fold=False)
    exported("view_product", Lambda(
        lambda m, x: m.fc(x.view(-1, x.size(1) * x.size(2) * x.size(3))), fc=linear(168)), 13)
    exported("view_shape", Lambda(lambda m, x: m.fc(x.reshape(x.shape[:1] + (-1,))), fc=linear(168)), 13)
    exported("view_image", Lambda(lambda m, x: m.conv(x.view(-1, 5, 2, 1)), conv=nn.Conv2d(5, 3, (2, 1))), 13, VECTOR)
    exported("squeeze", Lambda(lambda m, x: m.fc(x.mean([2, 3], keepdim=True).squeeze(3).squeeze(2)), fc=linear(4)), 13)
    exported("flatten_channels_last", Lambda(
        lambda m, x: m.fc(x.permute(0, 2, 3, 1).flatten(1)), fc=linear(168)), 13)
    x = numbers((2, 3, 1, 1))
    made("squeeze_axes_attribute", [node("Squeeze", ["image"], axes=[2, 3])], {}, x.flatten(1), 11, (2, 3, 1, 1))
    made("squeeze_axes_input", [node("Squeeze", ["image", "axes"])], {"axes": np.array([2, 3])}, x.flatten(1), 13, (2, 3, 1, 1))
    v = numbers(VECTOR)
    made("unsqueeze_attribute", [node("Unsqueeze", ["image"], axes=[2, 3])], {}, v[:, :, None, None], 11, VECTOR)
    made("unsqueeze_input", [node("Unsqueeze", ["image", "axes"])], {"axes": np.array([-1, -2])}, v[:, :, None, None], 13, VECTOR)
    made("reshape_zero", [node("Reshape", ["image", "shape"])], {"shape": np.array([0, -1])}, numbers(IMAGE).flatten(1), 9)
    made("reshape_channels_last", [node("Reshape", ["image", "shape"], ["hwc"]), node("Transpose", ["hwc"], perm=[0, 3, 1, 2])],
         {"shape": np.array([0, 1, 2, 5])}, v.view(2, 1, 2, 5).permute(0, 3, 1, 2), 13, VECTOR)


def unexported():
    """Operators that PyTorch's exporter knows and writes as others."""
    x = numbers((2, 4, 3, 2))
    made("split_sum", [node("Split", ["image"], ["a", "b"], "parts", axis=1), node("Add", ["a", "b"])], {},
         x[:, :2] + x[:, 2:], 11, (2, 4, 3, 2))
    made("global_max_operator", [node("GlobalMaxPool", ["image"])], {}, numbers(IMAGE).amax((2, 3), keepdim=True))


def unsupported():
    """Operators that the studio only lists."""
    x = numbers((2, 4, 3, 2))
    made("unsupported_transpose_convolution", [node("ConvTranspose", ["image", "w"], ["up"], "up"), node("Relu", ["up"])],
         {"w": weights(4, 2, 2, 2)}, F.relu(F.conv_transpose2d(x, torch.from_numpy(weights(4, 2, 2, 2)))), shape=(2, 4, 3, 2))


os.makedirs(FOLDER, exist_ok=True)
for old in os.listdir(FOLDER):
    os.remove(f"{FOLDER}/{old}")
for group in (convolutions, dense_layers, activations, pooling, combinations, reshaping, unexported, unsupported):
    group()
with open(f"{FOLDER}/expected.json", "w") as file:
    file.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in expected.items()) + "\n}\n")
print(f"{len(expected)} fixtures")
