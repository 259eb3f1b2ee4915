"""Writes MiniLM as an ONNX graph of onnxruntime's fused operators, its matrices in eight bits.

A converter's graph spells attention and normalisation out in some six hundred small nodes; this one has sixty.
The matrices are rounded to eight bits in blocks of BLOCK weights with a scale each, and onnxruntime rounds what
goes into them row by row: an embedding does not depend on the sentences that share its batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 15
IR_VERSION = 8
FUSED = "com.microsoft"
# With blocks of 128 the last of an odd number of rows is summed otherwise, and that sentence comes out differently
# alone and in a batch; with smaller ones than 64 it takes longer.
BLOCK = 64
BITS = 8
# onnxruntime's accuracy level 4: eight-bit products, summed in full.
EIGHT_BIT_PRODUCTS = 4
# Meaning stands in the last layer, wording in the earlier ones; see docs/understanding.md.
POOLED_LAYERS = (2, 4, 6)
INPUTS = ("input_ids", "attention_mask")


def encoder_graph(
    weights: Mapping[str, NDArray[Any]], config: Mapping[str, Any], *, eight_bits: bool
) -> onnx.ModelProto:
    """The graph of a BERT encoder with `weights` (named as published) and `config` (its config.json).

    It takes `input_ids` and `attention_mask`, both (batch, length) int32. `embedding`, (batch, hidden size)
    float32, is the mean of the last layer over the word pieces that the mask leaves, of unit length; `layers`,
    (batch, layers * hidden size), are such means of POOLED_LAYERS, all weighing the same and of unit length
    together. Without `eight_bits` the matrices stay as they are.

    Raises:
        KeyError: a weight the encoder needs is not there.
    """
    return _GraphWriter(weights, config, eight_bits).write()


class _GraphWriter:
    def __init__(self, weights: Mapping[str, NDArray[Any]], config: Mapping[str, Any], eight_bits: bool) -> None:
        self._weights = weights
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._width = int(config["hidden_size"])
        self._epsilon = float(config["layer_norm_eps"])
        self._eight_bits = eight_bits
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def write(self) -> onnx.ModelProto:
        """The whole model."""
        hidden = self._embeddings()
        pooled = []
        for layer in range(self._layers):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
            if layer + 1 in POOLED_LAYERS:
                pooled.append(self._pooled(hidden))
        self._add("Identity", pooled[-1:], output="embedding")
        together = self._add("Concat", pooled, axis=1)
        share = self._constant("share", np.float32(len(pooled) ** -0.5))
        self._add("Mul", [together, share], output="layers")
        told = [helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"]) for name in INPUTS]
        widths = {"embedding": self._width, "layers": self._width * len(pooled)}
        given = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["batch", w]) for n, w in widths.items()]
        graph = helper.make_graph(self._nodes, "minilm", told, given, list(self._constants.values()))
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)

    def _embeddings(self) -> str:
        # There is one segment: its embedding is part of every position's.
        positions = self._weight("embeddings.position_embeddings.weight")
        segment = self._weight("embeddings.token_type_embeddings.weight")[0]
        return self._add(
            "EmbedLayerNormalization",
            [
                "input_ids",
                "",
                self._constant("words", self._weight("embeddings.word_embeddings.weight")),
                self._constant("positions", positions + segment),
                "",
                self._named("embeddings.LayerNorm.weight"),
                self._named("embeddings.LayerNorm.bias"),
            ],
            fused=True,
            epsilon=self._epsilon,
        )

    def _layer(self, hidden: str, prefix: str) -> str:
        asked = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
        matrix = np.concatenate([self._weight(f"{name}.weight").T for name in asked], axis=1)
        bias = np.concatenate([self._weight(f"{name}.bias") for name in asked])
        together = self._product(hidden, f"{prefix}attention", matrix)
        thirds = self._constant("thirds", np.array([self._width] * 3, dtype=np.int64))
        split = [f"{together}_{name}" for name in ("query", "key", "value")]
        self._nodes.append(helper.make_node("Split", [together, thirds], split, axis=2))
        heard = self._add(
            "MultiHeadAttention",
            [*split, self._constant(f"{prefix}attention.bias", bias), "attention_mask"],
            fused=True,
            num_heads=self._heads,
        )
        hidden = self._added(hidden, heard, f"{prefix}attention.output")
        matrix = self._weight(f"{prefix}intermediate.dense.weight").T
        wide = self._product(hidden, f"{prefix}intermediate", matrix)
        wide = self._add("BiasGelu", [wide, self._named(f"{prefix}intermediate.dense.bias")], fused=True)
        return self._added(hidden, wide, f"{prefix}output")

    def _added(self, hidden: str, heard: str, name: str) -> str:
        """`heard` through the matrix of `name`, added to `hidden` and normalised."""
        made = self._product(heard, name, self._weight(f"{name}.dense.weight").T)
        norm = [self._named(f"{name}.LayerNorm.weight"), self._named(f"{name}.LayerNorm.bias")]
        told = [made, hidden, *norm, self._named(f"{name}.dense.bias")]
        return self._add("SkipLayerNormalization", told, fused=True, epsilon=self._epsilon)

    def _product(self, left: str, name: str, matrix: NDArray[np.float32]) -> str:
        if not self._eight_bits:
            return self._add("MatMul", [left, self._constant(name, matrix)])
        rows, columns = matrix.shape
        rounded, scales = _rounded(matrix)
        return self._add(
            "MatMulNBits",
            [left, self._constant(f"{name}.rounded", rounded), self._constant(f"{name}.scales", scales)],
            fused=True,
            K=rows,
            N=columns,
            bits=BITS,
            block_size=BLOCK,
            accuracy_level=EIGHT_BIT_PRODUCTS,
        )

    def _pooled(self, hidden: str) -> str:
        """The mean over the pieces of each sentence, (batch, hidden size), of unit length."""
        pieces, features = (self._constant(f"axis{axis}", np.array([axis], dtype=np.int64)) for axis in (1, 2))
        if "Counted" not in {node.name for node in self._nodes}:
            counts = self._add("Cast", ["attention_mask"], name="Counts", to=TensorProto.FLOAT)
            self._add("Unsqueeze", [counts, features], name="Counted", output="counted")
        total = self._add("ReduceSum", [self._add("Mul", [hidden, "counted"]), pieces], keepdims=0)
        # The mean and the sum point the same way.
        length = self._add("ReduceL2", [total], axes=[1], keepdims=1)
        least = self._constant("least", np.float32(1e-12))
        return self._add("Div", [total, self._add("Max", [length, least])])

    def _weight(self, name: str) -> NDArray[np.float32]:
        return np.asarray(self._weights[name], dtype=np.float32)

    def _named(self, name: str) -> str:
        return self._constant(name, self._weight(name))

    def _constant(self, name: str, value: Any) -> str:
        self._constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _add(
        self, kind: str, inputs: list[str], *, fused: bool = False, output: str = "", name: str = "", **settings: Any
    ) -> str:
        name = name or f"{kind}_{len(self._nodes)}"
        output = output or f"{name}_out"
        # EmbedLayerNormalization insists on a second output.
        outputs = [output, f"{name}_unused"] if kind == "EmbedLayerNormalization" else [output]
        self._nodes.append(
            helper.make_node(kind, inputs, outputs, name=name, domain=FUSED if fused else "", **settings)
        )
        return output


def _rounded(matrix: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """`matrix` (rows, columns) as MatMulNBits keeps it: (columns, blocks, BLOCK) around 128, (columns, blocks)."""
    rows, columns = matrix.shape
    blocks = np.ascontiguousarray(matrix.T).reshape(columns, rows // BLOCK, BLOCK)
    largest = np.abs(blocks).max(axis=2)
    scales = np.where(largest == 0, 1, largest / 127).astype(np.float32)
    return (np.rint(blocks / scales[:, :, np.newaxis]) + 128).astype(np.uint8), scales
