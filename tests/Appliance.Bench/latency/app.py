"""The bench network as an app: `gen_unet.py u2d256 2 256 16 5 6`, 3.02 GMAC a slice, in the package format of ct-organs.

The random network finds nothing, which the peer pipeline makes up for with drawn ellipsoids. Here its answer is kept in the sum with a weight of
1e-6, so that nothing of it can be left out, and windows of smoothed Hounsfield units, from the same input, decide: organs of a real size with
real borders and pieces to drop.
"""
import hashlib
import json
import os
import pathlib
import subprocess

import numpy as np
import onnx
from onnx import helper, numpy_helper

SIZE, CLASSES = 256, 6
# Class of the bench app: the ct-organs class whose codes it borrows, centre and half width in 1000 HU.
WINDOWS = {1: ("lung", -0.775, 0.075), 2: ("bone", 0.33, 0.17), 3: ("liver", 0.125, 0.035), 4: ("stomach", 0.06, 0.02), 5: ("aorta", 0.01, 0.01)}


def add_windows(path):
    """y = 1e-6 * network + (1 - |p - centre| / width) * 20, p the input smoothed over 5 x 5; background is 0."""
    model = onnx.load(path)
    graph = model.graph
    for node in graph.node:
        for i, name in enumerate(node.output):
            node.output[i] = "network" if name == "y" else name
    centre, slope, bias = (np.zeros((1, CLASSES, 1, 1), np.float32) for _ in range(3))
    for label, (_, at, width) in WINDOWS.items():
        centre[0, label], slope[0, label], bias[0, label] = at, -20 / width, 20
    constants = {"w_centre": centre, "w_slope": slope, "w_bias": bias, "w_small": np.float32(1e-6)}
    graph.initializer.extend(numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items())
    graph.node.extend([
        helper.make_node("AveragePool", ["x"], ["w_p"], kernel_shape=[5, 5], pads=[2, 2, 2, 2]),
        helper.make_node("Sub", ["w_p", "w_centre"], ["w_off"]),
        helper.make_node("Abs", ["w_off"], ["w_abs"]),
        helper.make_node("Mul", ["w_abs", "w_slope"], ["w_scaled"]),
        helper.make_node("Add", ["w_scaled", "w_bias"], ["w_score"]),
        helper.make_node("Mul", ["network", "w_small"], ["w_network"]),
        helper.make_node("Add", ["w_network", "w_score"], ["y"]),
    ])
    onnx.save(model, path)


def argmax(tools, ort, model, values, work):
    """What ONNX Runtime, called from C, says of one slice."""
    values.tofile(work / "golden.f32")
    subprocess.run([tools / "ort_slices", model, "1", work / "golden.f32", "1", str(SIZE), str(CLASSES), work / "golden.u8"], check=True,
                   env={**os.environ, "ORT_LIB": str(ort)}, stdout=subprocess.DEVNULL)
    return np.fromfile(work / "golden.u8", np.uint8)


def make(folder, organs, perf, tools, ort):
    """Writes the app into a folder unless it is there, with its fast variant. organs: the folder of ct-organs, whose manifest it follows."""
    if (folder / "fast_qdq.onnx").exists():
        return
    (folder / "golden").mkdir(parents=True, exist_ok=True)
    subprocess.run(["/usr/bin/python3", perf / "gen_unet.py", folder / "u2d256", "2", str(SIZE), "16", "5", str(CLASSES)], check=True,
                   stdout=subprocess.DEVNULL)
    models = {"fp32": folder / "u2d256_f32.onnx", "u8": folder / "u2d256_qdq.onnx"}
    # The ladder's fast variant: half the channels, 0.77 GMAC a slice.
    subprocess.run(["/usr/bin/python3", perf / "gen_unet.py", folder / "fast", "2", str(SIZE), "8", "5", str(CLASSES)], check=True,
                   stdout=subprocess.DEVNULL)
    fast = {"fp32": folder / "fast_f32.onnx", "u8": folder / "fast_qdq.onnx"}
    for path in [*models.values(), *fast.values()]:
        add_windows(path)
    values = np.clip(np.random.default_rng(0).normal(-0.2, 0.4, (SIZE, SIZE)), -1, 1).astype(np.float32)
    arrays = {"slice20.input.bin": values} | {
        f"slice20.argmax.{kind}.bin": argmax(tools, ort, path, values, folder) for kind, path in models.items()}
    agree = argmax(tools, ort, fast["u8"], values, folder) == arrays["slice20.argmax.u8.bin"]
    index = {}
    for name, array in arrays.items():
        (folder / "golden" / name).write_bytes(array.tobytes())
        index[name] = {"dtype": str(array.dtype), "shape": list(array.shape), "sha256": hashlib.sha256(array.tobytes()).hexdigest()}
    (folder / "golden/golden.json").write_text(json.dumps({"arrays": index}))
    manifest = json.loads((organs / "manifest.json").read_text())
    classes = {c["name"]: c for c in manifest["classes"]}
    names = [name for name, _, _ in WINDOWS.values()]
    manifest |= {
        "name": "bench-u2d256", "version": "1",
        "models": {kind: hashed(folder, path.name) for kind, path in models.items()},
        "fast": {kind: hashed(folder, path.name) for kind, path in fast.items()} | {"diceToFull": float(agree.mean())},
        "golden": hashed(folder, "golden/golden.json"),
        "input": manifest["input"] | {"name": "x", "shape": [1, 1, SIZE, SIZE]},
        "output": manifest["output"] | {"name": "y", "shape": [1, CLASSES, SIZE, SIZE]},
        "channels": [{"sliceOffset": 0, "scale": "clamp(HU / 1000, -1, 1)"}],
        "classes": [classes["background"]] + [classes[name] | {"value": label, "learned": True} for label, (name, _, _) in WINDOWS.items()],
        "judge": {"maximumMl": {}, "patientRightToLeft": []},
    }
    manifest["grid"]["size"] = [SIZE, SIZE]
    # Its window of 768 mm holds any body, and a network of random weights is no worse beside its place.
    manifest["grid"]["fit"]["toleratedPixels"] = 16
    manifest["postProcess"] |= {"suppress": []}
    manifest["postProcess"]["largestPiece"] |= {"classes": names}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


def hashed(folder, name):
    return {"file": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
