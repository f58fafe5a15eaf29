"""The running sidecar: sources, estimators, hub, recorder, control and outputs."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import Config
from sentio_bridge.config.source_registry import installed
from sentio_bridge.control.device_handlers import DeviceHandlers
from sentio_bridge.control.dispatcher import Dispatcher, Handler
from sentio_bridge.control.input_handlers import InputHandlers
from sentio_bridge.control.profile_handlers import ProfileHandlers
from sentio_bridge.control.session_handlers import SessionHandlers
from sentio_bridge.core.commands import EstimateReceived
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub, HubObserver
from sentio_bridge.core.outgoing import HealthMessage, Outgoing, RawMessage
from sentio_bridge.core.sharing import may_share
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.defects import DefectLog
from sentio_bridge.outputs import FanOut, Output, ZeroMqOutput
from sentio_bridge.pipeline.jobs import JobDone, JobRunner
from sentio_bridge.pipeline.messages import PipelineMessage, RecordingEnded
from sentio_bridge.pipeline.serial_queue import SerialQueue
from sentio_bridge.pipeline.source_factory import split
from sentio_bridge.pipeline.text_worker import TextWorker, load_text_model
from sentio_bridge.privacy.sealing import scope_of
from sentio_bridge.profiles.store import profile_store
from sentio_bridge.recording.handlers import RecordingHandlers
from sentio_bridge.recording.model_hashes import hashes
from sentio_bridge.replay.handlers import ReplayHandlers
from sentio_bridge.server.assembly import estimator_pools, session_recorder
from sentio_bridge.server.effects import Effects
from sentio_bridge.server.health import Health
from sentio_bridge.server.held_replies import HeldReplies, Reply
from sentio_bridge.server.privacy_wiring import PrivacyWiring
from sentio_bridge.server.source_opener import SourceOpener
from sentio_bridge.transport.server import ControlRequest, ServerSockets
from sentio_bridge.version import VERSION
from sentio_sensors import Chunk, Clock, StreamSpec

logger = logging.getLogger(__name__)

HEALTH_PERIOD = 1.0
"""Seconds between health messages."""

AFTER_DEFECT = 0.1
"""Seconds until the next attempt after frames could not be created."""


class Sidecar:
    """Runner of one configuration, until it is stopped.

    One thread at a time uses the hub, and no thread waits for another: the thread that posts an
    estimate also fuses it and sends the frame (``SerialQueue``). The thread of ``run`` sends
    frames that become due, replies to requests and reports health; disk operations run on the
    job thread.

    Args:
        config: Configuration to run.
        clock: LSL-domain clock for all timestamps and pacing.
        sockets: Bound sockets; this object closes them.
        outputs: Outputs in addition to ZeroMQ; this object closes them.
        state: Folder of receipts and audit; None keeps none beyond the process.

    Raises:
        PrivacyError: The receipts cannot be read or written.
    """

    def __init__(
        self,
        config: Config,
        clock: Clock,
        sockets: ServerSockets,
        outputs: Sequence[Output] = (),
        state: Path | None = None,
    ) -> None:
        self._config = config
        self._clock = clock
        self._sockets = sockets
        self._ended = threading.Event()
        self._wake_at = 0.0
        self._health_due = 0.0
        self._replies: deque[Reply] = deque()
        self._from_engines: list[tuple[str, StreamSpec, Chunk]] = []
        self.defects = DefectLog()

        self._queue: SerialQueue[PipelineMessage] = SerialQueue(self._process_posted)
        post = self._queue.post
        self._jobs = JobRunner(post, self.defects)
        self._zeromq = ZeroMqOutput(sockets)
        self._privacy = PrivacyWiring(config, state, post, self._audited, self.defects)
        subjects = {subject: self._subject(subject) for subject in config.subjects}
        consent = {subject: state.consent for subject, state in subjects.items()}
        sockets.may_share = partial(may_share, consent)
        self._outputs = FanOut([self._zeromq, *outputs], self.defects, sockets.may_share)
        epoch, scope = secrets.randbits(31), scope_of(state)
        self._session = session_recorder(
            config,
            clock,
            subjects,
            epoch=epoch,
            on_end=self._recording_ended,
            defects=self.defects,
            scope=scope,
        )
        self._held = HeldReplies(self._session.written, sockets.wake)
        self._pools = estimator_pools(config, clock, post, self._session.consumed)
        text_model = partial(load_text_model, encoder=config.models.text_encoder)
        self._texts = TextWorker(text_model, post, self.defects)
        self._opener = SourceOpener(config, clock)
        self._sources = [
            self._opener.runner(part, consent[part.subject], self._pools[part.subject], post)
            for source in config.sources
            for part in split(source)
        ]
        effects = Effects(consent, self._pools, self._sources, self._texts)
        observers: tuple[HubObserver, ...] = (self._session, effects, *self._privacy.observers())
        self.hub = Hub(epoch, subjects, observers=observers, defects=self.defects)
        self.health = self._health()
        store = profile_store(config.profiles.folder, config.profiles.encrypt, scope)
        self._profiles = ProfileHandlers(self.hub, store, self._jobs, defects=self.defects)
        self._recordings = RecordingHandlers(self.hub, self._session, self._sent)
        self._consents = self._privacy.handlers(
            self.hub, self._end_recording, self._profiles.forget, self._jobs
        )
        self._control = Dispatcher(
            self._handlers(),
            sockets.access,
            self._jobs,
            self.defects,
            on_hello=self._privacy.introduced,
            may_share=sockets.may_share,
        )

    def _health(self) -> Health:
        """Return the health of the parts, which count for themselves."""
        return Health(
            self.hub,
            self._sources,
            self._pools.values(),
            self._clock.now(),
            lambda: {"messages": self._queue.drops, "text": self._texts.drops},
            subscribers=lambda: self._zeromq.subscriptions,
            outputs=self._outputs.failures,
            defects=lambda: self.defects.count,
            disconnected=self._sockets.offenders,
        )

    def _handlers(self) -> dict[str, Handler]:
        """Return the handlers of all requests, by operation."""
        parts = (
            SessionHandlers(
                self.hub,
                health=self.health.body,
                state_endpoint=self._sockets.state_endpoint,
                end=self._ended.set,
            ),
            self._consents,
            self._profiles,
            InputHandlers(
                self.hub,
                self._texts,
                lambda subject, sensor, spec: self._pools[subject].open(sensor, spec),
                lambda subject, spec, chunk: self._from_engines.append((subject, spec, chunk)),
            ),
            self._recordings,
            ReplayHandlers(self._opener.players),
            DeviceHandlers(installed()),
        )
        return {op: h for part in parts for op, h in part.handlers().items()}

    def run(self, stop: threading.Event) -> None:
        """Serve until ``stop`` or ``shutdown``; then close every source and thread.

        Args:
            stop: Set it, then call ``wake``.
        """
        try:
            with self._queue.exclusive():
                self._begin(self._clock.now())
            while not stop.is_set() and not self._ended.is_set():
                with self._queue.exclusive():
                    self._step(self._clock.now())
                self._reply()
                # Samples of engines are processed outside the hub, like those of sources.
                samples, self._from_engines = self._from_engines, []
                for subject, spec, chunk in samples:
                    with self.defects.contained(f"samples of {spec.id} were lost"):
                        self._pools[subject].offer(spec, chunk)
                self._sockets.wait(min(1.0, self._wake_at - self._clock.now()))
        finally:
            self.close()

    def wake(self) -> None:
        """Make ``run`` check its stop event now."""
        self._sockets.wake()

    def close(self) -> None:
        """Close every source, thread, file and output."""
        for source in self._sources:
            source.request_stop()  # all devices close at the same time
        for source in self._sources:
            with self.defects.contained(f"{source.name} could not be stopped"):
                source.stop()
        for pool in self._pools.values():
            with self.defects.contained("an estimator could not be stopped"):
                pool.stop()
        self._texts.close()
        self._jobs.close()
        with self._queue.exclusive():
            with self.defects.contained("the session was not added to the profiles"):
                self._profiles.end()
            self._publish([])  # the last events are part of the recording
            with self.defects.contained("the recording could not be stopped"):
                self._session.stop()
        self._reply()
        self._outputs.close()
        self._privacy.end()
        logger.info("stopped after %d frames", self.hub.frames)

    def _begin(self, now: float) -> None:
        logger.info(
            "sentio %s serves %s: state at %s, control at %s",
            VERSION,
            ", ".join(self.hub.subjects),
            self._sockets.state_endpoint,
            self._sockets.control_endpoint,
        )
        with self.defects.contained("the profiles could not be used"):
            self._profiles.begin(now)
        if self._config.recording.start:
            self._session.start(self.hub.state(), now)
        self._privacy.begin(self.hub, partial(hashes, self._config.models))
        # Before the first frame: subjects must know that they are recorded.
        self._recordings.report(now)
        for source in self._sources:
            source.update()

    def _step(self, now: float) -> None:
        """Publish posted items, reply to requests, and send what is due."""
        messages = self._apply(self._queue.take(), now)
        for request in self._sockets.requests():
            self._control.handle(
                request.body,
                request.client,
                now,
                partial(self._answer, request),
                partial(self._held.add, request),
            )
        with self.defects.contained("new subscribers were not served"):
            self._zeromq.serve_subscribers()
        if now >= self._health_due:
            self._health_due = now + HEALTH_PERIOD
            with self.defects.contained("health could not be reported"):
                self._consents.end_expired(now)
                self._recordings.report(now)
                health = self.health.body(now)
                messages.append(HealthMessage(health))
                self._session.counted(health, now)
        self._publish(messages)
        self._wake_at = min(self._wake_at, self._health_due)

    def _process_posted(self, posted: list[PipelineMessage]) -> None:
        """Publish posted items on the thread that posted them."""
        before = self._wake_at
        self._publish(self._apply(posted, self._clock.now()))
        if self._wake_at < before:
            self._sockets.wake()
        else:
            self._wake_at = before

    def _apply(self, posted: list[PipelineMessage], now: float) -> list[Outgoing]:
        """Apply posted items; return messages to publish unchanged."""
        messages: list[Outgoing] = []
        for item in posted:
            try:
                if isinstance(item, EstimateReceived):  # as nearly always
                    self.hub.apply(item, now)
                elif isinstance(item, RawMessage):
                    messages.append(item)
                elif isinstance(item, JobDone):
                    item.finish(now)
                elif isinstance(item, RecordingEnded):
                    self._recordings.ended(item.reason, now)
                else:
                    self.hub.apply(item, now)
            except Exception as error:  # a defect loses only this item
                self.defects.caught(f"{type(item).__name__} could not be applied", error)
        return messages

    def _publish(self, messages: list[Outgoing]) -> None:
        """Send ``messages`` and all due messages."""
        now = self._clock.now()
        try:
            messages.extend(self.hub.poll(now))
            self._wake_at = self.hub.deadline()
        except Exception as error:  # a defect loses these frames
            self.defects.caught("frames could not be created", error)
            self._wake_at = now + AFTER_DEFECT
        self._outputs.publish(messages)
        with self.defects.contained("a calibrated profile was not used"):
            self._profiles.keep_calibrated(now)

    def _sent(self) -> None:
        """Wait for the end of the current step, which sends the events of its requests."""
        with self._queue.exclusive():
            pass

    def _answer(self, request: ControlRequest, reply: bytes) -> None:
        """Queue a reply for the thread of ``run``, which sends it without the hub's lock."""
        self._replies.append((request, reply))
        self._sockets.wake()

    def _reply(self) -> None:
        self._replies.extend(self._held.take(self._clock.now()))
        while self._replies:
            self._sockets.reply(*self._replies.popleft())

    def _end_recording(self) -> None:
        """End a recording from the thread of jobs, because a part of it is erased."""
        if self._session.body().active:
            self._session.stop()
            self._recording_ended("consent was withdrawn, and what rests on it is erased")

    def _audited(self, line: bytes) -> None:
        """Copy a line of the audit into the recording; called on the audit's thread."""
        self._session.audited(line)

    def _recording_ended(self, reason: str) -> None:
        """Post from the writing thread, which must not use the hub."""
        self._queue.put(RecordingEnded(reason))
        self._sockets.wake()

    def _subject(self, subject: str) -> SubjectState:
        consent = self._privacy.ledger(subject, self._clock.now())
        person = SubjectModel(subject, self._config.fusion)
        return SubjectState(person, consent, FramePacer(self._config.sidecar.rate_hz))
