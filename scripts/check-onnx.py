"""Checks ONNX files with ONNX's own checker and shape inference. A one-off, run by hand:

    npm run -s enc -- compress net.onnx --target 0.5 --method map --out small.onnx
    /usr/bin/python3 scripts/check-onnx.py small.onnx

Needs python3-onnx (Debian 12 has 1.12, which knows operator sets up to 17).
"""

import sys

import onnx

for name in sys.argv[1:]:
    model = onnx.load(name)
    onnx.checker.check_model(model, full_check=True)
    print(f"{name}: valid, operator set {model.opset_import[0].version}, {len(model.graph.node)} nodes")
