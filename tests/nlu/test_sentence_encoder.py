"""The sentence encoder: what the vectors are like, what a message gets, and what is said when it was not made."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.export_encoder import ExportError, find_weights
from bot.nlu.onnx_encoder import (
    BATCH,
    FOR_LEARNING,
    FOR_NEARNESS,
    EncoderOutdatedError,
    OnnxEncoder,
    batches,
    encoder_folder,
)
from bot.nlu.sentence_encoder import SentenceEncoder, SentenceEncoderMissingError

SENTENCES = ["I want to send this kettle back", "hi", "where is my parcel", "can I return the kettle?", "word " * 600]


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(encoder_folder("bot/models/encoder"))


def component(tmp_path: Path, **config: object) -> SentenceEncoder:
    storage = LocalModelStorage(tmp_path)
    context = ExecutionContext(GraphSchema({}), node_name="encoder")
    return SentenceEncoder.create(config, storage, Resource("encoder"), context)


@pytest.mark.parametrize(("output", "width"), [(FOR_NEARNESS, 384), (FOR_LEARNING, 1152)])
def test_vectors_have_unit_length_however_long_the_sentence(output: str, width: int) -> None:
    vectors = OnnxEncoder(encoder_folder("bot/models/encoder"), output=output).encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), width)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_sentence_is_the_same_alone_and_among_others(encoder: OnnxEncoder, threads: int) -> None:
    # Odd and even numbers of word pieces: the eight-bit product has a way of its own with the last odd row.
    sentences = [*SENTENCES, *(" ".join(["kettle"] * words) for words in range(1, 20))]
    together = OnnxEncoder(encoder_folder("bot/models/encoder"), threads).encode(sentences * 3)
    for row, sentence in enumerate(sentences):
        assert float(encoder.encode([sentence])[0] @ together[row]) > 0.99999


def test_what_means_the_same_is_nearer_than_what_does_not(encoder: OnnxEncoder) -> None:
    back, _, parcel, returned, _ = encoder.encode(SENTENCES)
    assert float(back @ returned) > float(back @ parcel) + 0.2


def test_a_short_sentence_does_not_wait_for_a_long_one() -> None:
    assert list(batches([60, 12, 10, 30, 11])) == [[2, 4, 1], [3], [0]]
    assert list(batches([10] * BATCH + [10])) == [list(range(BATCH)), [BATCH]]
    assert list(batches([])) == []


def test_no_sentences_give_no_vectors(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_a_message_gets_one_sentence_feature_and_a_blank_one_none(tmp_path: Path) -> None:
    told, blank, nothing = Message({TEXT: "hello"}), Message({TEXT: " \n"}), Message({})
    component(tmp_path).process([told, blank, nothing])
    sequence, sentence = told.get_dense_features(TEXT)
    assert sequence is None
    assert sentence is not None
    assert sentence.features.shape == (1, 1152)
    assert not blank.features
    assert not nothing.features


def test_training_examples_get_what_messages_get(tmp_path: Path) -> None:
    encoding = component(tmp_path)
    example, message = Message({TEXT: "hello there"}), Message({TEXT: "hello there"})
    encoding.process_training_data(TrainingData([example, Message({TEXT: "where is it"})]))
    encoding.process([message])
    learnt, heard = example.get_dense_features(TEXT)[1], message.get_dense_features(TEXT)[1]
    assert learnt is not None
    assert heard is not None
    assert np.allclose(learnt.features, heard.features, atol=1e-5)


def test_a_missing_encoder_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(SentenceEncoderMissingError, match=r"python3 scripts/bootstrap\.py encoder"):
        component(tmp_path, path=str(tmp_path / "nowhere"))
    with pytest.raises(SentenceEncoderMissingError, match=r"no encoder\.onnx"):
        SentenceEncoder.fingerprint_addon({"path": str(tmp_path / "nowhere")})


def test_an_encoder_of_an_older_version_names_the_command_that_makes_it_anew() -> None:
    with pytest.raises(EncoderOutdatedError, match=r"gives no 'tokens'.*python3 scripts/bootstrap\.py encoder"):
        OnnxEncoder(encoder_folder("bot/models/encoder"), output="tokens")


def test_another_encoder_is_another_component(tmp_path: Path) -> None:
    for name, content in (("one", b"1"), ("two", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "encoder.onnx").write_bytes(content)
        (tmp_path / name / "tokenizer.json").write_bytes(b"{}")
    one, two = (SentenceEncoder.fingerprint_addon({"path": str(tmp_path / name)}) for name in ("one", "two"))
    assert one != two


def test_other_weights_than_the_measured_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no model\.safetensors"):
        find_weights(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ExportError, match=r"has sha256 .*, expected 53aa5117"):
        find_weights(tmp_path)
