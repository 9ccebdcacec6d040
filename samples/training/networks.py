"""The two sample networks: 3 x 32 x 32 images in, one logit per class out."""

from collections import OrderedDict

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

VGG_WIDTHS = ((32, 32), (64, 64), (96, 96), (128, 128))
VGG_DENSE = 128
VGG_LAST_SIDE = 2
VGG_DROPOUT = 0.2
RESIDUAL_STAGES = ((16, 2), (32, 3), (64, 4))


class Vgg(nn.Module):
    """Stages of 3x3 convolutions, each ended by a max pool, flattened into two dense layers.

    Batch norm speeds up training only: `folded` gives the network without it.
    """

    def __init__(self, classes):
        super().__init__()
        inputs = 3
        for stage, widths in enumerate(VGG_WIDTHS, start=1):
            layers = OrderedDict()
            for place, width in enumerate(widths, start=1):
                layers[f"conv{place}"] = nn.Conv2d(inputs, width, 3, padding=1)
                layers[f"norm{place}"] = nn.BatchNorm2d(width)
                layers[f"relu{place}"] = nn.ReLU()
                inputs = width
            layers["pool"] = nn.MaxPool2d(2)
            self.add_module(f"stage{stage}", nn.Sequential(layers))
        self.flatten = nn.Flatten()
        self.dense1 = nn.Linear(inputs * VGG_LAST_SIDE**2, VGG_DENSE)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(VGG_DROPOUT)
        self.dense2 = nn.Linear(VGG_DENSE, classes)

    def forward(self, image):
        """Maps images (N, 3, 32, 32) to logits (N, classes)."""
        for layer in self.children():
            image = layer(image)
        return image

    def folded(self):
        """Folds every batch norm into the convolution before it and drops the dropout; changes this network."""
        self.eval()
        for stage in self.children():
            for name in [name for name, _ in stage.named_children() if name.startswith("conv")]:
                norm = name.replace("conv", "norm")
                setattr(stage, name, fuse_conv_bn_eval(getattr(stage, name), getattr(stage, norm)))
                delattr(stage, norm)
        del self.dropout
        return self


class Block(nn.Module):
    """Two 3x3 convolutions around which the input is added, through a strided 1x1 projection where shapes differ."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.projection = None
        if stride != 1 or inputs != width:
            self.projection = nn.Conv2d(inputs, width, 1, stride=stride, bias=False)
            self.projection_norm = nn.BatchNorm2d(width)

    def forward(self, values):
        """Maps (N, inputs, H, W) to (N, width, H / stride, W / stride)."""
        shortcut = values
        if self.projection is not None:
            shortcut = self.projection_norm(self.projection(values))
        inner = self.relu1(self.norm1(self.conv1(values)))
        return self.relu2(self.norm2(self.conv2(inner)) + shortcut)


class Residual(nn.Module):
    """A stem, three stages of residual blocks, a global average pool and one dense layer."""

    def __init__(self, classes):
        super().__init__()
        inputs = RESIDUAL_STAGES[0][0]
        self.conv = nn.Conv2d(3, inputs, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(inputs)
        self.relu = nn.ReLU()
        for stage, (width, depth) in enumerate(RESIDUAL_STAGES, start=1):
            blocks = OrderedDict()
            for place in range(1, depth + 1):
                stride = 2 if place == 1 and stage > 1 else 1
                blocks[f"block{place}"] = Block(inputs, width, stride)
                inputs = width
            self.add_module(f"stage{stage}", nn.Sequential(blocks))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dense = nn.Linear(inputs, classes)

    def forward(self, image):
        """Maps images (N, 3, 32, 32) to logits (N, classes)."""
        for layer in self.children():
            image = layer(image)
        return image

    def folded(self):
        """The network as it is shipped: with its batch norms."""
        return self.eval()


NETWORKS = {"vgg": Vgg, "residual": Residual}
