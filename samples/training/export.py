"""ONNX export of a sample network, and a description of the file that was written."""

import onnx
import torch
from onnx import numpy_helper, shape_inference

OPSET = 13
INPUT = "image"
OUTPUT = "logits"


def export(network, path):
    """Writes the network, in evaluation mode and with its batch norms kept, with a free batch size."""
    torch.onnx.export(
        network.eval(),
        torch.zeros(1, 3, 32, 32),
        path,
        opset_version=OPSET,
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_axes={INPUT: {0: "batch"}, OUTPUT: {0: "batch"}},
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
    )
    model = onnx.load(path)
    give_each_its_own(model.graph)
    onnx.save(model, path)


def give_each_its_own(graph):
    """Turns Identity nodes that stand for a copy of an initialiser into that copy.

    The exporter shares equal initialisers; the two norms that end a block and its projection get equal gradients.
    """
    weights = {tensor.name: tensor for tensor in graph.initializer}
    for node in [node for node in graph.node if node.op_type == "Identity" and node.input[0] in weights]:
        copy = graph.initializer.add()
        copy.CopyFrom(weights[node.input[0]])
        copy.name = node.output[0]
        graph.node.remove(node)


def describe(path):
    """Checks the file; returns its operators' counts, parameters, MACs and layers (convolutions and dense)."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    graph = shape_inference.infer_shapes(model, strict_mode=True).graph
    shapes = {value.name: dimensions(value) for value in [*graph.value_info, *graph.output]}
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    operators = {}
    for node in graph.node:
        operators[node.op_type] = operators.get(node.op_type, 0) + 1
    layers = [
        layer_of(node, weights[node.input[1]], shapes[node.output[0]])
        for node in graph.node
        if node.op_type in ("Conv", "Gemm")
    ]
    return {
        "operators": operators,
        "parameters": sum(int(weight.size) for weight in weights.values()),
        "macs": sum(layer["macs"] for layer in layers),
        "layers": layers,
    }


def dimensions(value):
    """The sizes of a value after its batch dimension."""
    return [dimension.dim_value for dimension in value.type.tensor_type.shape.dim[1:]]


def layer_of(node, weight, output):
    """Name, kernel, stride, output shape and MACs (of one image, without biases) of a convolution or dense layer."""
    attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
    positions = output[1] * output[2] if node.op_type == "Conv" else 1
    return {
        "name": node.name,
        "operator": node.op_type,
        "kernel": list(weight.shape),
        "strides": list(attributes["strides"]) if "strides" in attributes else None,
        "output": output,
        "macs": positions * int(weight.size),
    }
