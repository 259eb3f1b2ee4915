"""Sentences to unit vectors with the exported MiniLM graph: tokenizers and onnxruntime, nothing else."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# The longest sentence the encoder reads, in word pieces; the rest is cut off. MiniLM was trained on 128.
LONGEST = 128
BATCH = 32
DIMENSIONS = 384


class EncoderMissingError(Exception):
    """The encoder's files are not there; the message names the command that makes them."""


def encoder_folder(configured: str) -> Path:
    """The folder that holds encoder.onnx and tokenizer.json; a relative one is meant from the project root.

    Raises:
        EncoderMissingError: one of the two files is not there.
    """
    folder = PROJECT_ROOT / configured
    missing = [name for name in ("encoder.onnx", "tokenizer.json") if not (folder / name).is_file()]
    if missing:
        raise EncoderMissingError(
            f"The sentence encoder is not in {folder} (no {' and no '.join(missing)}). "
            "Make it with: python3 scripts/bootstrap.py encoder"
        )
    return folder


@lru_cache(maxsize=4)
def encoder_digest(configured: str) -> str:
    """sha256 over the encoder's files, so that a trained model is not reused with other embeddings."""
    folder = encoder_folder(configured)
    digest = hashlib.sha256()
    for name in ("encoder.onnx", "tokenizer.json"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


class OnnxEncoder:
    """Encodes sentences; safe to share between threads."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Loads the graph; `threads` is how many cores one call may use."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_length=LONGEST)
        self._tokenizer.enable_padding()

    def encode(self, sentences: list[str]) -> NDArray[np.float32]:
        """Embeddings of `sentences`, (len(sentences), 384) float32, each row of unit length."""
        vectors = np.empty((len(sentences), DIMENSIONS), dtype=np.float32)
        # Sentences of like length share a batch, so that little padding is computed.
        order = sorted(range(len(sentences)), key=lambda index: len(sentences[index]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            encodings = self._tokenizer.encode_batch([sentences[row] for row in rows])
            fed = {
                "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int32),
                "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int32),
            }
            vectors[rows] = self._session.run(["embedding"], fed)[0]
        return vectors
