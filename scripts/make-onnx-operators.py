"""Makes the ONNX files of src/formats/models/onnx/fixtures/operators: the ways in which exporters spell what newer
networks are made of, one small network each.

A one-off, run by hand with onnx 1.12 and NumPy (Debian 12: python3-onnx):

    /usr/bin/python3 scripts/make-onnx-operators.py

ONNX Runtime says what the files compute, when the tests run. It does not run operator set 6: those files have the
answers of NumPy beside them (expected.json). Inputs are x[i] = ((37 i) mod 101) / 50 - 1 over a batch of two.
"""

import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = os.path.join(os.path.dirname(__file__), "../src/formats/models/onnx/fixtures/operators")
IMAGE = (4, 6, 5)
expected = {}


def numbers(shape):
    count = int(np.prod(shape))
    return (((np.arange(count) * 37) % 101) / 50 - 1).astype(np.float32).reshape(shape)


def weights(*shape, seed=0, low=-0.5, high=0.5):
    return np.round(np.random.default_rng(seed).uniform(low, high, shape), 3).astype(np.float32)


def ints(*values):
    return np.array(values, np.int64)


def node(operator, inputs, outputs=("out",), name="", **attributes):
    return helper.make_node(operator, list(inputs), list(outputs), name=name, **attributes)


def made(name, nodes, initializers=None, shape=IMAGE, opset=13, batch="n", answer=None, kind=TensorProto.FLOAT):
    tensors = [
        value if isinstance(value, TensorProto) else numpy_helper.from_array(np.asarray(value), key)
        for key, value in (initializers or {}).items()
    ]
    inputs = [helper.make_tensor_value_info("image", kind, [batch, *shape])]
    outputs = [helper.make_tensor_value_info("out", kind, None)]
    if opset < 9:
        inputs += [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in tensors]
    graph = helper.make_graph(nodes, name, inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="fixtures")
    model.ir_version = {6: 3, 7: 3, 8: 3, 9: 4, 10: 5, 11: 6}.get(opset, 7 if opset < 15 else 8)
    model = onnx.shape_inference.infer_shapes(model)
    if answer is not None:
        model.graph.output[0].CopyFrom(helper.make_tensor_value_info("out", kind, [batch, *answer.shape[1:]]))
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    with open(f"{FOLDER}/{name}.onnx", "wb") as file:
        file.write(model.SerializeToString())
    if answer is not None:
        expected[name] = [round(float(value), 6) for value in answer.flatten()]


def functions():
    for name in ("Selu", "Erf", "Exp", "Abs", "Neg", "Softsign"):
        made(f"function_{name.lower()}", [node(name, ["image"])])
    for name in ("Log", "Sqrt", "Reciprocal"):
        nodes = [node("Abs", ["image"], ["a"]), node("Add", ["a", "half"], ["b"]), node(name, ["b"])]
        made(f"function_{name.lower()}", nodes, {"half": np.float32(0.5)})
    made("function_selu_attributes", [node("Selu", ["image"], alpha=1.5, gamma=1.25)])
    made("gelu_by_erf", [
        node("Div", ["image", "root"], ["a"]), node("Erf", ["a"], ["b"]), node("Add", ["b", "one"], ["c"]),
        node("Mul", ["image", "c"], ["d"]), node("Mul", ["d", "half"]),
    ], {"root": np.float32(np.sqrt(2)), "one": np.float32(1), "half": np.float32(0.5)})
    for opset in (7, 13):
        slope = {"slope": weights(4, 1, 1)}
        made(f"prelu_channels_opset{opset}", [node("PRelu", ["image", "slope"])], slope, opset=opset)
    made("prelu_every_value", [node("PRelu", ["image", "slope"])], {"slope": weights(4, 6, 5)}, opset=9)
    made("prelu_vector", [node("PRelu", ["image", "slope"])], {"slope": weights(7)}, (7,), 16)
    made("clip_without_bounds", [node("Clip", ["image"])])
    made("clip_without_bounds_opset9", [node("Clip", ["image"])], opset=9)
    made("clip_low", [node("Clip", ["image", "low"])], {"low": np.float32(-0.25)})
    made("clip_high", [node("Clip", ["image", "", "high"])], {"high": np.float32(0.25)})
    made("clip_both_opset7", [node("Clip", ["image"], min=-0.5, max=0.25)], opset=7)
    made("hard_swish_spelled_out", [
        node("Add", ["image", "three"], ["a"]), node("Clip", ["a", "zero", "six"], ["b"]),
        node("Div", ["b", "six"], ["c"]), node("Mul", ["image", "c"]),
    ], {"three": np.float32(3), "zero": np.float32(0), "six": np.float32(6)})


def softmaxes():
    for opset in (9, 13):
        made(f"log_softmax_vector_opset{opset}", [node("LogSoftmax", ["image"], axis=1)], shape=(7,), opset=opset)
    made("log_softmax_channels", [node("LogSoftmax", ["image"], axis=1)])
    made("softmax_width", [node("Softmax", ["image"], axis=3)])
    made("softmax_height", [node("Softmax", ["image"], axis=-2)])
    made("softmax_one_axis_opset11", [node("Softmax", ["image"], axis=1)], shape=(7, 1, 1), opset=11)


def combinations():
    branches = [node("Relu", ["image"], ["a"]), node("Sigmoid", ["image"], ["b"])]
    for name in ("Max", "Min", "Mean", "Sum"):
        made(f"{name.lower()}_of_three", branches + [node(name, ["image", "a", "b"])])
    for name in ("Sub", "Div", "Max", "Min"):
        made(f"{name.lower()}_computed", branches + [node(name, ["image", "b"])])
    made("pow_computed", branches + [node("Pow", ["b", "a"])])
    for exponent in (2, 0.5, 3):
        made(f"pow_{exponent}".replace(".", "_"), branches + [node("Pow", ["b", "e"])], {"e": np.float32(exponent)})
    made("one_minus", [node("Sub", ["one", "image"])], {"one": np.float32(1)})
    made("one_over", branches + [node("Div", ["one", "b"])], {"one": np.float32(1)})
    made("max_zero", [node("Max", ["image", "zero"])], {"zero": np.float32(0)})
    made("min_number_first", [node("Min", ["limit", "image"])], {"limit": np.float32(0.25)})
    made("max_channels", [node("Max", ["image", "limits"])], {"limits": weights(4, 1, 1)})
    made("constants_combined", [
        node("Add", ["variance", "epsilon"], ["a"]), node("Sqrt", ["a"], ["b"]), node("Div", ["scale", "b"], ["c"]),
        node("Mul", ["image", "c"]),
    ], {"variance": weights(4, 1, 1, low=0.5, high=1), "epsilon": np.float32(0.001), "scale": weights(4, 1, 1, seed=1)})


def channels_last():
    """What tf2onnx writes: images channels last, transposed where an operator wants them otherwise."""
    first, last = dict(perm=[0, 3, 1, 2]), dict(perm=[0, 2, 3, 1])
    size = (6, 5, 3)
    w = {"w": weights(4, 3, 3, 3), "b": weights(4, seed=1)}
    conv = [node("Transpose", ["image"], ["t"], **first), node("Conv", ["t", "w", "b"], ["c"], pads=[1, 1, 1, 1])]
    head = {"m": weights(120, 3, seed=2), "n": weights(3, seed=3), "s": ints(-1, 120)}
    dense = [node("MatMul", ["f", "m"], ["p"]), node("Add", ["p", "n"], ["q"]), node("Softmax", ["q"])]
    made("nhwc_conv_flatten", conv + [
        node("Relu", ["c"], ["r"]), node("Transpose", ["r"], ["l"], **last), node("Reshape", ["l", "s"], ["f"]), *dense,
    ], {**w, **head}, size)
    made("nhwc_normalised", [
        node("Sub", ["image", "mean"], ["d"]), node("Mul", ["d", "scale"], ["x"]),
        node("Transpose", ["x"], ["t"], **first), node("Conv", ["t", "w", "b"], ["c"], strides=[2, 2]),
        node("Transpose", ["c"], ["l"], **last), node("Add", ["l", "bias"], ["a"]),
        node("ReduceMean", ["a"], axes=[1, 2], keepdims=0),
    ], {**w, "mean": weights(3, seed=4), "scale": weights(1, 1, 3, seed=5), "bias": weights(4, seed=6)}, size)
    made("nhwc_output", conv + [node("Transpose", ["c"], **last)], w, size)
    made("nhwc_padded_joined", [
        node("Pad", ["image", "p"], ["x"]), node("Transpose", ["x"], ["t"], **first),
        node("Conv", ["t", "w", "b"], ["c"]), node("Transpose", ["c"], ["l"], **last),
        node("Relu", ["l"], ["r"]), node("Concat", ["l", "r"], ["j"], axis=3),
        node("ReduceMax", ["j"], ["k"], axes=[1, 2], keepdims=1), node("Squeeze", ["k", "a"]),
    ],
        {**w, "p": ints(0, 1, 1, 0, 0, 1, 1, 0), "a": ints(1, 2)}, size)
    made("nhwc_residual", conv + [
        node("Transpose", ["c"], ["l"], **last), node("MatMul", ["l", "k"], ["e"]), node("Add", ["e", "kb"], ["g"]),
        node("Add", ["g", "image"], ["y"]), node("Transpose", ["y"], ["z"], **first),
        node("GlobalAveragePool", ["z"], ["v"]), node("Squeeze", ["v", "a"]),
    ], {**w, "k": weights(4, 3, seed=7), "kb": weights(3, seed=8), "a": ints(2, 3)}, size)
    made("nhwc_never_transposed", [node("Flatten", ["image"], ["f"]), node("Gemm", ["f", "m"])],
         {"m": weights(300, 4)}, (10, 10, 3))
    made("nhwc_batch_norm_between", conv + [
        node("BatchNormalization", ["c", "g", "b", "b", "v"], ["n"]), node("Transpose", ["n"], ["l"], **last),
        node("Softmax", ["l"], axis=-1),
    ], {**w, "g": weights(4, seed=2), "v": weights(4, low=0.5, high=1)}, size)


def other_inputs():
    """Images without an axis of channels, and sequences."""
    made("no_channels_unsqueezed", [node("Unsqueeze", ["image", "a"], ["u"]), node("Conv", ["u", "w"])],
         {"a": ints(1), "w": weights(2, 1, 3, 3)}, (6, 5))
    made("no_channels_behind", [
        node("Unsqueeze", ["image", "a"], ["u"]), node("Transpose", ["u"], ["t"], perm=[0, 3, 1, 2]),
        node("Conv", ["t", "w"]),
    ], {"a": ints(-1), "w": weights(2, 1, 3, 3)}, (6, 5))
    made("no_channels_flattened", [
        node("Reshape", ["image", "s"], ["f"]), node("MatMul", ["f", "m"], ["p"]), node("Add", ["p", "b"]),
    ], {"s": ints(-1, 30), "m": weights(30, 3), "b": weights(3)}, (6, 5))
    made("no_channels_flatten_node", [node("Flatten", ["image"], ["f"]), node("Gemm", ["f", "m", "b"])],
         {"m": weights(30, 3), "b": weights(3)}, (6, 5), 9)
    made("no_channels_reshaped", [node("Reshape", ["image", "s"], ["r"]), node("Conv", ["r", "w"])],
         {"s": ints(-1, 1, 6, 5), "w": weights(2, 1, 3, 3)}, (6, 5))
    made("rows_dense", [node("MatMul", ["image", "m"], ["p"]), node("Relu", ["p"], ["r"]), node("Flatten", ["r"])],
         {"m": weights(5, 3)}, (6, 5))
    made("flat_dense", [node("Gemm", ["image", "m", "b"])], {"m": weights(30, 3), "b": weights(3)}, (30,))
    made("flat_to_image", [node("Reshape", ["image", "s"], ["r"]), node("Conv", ["r", "w"])],
         {"s": ints(-1, 1, 6, 5), "w": weights(2, 1, 3, 3)}, (30,), 8)


def sequences():
    """One-dimensional convolutions over [batch, channels, length]."""
    w = {"w": weights(6, 4, 3), "b": weights(6, seed=1)}
    size = (4, 11)
    made("conv1d", [node("Conv", ["image", "w", "b"], pads=[1, 2], strides=[2])], w, size)
    made("conv1d_dilated_groups", [node("Conv", ["image", "w"], dilations=[2], group=2)], {"w": weights(6, 2, 3)}, size)
    made("conv1d_same", [node("Conv", ["image", "w"], auto_pad="SAME_UPPER", strides=[2])], {"w": weights(6, 4, 3)}, size, 11)
    made("conv1d_depthwise", [node("Conv", ["image", "w"], group=4)], {"w": weights(4, 1, 3)}, size)
    made("conv1d_network", [
        node("Conv", ["image", "w", "b"], ["c"], pads=[1, 1]), node("BatchNormalization", ["c", "g", "b", "b", "v"], ["n"]),
        node("Relu", ["n"], ["r"]), node("MaxPool", ["r"], ["p"], kernel_shape=[3], strides=[2]),
        node("GlobalAveragePool", ["p"], ["a"]), node("Flatten", ["a"], ["f"]), node("Gemm", ["f", "m"]),
    ], {**w, "g": weights(6, seed=2), "v": weights(6, low=0.5, high=1), "m": weights(6, 3)}, size)
    made("conv1d_residual_gate", [
        node("Conv", ["image", "w"], ["c"], pads=[1, 1]), node("GlobalAveragePool", ["c"], ["a"]),
        node("Sigmoid", ["a"], ["s"]), node("Mul", ["c", "s"], ["m"]), node("Add", ["m", "image"], ["y"]),
        node("AveragePool", ["y"], ["p"], kernel_shape=[2], strides=[2]), node("Flatten", ["p"]),
    ], {"w": weights(4, 4, 3)}, size)
    made("conv1d_scaled", [node("Mul", ["image", "k"], ["x"]), node("Conv", ["x", "w"], ["c"]), node("Add", ["c", "o"])],
         {"w": weights(6, 4, 3), "k": weights(4, 1), "o": weights(1, 6, 1)}, size)
    made("conv1d_channels_last", [
        node("Transpose", ["image"], ["t"], perm=[0, 2, 1]), node("Conv", ["t", "w", "b"], ["c"]),
        node("Transpose", ["c"], ["l"], perm=[0, 2, 1]), node("MatMul", ["l", "m"], ["p"]),
        node("ReduceMean", ["p"], axes=[1], keepdims=0),
    ], {**w, "m": weights(6, 3)}, (11, 4))
    made("conv1d_as_images", [
        node("Unsqueeze", ["image", "a"], ["u"]), node("Transpose", ["u"], ["t"], perm=[0, 3, 1, 2]),
        node("Conv", ["t", "w"], ["c"]), node("Squeeze", ["c", "b"], ["q"]), node("Transpose", ["q"], perm=[0, 2, 1]),
    ], {"a": ints(1), "b": ints(2), "w": weights(6, 4, 1, 3)}, (11, 4))
    made("conv1d_joined", [
        node("Conv", ["image", "w"], ["c"]), node("Conv", ["image", "v"], ["d"]), node("Concat", ["c", "d"], ["j"], axis=1),
        node("ReduceMax", ["j"], axes=[2], keepdims=0),
    ], {"w": weights(2, 4, 3), "v": weights(3, 4, 3)}, size)


def rearranging():
    shuffle = [
        node("Reshape", ["image", "s"], ["r"]), node("Transpose", ["r"], ["t"], perm=[0, 2, 1, 3, 4]),
        node("Reshape", ["t", "u"]),
    ]
    made("channel_shuffle", shuffle, {"s": ints(-1, 2, 3, 4, 5), "u": ints(-1, 6, 4, 5)}, (6, 4, 5))
    made("channel_shuffle_traced", shuffle, {"s": ints(1, 3, 2, 4, 5), "u": ints(1, -1, 4, 5)}, (6, 4, 5), batch=1)
    made("channel_shuffle_zero", shuffle, {"s": ints(0, 2, 3, 4, 5), "u": ints(0, 6, 4, 5)}, (6, 4, 5), 9)
    made("split_lengths_opset11", [
        node("Split", ["image"], ["a", "b"], axis=1, split=[1, 3]), node("Sigmoid", ["b"], ["c"]),
        node("Concat", ["c", "a"], axis=1),
    ], opset=11)
    made("split_lengths_opset13", [node("Split", ["image", "s"], ["a", "b", "c"], axis=2), node("Concat", ["c", "a", "b"], axis=2)],
         {"s": ints(1, 2, 3)})
    made("split_unequal", [node("Split", ["image"], ["a", "b", "c"], axis=-1), node("Concat", ["c", "b", "a"], axis=3)],
         shape=(4, 6, 6))
    made("slice_attributes", [node("Slice", ["image"], axes=[1, 3], starts=[1, -4], ends=[9, -1])], opset=9)
    made("slice_steps", [node("Slice", ["image", "a", "b", "c", "d"])],
         {"a": ints(0, 1), "b": ints(6, 5), "c": ints(2, 3), "d": ints(2, 3)}, opset=11)
    made("slice_backwards", [node("Slice", ["image", "a", "b", "c", "d"])],
         {"a": ints(-1), "b": ints(-10), "c": ints(1), "d": ints(-1)})
    focus = {"z": ints(0, 0), "h": ints(1, 0), "v": ints(0, 1), "e": ints(99, 99), "c": ints(2, 3), "t": ints(2, 2), "o": ints(1, 1)}
    made("slices_of_pixels", [
        *[node("Slice", ["image", start, "e", "c", "t"], [f"s{start}"]) for start in "zhvo"],
        node("Concat", [f"s{start}" for start in "zhvo"], axis=1),
    ], focus, (3, 6, 4))
    made("gather_list", [node("Gather", ["image", "i"], axis=1)], {"i": ints(3, 0, -1, 1)})
    made("gather_one", [
        *[step for c in range(3) for step in (
            node("Gather", ["image", f"i{c}"], [f"g{c}"], axis=1), node("Unsqueeze", [f"g{c}", "a"], [f"u{c}"]),
            node("Mul", [f"u{c}", f"m{c}"], [f"x{c}"]))],
        node("Concat", ["x0", "x1", "x2"], axis=1),
    ], {"a": ints(1), **{f"i{c}": np.array(c, np.int64) for c in range(3)}, **{f"m{c}": np.float32(c + 0.5) for c in range(3)}},
        (3, 6, 5))
    for mode in ("reflect", "edge"):
        made(f"pad_{mode}", [node("Pad", ["image", "p"], mode=mode)], {"p": ints(0, 0, 1, 2, 0, 0, 2, 0)})
    made("pad_reflect_opset9", [node("Pad", ["image"], mode="reflect", pads=[0, 1, 0, 1, 0, 0, 2, 1])], opset=9)
    made("transpose_kept", [node("Transpose", ["image"], ["t"], perm=[0, 2, 1, 3]), node("Conv", ["t", "w"])],
         {"w": weights(2, 6, 3, 3)})
    made("squeeze_axis", [
        node("GlobalAveragePool", ["image"], ["g"]), node("Squeeze", ["g", "a"], ["s"]), node("Conv", ["s", "w"], ["c"]),
        node("Unsqueeze", ["c", "a"], ["u"]), node("Mul", ["image", "u"]),
    ], {"a": ints(3), "w": weights(4, 4, 1)})
    made("channel_attention_1d", [
        node("GlobalAveragePool", ["image"], ["g"]), node("Squeeze", ["g", "a"], ["s"]),
        node("Transpose", ["s"], ["t"], perm=[0, 2, 1]), node("Conv", ["t", "w"], ["c"], pads=[1, 1]),
        node("Transpose", ["c"], ["d"], perm=[0, 2, 1]), node("Unsqueeze", ["d", "a"], ["u"]),
        node("Sigmoid", ["u"], ["v"]), node("Mul", ["image", "v"]),
    ], {"a": ints(3), "w": weights(1, 1, 3)})


def reductions():
    for name in ("ReduceMean", "ReduceMax", "ReduceMin"):
        for axes, keep in (([1], 1), ([1], 0), ([2], 0), ([3], 1), ([1, 2, 3], 1), ([-1, 1], 0)):
            title = f"{name.lower()}_{'_'.join(str(axis % 4) for axis in axes)}_{'kept' if keep else 'gone'}"
            made(title, [node(name, ["image"], axes=axes, keepdims=keep)])
    made("reducesum_attribute", [node("ReduceSum", ["image"], axes=[2, 3], keepdims=0)], opset=11)
    made("reducesum_input", [node("ReduceSum", ["image", "a"], keepdims=1)], {"a": ints(1)})
    made("spatial_attention", [
        node("ReduceMean", ["image"], ["a"], axes=[1]), node("ReduceMax", ["image"], ["m"], axes=[1]),
        node("Concat", ["a", "m"], ["j"], axis=1), node("Conv", ["j", "w"], ["c"], pads=[1, 1, 1, 1]),
        node("Sigmoid", ["c"], ["s"]), node("Mul", ["image", "s"]),
    ], {"w": weights(1, 2, 3, 3)})


def resizes():
    enlarged = {"s": np.float32([1, 1, 2, 3]), "r": np.float32([])}
    for mode in ("nearest", "linear"):
        made(f"upsample_{mode}_opset7", [node("Upsample", ["image"], mode=mode, scales=[1.0, 1.0, 2.0, 3.0])], opset=7)
        made(f"upsample_{mode}_opset9", [node("Upsample", ["image", "s"], mode=mode)], {"s": enlarged["s"]}, opset=9)
        made(f"resize_{mode}_opset10", [node("Resize", ["image", "s"], mode=mode)], {"s": enlarged["s"]}, opset=10)
        for rule in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"):
            made(f"resize_{mode}_{rule}", [node("Resize", ["image", "r", "s"], mode=mode, coordinate_transformation_mode=rule)],
                 {"s": np.float32([1, 1, 1.5, 0.7]), "r": np.float32([])})
    made("resize_torch_nearest", [
        node("Resize", ["image", "", "s"], mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
    ], {"s": enlarged["s"]})
    made("resize_sizes", [node("Resize", ["image", "", "", "z"], mode="linear")], {"z": ints(2, 4, 9, 7)}, batch=2)
    # As PyTorch writes interpolate() of a batch of any size.
    made("resize_computed_sizes", [
        node("Shape", ["image"], ("shape",)),
        node("Slice", ["shape", "zero", "two", "zero"], ("kept",)),
        node("Concat", ["kept", "z"], ("sizes",), axis=0),
        node("Resize", ["image", "", "", "sizes"], mode="linear", coordinate_transformation_mode="pytorch_half_pixel"),
    ], {"zero": ints(0), "two": ints(2), "z": ints(9, 7)})
    made("resize_tensorflow_nearest", [
        node("Resize", ["image", "r", "s"], mode="nearest", coordinate_transformation_mode="tf_half_pixel_for_nn", nearest_mode="floor"),
    ], enlarged, opset=11)


def products():
    """Attention and normalisation over tokens."""
    made("attention", [
        node("Reshape", ["image", "tokens"], ["r"]), node("Transpose", ["r"], ["x"], perm=[0, 2, 1]),
        *[step for name in "qkv" for step in (
            node("MatMul", ["x", f"w{name}"], [f"p{name}"]), node("Add", [f"b{name}", f"p{name}"], [f"a{name}"]),
            node("Reshape", [f"a{name}", "heads"], [f"h{name}"]))],
        node("Transpose", ["hq"], ["q"], perm=[0, 2, 1, 3]), node("Transpose", ["hk"], ["k"], perm=[0, 2, 3, 1]),
        node("Transpose", ["hv"], ["v"], perm=[0, 2, 1, 3]), node("MatMul", ["q", "k"], ["s"]),
        node("Mul", ["s", "scale"], ["t"]), node("Softmax", ["t"], ["u"], axis=-1), node("MatMul", ["u", "v"], ["y"]),
        node("Transpose", ["y"], ["z"], perm=[0, 2, 1, 3]), node("Reshape", ["z", "joined"], ["o"]),
        node("MatMul", ["o", "wo"], ["m"]), node("Add", ["m", "x"], ["e"]), node("ReduceMean", ["e"], axes=[1], keepdims=0),
    ], {
        "tokens": ints(0, 6, 20), "heads": ints(0, 20, 2, 3), "joined": ints(0, 20, 6), "scale": np.float32(0.5),
        **{f"w{name}": weights(6, 6, seed=index) for index, name in enumerate("qkvo")},
        **{f"b{name}": weights(6, seed=index) for index, name in enumerate("qkv")},
    }, (6, 4, 5))
    made("channel_products", [
        node("Reshape", ["image", "s"], ["a"]), node("Transpose", ["a"], ["b"], perm=[0, 2, 1]), node("MatMul", ["a", "b"])],
        {"s": ints(0, 4, -1)})
    made("products_of_images", [node("Transpose", ["image"], ["t"], perm=[0, 1, 3, 2]), node("MatMul", ["image", "t"])])
    made("products_with_constants", [node("MatMul", ["image", "w"])], {"w": weights(4, 5, 3)})
    made("products_of_widths", [node("MatMul", ["image", "w"], ["p"]), node("Add", ["p", "b"])], {"w": weights(5, 3), "b": weights(3)})
    made("layer_norm", [
        node("Reshape", ["image", "s"], ["r"]), node("Transpose", ["r"], ["x"], perm=[0, 2, 1]),
        node("ReduceMean", ["x"], ["m"], axes=[-1]), node("Sub", ["x", "m"], ["d"]), node("Pow", ["d", "two"], ["p"]),
        node("ReduceMean", ["p"], ["v"], axes=[-1]), node("Add", ["v", "epsilon"], ["e"]), node("Sqrt", ["e"], ["q"]),
        node("Div", ["d", "q"], ["n"]), node("Mul", ["n", "g"], ["y"]), node("Add", ["y", "o"]),
    ], {"s": ints(0, 4, 30), "two": np.float32(2), "epsilon": np.float32(1e-5), "g": weights(4), "o": weights(4, seed=1)})


def normalisations():
    """Normalisations by what an image itself holds."""
    affine = {"g": weights(5), "o": weights(5, seed=1)}
    made("layer_norm_last", [node("LayerNormalization", ["image", "g", "o"], axis=-1)], affine, opset=17)
    made("layer_norm_without_offset", [node("LayerNormalization", ["image", "g"], epsilon=1e-3)], {"g": weights(5)}, opset=17)
    made("layer_norm_everything", [node("LayerNormalization", ["image", "g", "o"], axis=1)],
         {"g": weights(4, 6, 5), "o": weights(4, 6, 5, seed=1)}, opset=17)
    made("layer_norm_of_channels", [
        node("Transpose", ["image"], ["t"], perm=[0, 2, 3, 1]), node("LayerNormalization", ["t", "g", "o"], ["n"]),
        node("Transpose", ["n"], perm=[0, 3, 1, 2]),
    ], {"g": weights(4), "o": weights(4, seed=1)}, opset=17)
    made("instance_norm", [node("InstanceNormalization", ["image", "g", "o"])], {"g": weights(4), "o": weights(4, seed=1)})
    made("instance_norm_sequence", [node("InstanceNormalization", ["image", "g", "o"])],
         {"g": weights(4), "o": weights(4, seed=1)}, (4, 9))
    for axes in ([1], [1, 2, 3]):
        title = f"euclidean_{len(axes)}"
        made(title, [node("ReduceL2", ["image"], ["r"], axes=axes), node("Div", ["image", "r"])])
    made("pad_channels", [node("Slice", ["image", "z", "e", "a", "t"], ["s"]), node("Pad", ["s", "p"])],
         {"z": ints(0, 0), "e": ints(9, 9), "a": ints(2, 3), "t": ints(2, 2), "p": ints(0, 2, 0, 0, 0, 2, 0, 0)})
    made("pad_channels_and_sides_opset9", [node("Pad", ["image"], pads=[0, 1, 0, 1, 0, 0, 2, 1], value=0.5)], opset=9)


def short_floats():
    half = weights(4, 4, 3, 3).astype(np.float16)
    cast = [node("Cast", ["image"], ["x"], to=10), node("Conv", ["x", "w"], ["c"]), node("Cast", ["c"], to=1)]
    made("float16_between_casts", cast, {"w": half})
    bits = (weights(4, 4, 3, 3).view(np.uint32) >> 16).astype(np.uint16)
    bfloat = helper.make_tensor("h", TensorProto.BFLOAT16, (4, 4, 3, 3), bits.tobytes(), raw=True)
    made("bfloat16_weights", [node("Cast", ["h"], ["w"], to=1), node("Conv", ["image", "w"])], {"h": bfloat})


def oldest():
    """Operator set 6, whose operands are aligned at an axis that the node names, against NumPy."""
    x = numbers((2, *IMAGE))
    per_channel = weights(4)
    column = lambda values: values.reshape(4, 1, 1)
    made("opset6_add_channels", [node("Add", ["image", "b"], broadcast=1, axis=1)], {"b": per_channel}, opset=6,
         answer=x + column(per_channel))
    made("opset6_mul_axis", [node("Mul", ["image", "b"], broadcast=1, axis=1)], {"b": weights(4, 6)}, opset=6,
         answer=x * weights(4, 6).reshape(4, 6, 1))
    made("opset6_sub_last", [node("Sub", ["image", "b"], broadcast=1)], {"b": weights(5)}, opset=6, answer=x - weights(5))
    made("opset6_div_number", [node("Div", ["image", "b"], broadcast=1)], {"b": np.float32([4])}, opset=6, answer=x / 4)
    made("opset6_gate", [
        node("GlobalAveragePool", ["image"], ["g"]), node("Squeeze", ["g"], ["s"], axes=[2, 3]),
        node("Mul", ["image", "s"], broadcast=1, axis=0),
    ], opset=6, answer=x * x.mean((2, 3), keepdims=True))
    mean, scale, variance = weights(4, seed=1), weights(4, seed=2), weights(4, seed=3, low=0.5, high=1)
    normed = (x - column(mean)) / np.sqrt(column(variance) + np.float32(1e-5)) * column(scale) + column(per_channel)
    made("opset6_batch_norm", [
        node("BatchNormalization", ["image", "s", "b", "m", "v"], ["n"], is_test=1, spatial=1),
        node("Dropout", ["n"], ["d"], is_test=1, ratio=0.5), node("Clip", ["d"], min=-0.25, max=0.5),
    ], {"s": scale, "b": per_channel, "m": mean, "v": variance}, opset=6, answer=normed.clip(-0.25, 0.5))
    made("opset6_prelu", [node("PRelu", ["image", "s"])], {"s": per_channel}, opset=6,
         answer=np.where(x < 0, x * column(per_channel), x))
    made("opset6_reshape_gemm", [
        node("Reshape", ["image", "s"], ["f"]), node("Gemm", ["f", "m", "b"], broadcast=1, transB=1),
    ], {"s": ints(0, -1), "m": weights(3, 120), "b": weights(3)}, opset=6,
        answer=x.reshape(2, 120) @ weights(3, 120).T + weights(3))
    for opset in (7, 8):
        made(f"opset{opset}_network", [
            node("Conv", ["image", "w"], ["c"]), node("BatchNormalization", ["c", "s", "b", "m", "v"], ["n"]),
            node("Relu", ["n"], ["r"]), node("Dropout", ["r"], ["d"], ratio=0.5),
            node("MaxPool", ["d"], ["p"], kernel_shape=[2, 2]), node("Slice", ["p"], ["q"], axes=[1], starts=[0], ends=[3]),
            node("Flatten", ["q"]),
        ], {"w": weights(4, 4, 3, 3), "s": scale, "b": per_channel, "m": mean, "v": variance}, opset=opset)


os.makedirs(FOLDER, exist_ok=True)
for old in os.listdir(FOLDER):
    os.remove(f"{FOLDER}/{old}")
for group in (functions, softmaxes, combinations, channels_last, other_inputs, sequences, rearranging, reductions,
              resizes, products, normalisations, short_floats, oldest):
    group()
with open(f"{FOLDER}/expected.json", "w") as file:
    file.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in expected.items()) + "\n}\n")
print(f"{len(os.listdir(FOLDER)) - 1} fixtures")
