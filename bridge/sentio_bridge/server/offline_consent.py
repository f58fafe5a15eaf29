"""Decide about consent while no sidecar runs; the next one uses the decision."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.schema import Config
from sentio_bridge.control.dispatcher import Later
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.defects import DefectLog
from sentio_bridge.privacy.in_use import unused
from sentio_bridge.privacy.private_folder import PrivacyError, state_folder
from sentio_bridge.protocol import requests as rq
from sentio_bridge.server.data_rights import written_by
from sentio_bridge.server.privacy_wiring import PrivacyWiring


def decide(config: Config, subject: str | None, **arguments: Any) -> dict[str, Any]:
    """Carry out a ``consent`` request on the folder of receipts; return the reply.

    Args:
        config: Configuration of the sidecar.
        subject: Subject; None: the only one.
        arguments: Arguments of the request.

    Raises:
        RequestError: The request is refused.
        PrivacyError: The receipts cannot be read or written. Or a sidecar that did not reply uses
            the data: then a withdrawal is kept, but nothing is erased.
    """
    folder = state_folder(config.path, config.privacy.folder)
    if not arguments.get("erase"):
        return _decide(config, folder, subject, arguments)
    try:
        with unused(folder, *written_by(config, [subject] if subject else config.subjects)):
            return _decide(config, folder, subject, arguments)
    except PrivacyError as error:
        _decide(config, folder, subject, {**arguments, "erase": False})
        raise PrivacyError(
            f"withdrawn, but not erased: {error.what}",
            "end the sidecar, or name its port with --port; then repeat",
        ) from None


def _decide(
    config: Config, folder: Path, subject: str | None, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    wiring = PrivacyWiring(config, folder, lambda _: None, lambda _: None, DefectLog())
    try:
        subjects = {
            each: SubjectState(SubjectModel(each), wiring.ledger(each, 0.0), FramePacer(1.0))
            for each in config.subjects
        }
        hub = Hub(0, subjects, observers=wiring.observers())
        request = msgspec.convert({"subject": subject, **arguments}, rq.Consent)
        answer = wiring.handlers(hub, lambda: None).consent(request, 0.0)
        if isinstance(answer, Later):
            answer = answer.finish(answer.work(), 0.0)
        return dict(answer)
    finally:
        wiring.end(offline=True)
