/** The files of a training bundle that do not depend on the network: how to run it, in Python and in words. */

/** Runs the steps of a bundle with any ONNX Runtime; needs only numpy and onnxruntime (or onnxruntime-gpu). */
export const RUNNER_PY = `"""Runs the training steps of this bundle with ONNX Runtime and writes result.safetensors.

    python run.py [--epochs 1] [--provider CUDAExecutionProvider] [--every 100]

Every file in batches/ is one step, in the order of the names. Interrupted runs go on from result.safetensors.
"""
import argparse, json, os, pathlib, struct, time
import numpy as np
import onnxruntime as ort

TYPES = {"F32": np.float32, "I64": np.int64, "I32": np.int32, "U8": np.uint8}
NAMES = {np.dtype(v): k for k, v in TYPES.items()}


def load(path):
    raw = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    out = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        data = np.frombuffer(raw[8 + length + begin : 8 + length + end], TYPES[entry["dtype"]])
        out[name] = data.reshape(entry["shape"])
    return out


def save(path, tensors):
    header, offset, parts = {}, 0, []
    for name, value in sorted(tensors.items(), key=lambda item: -item[1].dtype.itemsize):
        data = np.ascontiguousarray(value).tobytes()
        header[name] = {"dtype": NAMES[value.dtype], "shape": list(value.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    partial = str(path) + ".partial"
    with open(partial, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        for data in parts:
            file.write(data)
    os.replace(partial, path)


parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=1)
parser.add_argument("--provider", default="CPUExecutionProvider")
parser.add_argument("--every", type=int, default=100)
args = parser.parse_args()

here = pathlib.Path(__file__).parent
manifest = json.loads((here / "manifest.json").read_text())
result = here / "result.safetensors"
state = load(result if result.exists() else here / "state.safetensors")
first = int(load(here / "state.safetensors")["step"][0])
session = ort.InferenceSession(str(here / "train.onnx"), providers=[args.provider])
batches = sorted((here / "batches").glob("*.safetensors"))
names = manifest["scalars"] + [t["output"] for t in manifest["state"]]
total = args.epochs * len(batches)
start = time.time()
done = int(state["step"][0]) - first
for number in range(done, total):
    feeds = {**load(batches[number % len(batches)]), **state}
    feeds = {i.name: feeds[i.name] for i in session.get_inputs()}
    values = dict(zip(names, session.run(names, feeds)))
    if not all(np.isfinite(values[s]).all() for s in manifest["scalars"]):
        raise SystemExit(f"diverged at step {int(state['step'][0])}: " + str({s: float(values[s]) for s in manifest["scalars"]}))
    state = {t["input"]: values[t["output"]] for t in manifest["state"]}
    if (number + 1) % args.every == 0 or number + 1 == total:
        save(result, state)
        rate = (number + 1 - done) * manifest["batch"] / (time.time() - start)
        print(f"step {number + 1}/{total}  loss {float(values['loss']):.4f}  {rate:.0f} images/s", flush=True)
`;

export const BUNDLE_README = `# A training bundle (format huoyan-training-1)

Plain files with which any ONNX Runtime runs the same training steps, on any machine:

- \`train.onnx\`: one step: forward, backward, clipping, optimiser, running statistics.
- \`manifest.json\`: \`inputs\` (what a batch holds), \`state\` (tensors that go in as \`input\` and come out as \`output\`, to be
  fed back), \`scalars\` (what to watch; \`loss\` first), \`layout\` (name, shape, offset of every parameter inside the flat
  state tensors \`weights\`, \`average\` and of every statistic inside \`statistics\`).
- \`state.safetensors\`: the state before the first step, including \`step\` (int64).
- \`batches/NNNNNN.safetensors\`: one batch a file, in the order of training.
- \`run.py\`: \`pip install numpy onnxruntime-gpu\`, then \`python run.py --provider CUDAExecutionProvider\`; it writes
  \`result.safetensors\`, which \`readBundleResult\` (or \`Trainer.resume\`, it is a checkpoint) takes back.

A safetensors file is 8 bytes (little-endian length of the header), a JSON header, and the raw numbers.
`;
