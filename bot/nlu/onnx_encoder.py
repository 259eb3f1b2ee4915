"""Sentences to unit vectors with the exported MiniLM graph: tokenizers and onnxruntime, nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# The longest sentence the encoder reads, in word pieces; the rest is cut off. MiniLM was trained on 128.
LONGEST = 128
# The most sentences encoded together, and how much longer the longest of them may be than the shortest: all of them
# take the time of the longest.
BATCH = 8
STRETCH = 1.25
# What the graph gives (encoder_graph.py): one to tell how near two sentences are, one to learn from.
FOR_NEARNESS = "embedding"
FOR_LEARNING = "layers"


class EncoderMissingError(Exception):
    """The encoder's files are not there; the message names the command that makes them."""


class EncoderOutdatedError(EncoderMissingError):
    """The encoder's graph is not the one this version needs; the message names the command that makes it."""


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

    def __init__(self, folder: Path, threads: int = 1, output: str = FOR_NEARNESS) -> None:
        """Loads the graph; `threads` is how many cores one call may use, `output` what it gives.

        Raises:
            EncoderOutdatedError: the graph was exported before it had that output.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        shapes = {given.name: given.shape for given in self._session.get_outputs()}
        if output not in shapes:
            raise EncoderOutdatedError(
                f"The sentence encoder in {folder} gives no {output!r}: it was made by an older version. "
                "Make it anew with: python3 scripts/bootstrap.py encoder"
            )
        self._output = output
        self.dimensions: int = shapes[output][1]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_length=LONGEST)
        self._tokenizer.no_padding()

    def encode(self, sentences: list[str]) -> NDArray[np.float32]:
        """Vectors of `sentences`, (len(sentences), dimensions) float32, each row of unit length.

        `dimensions` is 384 for `embedding`, 1152 for `layers`.
        """
        vectors = np.empty((len(sentences), self.dimensions), dtype=np.float32)
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(sentences)]
        for rows in batches([len(ids) for ids in pieces]):
            ids = np.zeros((len(rows), len(pieces[rows[-1]])), dtype=np.int32)
            mask = np.zeros_like(ids)
            for place, row in enumerate(rows):
                ids[place, : len(pieces[row])] = pieces[row]
                mask[place, : len(pieces[row])] = 1
            vectors[rows] = self._session.run([self._output], {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of `lengths` in batches of like length, the longest of each last."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == BATCH or lengths[place] > STRETCH * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
