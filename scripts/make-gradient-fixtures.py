"""Writes PyTorch's gradients of every operator that a network can be trained through: src/engine/training/testing/pytorch.json.gz.

A one-off, run by hand with PyTorch (1.13 or later; nothing else is imported):

    python3 scripts/make-gradient-fixtures.py [target file]

Each case is an operator in the studio's own spelling (images NHWC with the batch in front, kernels [D_h, D_w, I / groups, O]),
its inputs, the gradient of its output, and what PyTorch's autograd makes of that in double precision: the output, the
gradients of the inputs, and of the weights that are trained. Beside the operators there are the losses of distillation and
the optimisers. Values are small fractions, which pack well; results have seven digits.
"""

import gzip
import json
import os
import sys

import torch
import torch.nn.functional as F

FILE = os.path.join(os.path.dirname(__file__), "../src/engine/training/testing/pytorch.json.gz")
random = torch.Generator().manual_seed(16)


def draw(*shape, scale=1.0):
    """Values of float32 with few digits, never twice the same distance from zero."""
    values = torch.randn(*shape, generator=random, dtype=torch.float64) * scale
    return torch.round(values * 64) / 64 + 1 / 256


def shuffled(*shape):
    """Values that all differ, for maxima."""
    count = 1
    for extent in shape:
        count *= extent
    return (torch.randperm(count, generator=random).double().reshape(shape) - count / 2) / 16 + 1 / 128


def flat(tensor):
    return [float("%.7g" % value) for value in tensor.detach().reshape(-1).tolist()]


def plain(tensor):
    return {"shape": list(tensor.shape), "data": flat(tensor)}


def nchw(x):
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


def nhwc(x):
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


cases = []


def case(title, operator, inputs, compute, weights=None):
    """`compute(inputs, weights)` is in the studio's layout; weights by the operator's fields."""
    inputs = [x.clone().requires_grad_() for x in inputs]
    weights = {name: value.clone().requires_grad_() for name, value in (weights or {}).items()}
    output = compute(inputs, weights)
    cotangent = draw(*output.shape)
    wanted = inputs + list(weights.values())
    found = torch.autograd.grad(output, wanted, cotangent, allow_unused=True)
    found = [torch.zeros_like(x) if g is None else g for x, g in zip(wanted, found)]
    spelled = dict(operator)
    for name, value in weights.items():
        is_tensor = name in ("kernel", "weights", "slopes")
        spelled[name] = plain(value) if is_tensor else flat(value)
    cases.append(
        {
            "title": title,
            "operator": spelled,
            "inputs": [plain(x) for x in inputs],
            "cotangent": flat(cotangent),
            "output": plain(output),
            "inputGradients": [flat(g) for g in found[: len(inputs)]],
            "weightGradients": {name: flat(g) for name, g in zip(weights, found[len(inputs) :])},
        }
    )


# --- convolutions


def convolution(title, size, kernel, stride=(1, 1), dilation=(1, 1), padding=(0, 0, 0, 0), groups=1, bias=True, images=2):
    top, bottom, left, right = padding
    height, width, depth, outputs = kernel
    operator = {
        "kind": "conv2d",
        "bias": None,
        "stride": {"height": stride[0], "width": stride[1]},
        "dilation": {"height": dilation[0], "width": dilation[1]},
        "padding": {"top": top, "bottom": bottom, "left": left, "right": right},
        "groups": groups,
    }

    def compute(inputs, weights):
        x = F.pad(nchw(inputs[0]), (left, right, top, bottom))
        own = weights["kernel"].permute(3, 2, 0, 1)
        y = F.conv2d(x, own, weights.get("bias"), stride=stride, dilation=dilation, groups=groups)
        return nhwc(y)

    weights = {"kernel": draw(*kernel, scale=0.5)}
    if bias:
        weights["bias"] = draw(outputs)
    case(title, operator, [draw(images, size[0], size[1], depth * groups)], compute, weights)


same3 = (1, 1, 1, 1)
convolution("3×3", (7, 6), (3, 3, 4, 8), padding=same3)
convolution("3×3, odd channels", (5, 6), (3, 3, 3, 5), padding=same3)
convolution("3×3 without a bias and without padding", (6, 5), (3, 3, 4, 4), bias=False)
convolution("3×3 of large images by Winograd's method", (12, 12), (3, 3, 4, 4), padding=same3, images=1)
convolution("3×3, stride 2", (8, 8), (3, 3, 4, 8), stride=(2, 2), padding=same3)
convolution("3×3, stride 2, odd sizes", (7, 9), (3, 3, 3, 4), stride=(2, 2), padding=same3)
convolution("3×3, stride 2, pixels that nothing reads", (8, 8), (3, 3, 4, 4), stride=(2, 2))
convolution("3×3, stride 3", (10, 9), (3, 3, 4, 4), stride=(3, 3), padding=same3)
convolution("3×3, uneven padding under stride", (8, 8), (3, 3, 4, 4), stride=(2, 2), padding=(0, 1, 0, 1))
convolution("3×3, dilation 2", (9, 8), (3, 3, 4, 4), dilation=(2, 2), padding=(2, 2, 2, 2))
convolution("3×3, dilation 2 and stride 2", (11, 10), (3, 3, 4, 4), stride=(2, 2), dilation=(2, 2), padding=(2, 2, 2, 2))
convolution("3×1", (8, 6), (3, 1, 4, 6), padding=(1, 1, 0, 0))
convolution("3×1, stride 2 down", (8, 6), (3, 1, 8, 5), stride=(2, 1), padding=(1, 1, 0, 0))
convolution("1×3", (6, 8), (1, 3, 5, 8), padding=(0, 0, 1, 1))
convolution("1×3, stride 2 across", (6, 8), (1, 3, 4, 8), stride=(1, 2), padding=(0, 0, 1, 1))
convolution("1×3, dilation 2", (5, 9), (1, 3, 4, 4), dilation=(1, 2), padding=(0, 0, 2, 2))
convolution("1×1", (5, 4), (1, 1, 6, 8))
convolution("1×1, stride 2", (6, 7), (1, 1, 4, 8), stride=(2, 2))
convolution("5×5", (7, 7), (5, 5, 3, 4), padding=(2, 2, 2, 2))
convolution("7×7, stride 2", (13, 12), (7, 7, 3, 4), stride=(2, 2), padding=(3, 3, 3, 3))
convolution("even kernel", (6, 6), (2, 4, 4, 4), padding=(0, 1, 1, 2))
convolution("wider padding than kernel", (4, 4), (2, 2, 4, 4), padding=(3, 2, 2, 3))
convolution("two groups", (6, 5), (3, 3, 4, 8), padding=same3, groups=2)
convolution("four groups, stride 2", (7, 6), (3, 3, 2, 8), stride=(2, 2), padding=same3, groups=4)
convolution("depthwise", (6, 6), (3, 3, 1, 6), padding=same3, groups=6)
convolution("depthwise, stride 2", (8, 7), (3, 3, 1, 4), stride=(2, 2), padding=same3, groups=4)
convolution("depthwise, two outputs a channel", (6, 6), (3, 3, 1, 8), padding=same3, groups=4)
convolution("depthwise, dilation 2", (8, 8), (3, 3, 1, 4), dilation=(2, 2), padding=(2, 2, 2, 2), groups=4)
convolution("the whole image", (4, 4), (4, 4, 3, 4))


# --- dense, norms

case(
    "dense",
    {"kind": "dense", "bias": None},
    [draw(3, 6)],
    lambda x, w: x[0] @ w["weights"] + w["bias"],
    {"weights": draw(6, 5), "bias": draw(5)},
)
case(
    "dense of sequences",
    {"kind": "dense", "bias": None},
    [draw(2, 3, 4)],
    lambda x, w: x[0] @ w["weights"],
    {"weights": draw(4, 5)},
)
for title, shape in (("batch norm", (2, 4, 3, 5)), ("batch norm of vectors", (4, 5))):
    mean, variance = draw(5), draw(5).abs() + 0.25
    case(
        title,
        {"kind": "batchNorm", "mean": flat(mean), "variance": flat(variance), "epsilon": 0.001},
        [draw(*shape)],
        lambda x, w: (x[0] - mean) / torch.sqrt(variance + 0.001) * w["scale"] + w["offset"],
        {"scale": draw(5), "offset": draw(5)},
    )

# --- activations


def erf_gelu(x):
    return x * 0.5 * (1 + torch.erf(x / 2**0.5))


def tanh_gelu(x):
    return 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))


def hard_sigmoid(x, alpha, beta):
    return torch.clamp(alpha * x + beta, 0, 1)


def elu(x, alpha):
    return torch.where(x > 0, x, alpha * torch.expm1(x))


positive = {"log", "sqrt", "reciprocal"}
activations = [
    ("relu", 0, 0, torch.relu),
    ("relu6", 0, 0, lambda x: torch.clamp(x, 0, 6)),
    ("leakyRelu", 0.125, 0, lambda x: F.leaky_relu(x, 0.125)),
    ("elu", 1, 0, lambda x: elu(x, 1)),
    ("elu", 0.5, 0, lambda x: elu(x, 0.5)),
    ("sigmoid", 0, 0, torch.sigmoid),
    ("hardSigmoid", 0.25, 0.5, lambda x: hard_sigmoid(x, 0.25, 0.5)),
    ("tanh", 0, 0, torch.tanh),
    ("softplus", 0, 0, F.softplus),
    ("swish", 0, 0, lambda x: x * torch.sigmoid(x)),
    ("hardSwish", 0, 0, lambda x: x * hard_sigmoid(x, 1 / 6, 0.5)),
    ("selu", 1.5, 1.25, lambda x: 1.25 * elu(x, 1.5)),
    ("gelu", 0, 0, erf_gelu),
    ("geluTanh", 0, 0, tanh_gelu),
    ("mish", 0, 0, lambda x: x * torch.tanh(F.softplus(x))),
    ("softsign", 0, 0, lambda x: x / (1 + x.abs())),
    ("clip", -1.5, 2.5, lambda x: torch.clamp(x, -1.5, 2.5)),
    ("erf", 0, 0, torch.erf),
    ("exp", 0, 0, torch.exp),
    ("log", 0, 0, torch.log),
    ("sqrt", 0, 0, torch.sqrt),
    ("square", 0, 0, torch.square),
    ("abs", 0, 0, torch.abs),
    ("negate", 0, 0, torch.neg),
    ("reciprocal", 0, 0, torch.reciprocal),
]
for name, alpha, beta, function in activations:
    x = draw(2, 3, 2, 4, scale=3.0 if name in ("relu6", "clip", "hardSwish") else 1.5)
    x = x.abs() + 0.25 if name in positive else x
    operator = {"kind": "activation", "function": name, "alpha": alpha, "beta": beta}
    case("%s %g" % (name, alpha), operator, [x], lambda inputs, _, f=function: f(inputs[0]))

case(
    "PReLU, a slope per channel",
    {"kind": "parametricRelu", "slopes": plain(torch.tensor([0.25, -0.5, 0.125, 2.0]).double())},
    [draw(2, 3, 2, 4)],
    lambda x, _: torch.where(x[0] < 0, x[0] * torch.tensor([0.25, -0.5, 0.125, 2.0]).double(), x[0]),
)

# --- pools


def pool(title, reduce, size, window, stride, padding=(0, 0, 0, 0), includes=True):
    top, bottom, left, right = padding
    operator = {
        "kind": "pool",
        "reduce": reduce,
        "window": {"height": window[0], "width": window[1]},
        "stride": {"height": stride[0], "width": stride[1]},
        "padding": {"top": top, "bottom": bottom, "left": left, "right": right},
        "roundUp": False,
        "includePadding": includes,
    }

    def compute(inputs, _):
        x = nchw(inputs[0])
        if reduce == "max":
            return nhwc(F.max_pool2d(F.pad(x, (left, right, top, bottom), value=-1e9), window, stride))
        y = F.avg_pool2d(F.pad(x, (left, right, top, bottom)), window, stride)
        if not includes:
            y = y / F.avg_pool2d(F.pad(torch.ones_like(x), (left, right, top, bottom)), window, stride)
        return nhwc(y)

    case(title, operator, [shuffled(2, size[0], size[1], 3)], compute)


pool("max pool 2×2", "max", (6, 4), (2, 2), (2, 2))
pool("max pool 3×3, stride 2, padded", "max", (7, 8), (3, 3), (2, 2), (1, 1, 1, 1))
pool("max pool 3×3, overlapping", "max", (5, 5), (3, 3), (1, 1), (1, 1, 1, 1))
pool("average pool 2×2", "average", (6, 4), (2, 2), (2, 2))
pool("average pool 3×3, padded, zeros counted", "average", (7, 6), (3, 3), (2, 2), (1, 1, 1, 1))
pool("average pool 3×3, padded, zeros not counted", "average", (7, 6), (3, 3), (2, 2), (1, 1, 1, 1), False)
pool("average pool 3×2, overlapping", "average", (5, 6), (3, 2), (1, 1))
pool("pool of one pixel under stride 2", "max", (5, 6), (1, 1), (2, 2))
for reduce in ("max", "average"):
    for keep in (True, False):
        fold = torch.amax if reduce == "max" else torch.mean
        case(
            "global %s pool%s" % (reduce, "" if keep else " to vectors"),
            {"kind": "globalPool", "reduce": reduce, "keepDimensions": keep},
            [shuffled(2, 4, 3, 5)],
            lambda x, _, fold=fold, keep=keep: fold(x[0], dim=(1, 2), keepdim=keep),
        )

# --- combinations

image, row = (2, 3, 2, 4), (2, 1, 1, 4)
case("sum", {"kind": "add"}, [draw(*image), draw(*image)], lambda x, _: x[0] + x[1])
case("sum of three", {"kind": "add"}, [draw(*image), draw(*row), draw(*image)], lambda x, _: x[0] + x[1] + x[2])
case("product", {"kind": "multiply"}, [draw(*image), draw(*row)], lambda x, _: x[0] * x[1])
combinations = [
    ("subtract", draw(*image), draw(*row), lambda a, b: a - b),
    ("divide", draw(*image), draw(*row).abs() + 0.5, lambda a, b: a / b),
    ("power", draw(*image).abs() + 0.5, draw(*row), lambda a, b: a**b),
    ("maximum", shuffled(*image), draw(*image), torch.maximum),
    ("minimum", shuffled(*image), draw(*row), torch.minimum),
]
for name, a, b, function in combinations:
    case(name, {"kind": "elementwise", "function": name}, [a, b], lambda x, _, f=function: f(x[0], x[1]))
case("matrix product", {"kind": "matrixProduct"}, [draw(2, 3, 4), draw(2, 4, 5)], lambda x, _: x[0] @ x[1])
case("concat of channels", {"kind": "concat", "axis": 2}, [draw(2, 3, 2, 2), draw(2, 3, 2, 3)], lambda x, _: torch.cat(x, 3))

# --- layout

case(
    "pad",
    {"kind": "pad", "padding": {"top": 1, "bottom": 0, "left": 2, "right": 1}, "value": 0.5},
    [draw(*image)],
    lambda x, _: F.pad(x[0], (0, 0, 2, 1, 1, 0), value=0.5),
)
case(
    "pad of channels",
    {
        "kind": "pad",
        "padding": {"top": 0, "bottom": 0, "left": 0, "right": 0},
        "channels": {"before": 1, "after": 2},
        "value": 0,
    },
    [draw(*image)],
    lambda x, _: F.pad(x[0], (1, 2)),
)
case("flatten, channels first", {"kind": "flatten", "order": "chw"}, [draw(*image)], lambda x, _: nchw(x[0]).flatten(1))
case("flatten", {"kind": "flatten", "order": "hwc"}, [draw(*image)], lambda x, _: x[0].flatten(1))
case(
    "reshape to an image",
    {"kind": "reshape", "shape": [2, 3, 4], "order": "chw"},
    [draw(2, 24)],
    lambda x, _: nhwc(x[0].reshape(2, 4, 2, 3)),
)
case(
    "transpose",
    {"kind": "transpose", "permutation": [2, 0, 1]},
    [draw(*image)],
    lambda x, _: x[0].permute(0, 3, 1, 2),
)
case("slice", {"kind": "slice", "axis": 2, "start": 1, "end": 3, "step": 1}, [draw(*image)], lambda x, _: x[0][..., 1:3])
case("slice by twos", {"kind": "slice", "axis": 0, "start": 0, "end": 3, "step": 2}, [draw(*image)], lambda x, _: x[0][:, 0:3:2])
for title, indices in (("gather", [3, 0, 1]), ("gather of many runs", [3, 0, 2, 0, 3, 1, 3, 2, 0, 2, 0])):
    case(title, {"kind": "gather", "axis": 2, "indices": indices}, [draw(*image)], lambda x, _, i=indices: x[0][..., i])
for name, function in (("mean", torch.mean), ("sum", torch.sum), ("max", torch.amax), ("min", torch.amin)):
    case(
        "reduce by %s" % name,
        {"kind": "reduce", "function": name, "axes": [0, 1], "keepDimensions": name in ("mean", "max")},
        [shuffled(*image)],
        lambda x, _, f=function, k=name in ("mean", "max"): f(x[0], dim=(1, 2), keepdim=k),
    )


def resize(title, method, coordinates, rounding, size, scale, compute):
    operator = {
        "kind": "resize",
        "method": method,
        "size": {"height": size[0], "width": size[1]},
        "scale": {"height": scale[0], "width": scale[1]},
        "coordinates": coordinates,
        "rounding": rounding,
    }
    case(title, operator, [draw(2, 3, 4, 2)], lambda x, _: nhwc(compute(nchw(x[0]))))


resize(
    "resize, nearest", "nearest", "asymmetric", "floor", (6, 8), (2, 2), lambda x: F.interpolate(x, scale_factor=2)
)
resize(
    "resize, linear",
    "linear",
    "halfPixel",
    "floor",
    (6, 8),
    (2, 2),
    lambda x: F.interpolate(x, size=(6, 8), mode="bilinear", align_corners=False),
)
resize(
    "resize, linear between corners",
    "linear",
    "alignCorners",
    "floor",
    (5, 7),
    (5 / 3, 7 / 4),
    lambda x: F.interpolate(x, size=(5, 7), mode="bilinear", align_corners=True),
)

# --- answers

case("softmax", {"kind": "softmax"}, [draw(3, 5)], lambda x, _: F.softmax(x[0], -1))
case("log-softmax", {"kind": "logSoftmax"}, [draw(3, 5)], lambda x, _: F.log_softmax(x[0], -1))
for size in (3, 4):

    def response(inputs, _, size=size):
        x = nchw(inputs[0])
        before = (size - 1) // 2
        squares = F.pad(x.square(), (0, 0, 0, 0, before, size - 1 - before))
        total = sum(squares[:, c : c + x.shape[1]] for c in range(size))
        return nhwc(x / (1.5 + 0.75 / size * total) ** 0.75)

    case(
        "local response over %d channels" % size,
        {"kind": "localResponseNormalisation", "size": size, "alpha": 0.75, "beta": 0.75, "bias": 1.5},
        [draw(2, 3, 2, 6)],
        response,
    )

# --- losses: of logits, means over the images

student, teacher = draw(6, 5, scale=3.0).requires_grad_(), draw(6, 5, scale=3.0)
classes = [0, 4, 2, 2, 1, 3]
temperature = 4.0
divergence = (
    F.kl_div(F.log_softmax(student / temperature, 1), F.softmax(teacher / temperature, 1), reduction="batchmean")
    * temperature**2
)
entropy = F.cross_entropy(student, torch.tensor(classes))
losses = {
    "student": plain(student),
    "teacher": plain(teacher),
    "classes": classes,
    "temperature": temperature,
    "divergence": float(divergence),
    "divergenceGradient": flat(torch.autograd.grad(divergence, student, retain_graph=True)[0]),
    "crossEntropy": float(entropy),
    "crossEntropyGradient": flat(torch.autograd.grad(entropy, student)[0]),
}

# --- optimisers: five steps on given gradients, clipped to a norm of all together

start = [draw(6), draw(4)]
gradients = [[draw(6, scale=0.25 * (step + 1)), draw(4)] for step in range(5)]
rates = [0.0125, 0.025, 0.05, 0.0375, 0.0125]
optimisers = []
for name, make in (
    ("adam", lambda p: torch.optim.Adam(p, lr=0.1)),
    ("sgd", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
):
    parameters = [p.clone().requires_grad_() for p in start]
    optimiser = make(parameters)
    path = []
    for rate, given in zip(rates, gradients):
        for parameter, gradient in zip(parameters, given):
            parameter.grad = gradient.clone()
        torch.nn.utils.clip_grad_norm_(parameters, 2.0)
        optimiser.param_groups[0]["lr"] = rate
        optimiser.step()
        path.append([flat(p) for p in parameters])
    optimisers.append({"name": name, "path": path})

table = {
    "torch": torch.__version__.split("+")[0],
    "cases": cases,
    "losses": losses,
    "optimisers": {
        "start": [flat(p) for p in start],
        "gradients": [[flat(g) for g in given] for given in gradients],
        "rates": rates,
        "clip": 2.0,
        "paths": optimisers,
    },
}
target = sys.argv[1] if len(sys.argv) > 1 else FILE
text = json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"
packed = target.endswith(".gz")
with open(target, "wb") as file:
    file.write(gzip.compress(text.encode(), 9, mtime=0) if packed else text.encode())
print("%d cases, %d bytes" % (len(cases), os.path.getsize(target)))
