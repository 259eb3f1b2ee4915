"""The graph that is written: a small encoder of random weights, checked against the formulas it stands for."""

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from scipy.special import erf, softmax

from bot.nlu.encoder_graph import POOLED_LAYERS, encoder_graph

WIDTH, INNER, HEADS = 64, 128, 2
CONFIG = {"num_attention_heads": HEADS, "num_hidden_layers": 6, "hidden_size": WIDTH, "layer_norm_eps": 1e-12}
IDS = np.array([[1, 2, 3, 4, 5], [6, 7, 8, 0, 0]], dtype=np.int32)
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], dtype=np.int32)
Weights = dict[str, NDArray[np.float32]]


def random_weights() -> Weights:
    random = np.random.default_rng(0)
    shapes = {"embeddings.word_embeddings.weight": (10, WIDTH), "embeddings.position_embeddings.weight": (8, WIDTH)}
    shapes |= {"embeddings.token_type_embeddings.weight": (2, WIDTH)}
    norms = ["embeddings.LayerNorm"]
    for layer in range(6):
        at = f"encoder.layer.{layer}."
        dense = {f"{at}attention.self.{name}": (WIDTH, WIDTH) for name in ("query", "key", "value")}
        dense |= {f"{at}attention.output.dense": (WIDTH, WIDTH), f"{at}intermediate.dense": (INNER, WIDTH)}
        dense |= {f"{at}output.dense": (WIDTH, INNER)}
        for name, shape in dense.items():
            shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
        norms += [f"{at}attention.output.LayerNorm", f"{at}output.LayerNorm"]
    made = {name: random.normal(size=shape) / 5 for name, shape in shapes.items()}
    made |= {f"{name}.weight": random.normal(size=WIDTH) / 5 + 1 for name in norms}
    made |= {f"{name}.bias": random.normal(size=WIDTH) / 5 for name in norms}
    return {name: value.astype(np.float32) for name, value in made.items()}


def by_formula(weights: Weights, ids: NDArray[np.int32]) -> list[NDArray[np.float32]]:
    """The hidden states of one sentence behind each layer, (pieces, WIDTH)."""

    def dense(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
        return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(name: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
        standard = (values - values.mean(1, keepdims=True)) / values.std(1, keepdims=True)
        return standard * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    hidden = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.token_type_embeddings.weight"][0]
    hidden = norm("embeddings.LayerNorm", hidden + weights["embeddings.position_embeddings.weight"][: len(ids)])
    states = []
    for layer in range(6):
        at = f"encoder.layer.{layer}."
        query, key, value = (
            np.moveaxis(dense(f"{at}attention.self.{name}", hidden).reshape(len(ids), HEADS, -1), 1, 0)
            for name in ("query", "key", "value")
        )
        looked = softmax(query @ np.moveaxis(key, 1, 2) / np.sqrt(WIDTH / HEADS), axis=2) @ value
        heard = dense(f"{at}attention.output.dense", np.moveaxis(looked, 0, 1).reshape(len(ids), WIDTH))
        hidden = norm(f"{at}attention.output.LayerNorm", hidden + heard)
        wide = dense(f"{at}intermediate.dense", hidden)
        thought = dense(f"{at}output.dense", wide * (1 + erf(wide / np.sqrt(2))) / 2)
        hidden = norm(f"{at}output.LayerNorm", hidden + thought)
        states.append(hidden)
    return states


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.linalg.norm(vector)


def run(*, eight_bits: bool) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    model = encoder_graph(random_weights(), CONFIG, eight_bits=eight_bits)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    embedding, layers = session.run(["embedding", "layers"], {"input_ids": IDS, "attention_mask": MASK})
    return embedding, layers


def test_the_graph_gives_what_the_formulas_give() -> None:
    weights = random_weights()
    embedding, layers = run(eight_bits=False)
    for row, pieces in enumerate(MASK.sum(axis=1)):
        states = by_formula(weights, IDS[row, :pieces])
        assert np.allclose(embedding[row], unit(states[-1].mean(axis=0)), atol=1e-4)
        parts = [unit(states[layer - 1].mean(axis=0)) for layer in POOLED_LAYERS]
        assert np.allclose(layers[row], unit(np.concatenate(parts)), atol=1e-4)


def test_rounded_to_eight_bits_it_gives_nearly_the_same() -> None:
    for whole, rounded in zip(run(eight_bits=False), run(eight_bits=True), strict=True):
        assert not np.array_equal(whole, rounded)
        assert (np.sum(whole * rounded, axis=1) > 0.998).all()


def test_a_weight_that_is_not_there_is_named() -> None:
    weights = random_weights()
    del weights["encoder.layer.3.output.dense.bias"]
    with pytest.raises(KeyError, match=r"encoder\.layer\.3\.output\.dense\.bias"):
        encoder_graph(weights, CONFIG, eight_bits=True)
