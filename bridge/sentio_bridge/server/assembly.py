"""Parts of a sidecar that its configuration describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sentio_bridge.config.loader import Config
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.defects import DefectLog
from sentio_bridge.pipeline.estimator_pipeline import PipelineInput
from sentio_bridge.pipeline.estimator_pool import EstimatorPool, kinds
from sentio_bridge.pipeline.messages import PipelineMessage
from sentio_bridge.privacy.sealing import Sealing
from sentio_bridge.recording.beginning import Beginnings
from sentio_bridge.recording.model_hashes import hashes
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Clock


def session_recorder(
    config: Config,
    clock: Clock,
    subjects: Mapping[str, SubjectState],
    *,
    epoch: int,
    on_end: Callable[[str], None],
    defects: DefectLog,
    scope: str,
) -> SessionRecorder:
    """Return the recorder of a session.

    Args:
        config: Configuration.
        clock: LSL-domain clock.
        subjects: State of each subject.
        epoch: Epoch of the hub.
        on_end: Called on the writing thread, with the reason, when a recording ended by itself.
        defects: Log of unexpected exceptions.
        scope: Scope of the keys of encrypted recordings.
    """
    beginnings = Beginnings(
        config.recording,
        clock,
        {subject: state.consent for subject, state in subjects.items()},
        configuration=config.text,
        epoch=epoch,
        on_end=on_end,
        profiles=lambda: {
            subject: profile
            for subject, state in subjects.items()
            if (profile := state.person.profile) is not None
        },
        models=partial(hashes, config.models),
        defects=defects,
        sealing=Sealing.of(config.recording.encrypt, scope),
    )
    return SessionRecorder(beginnings)


def estimator_pools(
    config: Config,
    clock: Clock,
    post: Callable[[PipelineMessage], None],
    observe: Callable[[str, str, PipelineInput], None],
) -> dict[str, EstimatorPool]:
    """Return the estimators of each subject.

    Args:
        config: Configuration.
        clock: LSL-domain clock.
        post: Receives estimates and states.
        observe: Observes each input, with its subject and estimator.
    """
    known = kinds(config.models)
    budget = Budget(seconds=config.models.budget_ms / 1000.0)
    return {
        subject: EstimatorPool(
            subject,
            known,
            clock=clock,
            budget=budget,
            post=post,
            observe=observe,
            raw=config.sidecar.raw,
        )
        for subject in config.subjects
    }
