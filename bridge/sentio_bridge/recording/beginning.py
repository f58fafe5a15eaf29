"""What a recording begins with: its manifest, and what was learnt before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex

import msgspec

from sentio_bridge.affect.personal.profile import Profile, encode
from sentio_bridge.config.loader import Recording as Settings
from sentio_bridge.core import saved_state
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.sealing import Sealing
from sentio_bridge.protocol.frame import MINOR, SCHEMA
from sentio_bridge.protocol.vocabulary import SENSORS
from sentio_bridge.recording.code_hash import code_hash
from sentio_bridge.recording.new_folder import check, discard, new_folder
from sentio_bridge.recording.permission import Permission
from sentio_bridge.version import VERSION
from sentio_recording.manifest import SCHEMA as FOLDER_SCHEMA
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recorder import Recorder
from sentio_sensors import Clock

Learnt = Mapping[str, Collection[str]]
"""Modalities that what was learnt of each subject rests on."""

NOTHING: Learnt = {}


@dataclass(frozen=True)
class Beginning:
    """A recording whose files do not exist yet.

    Attributes:
        recorder: Keeps in memory what is recorded meanwhile.
        profiles: Profiles that the manifest contains, by subject.
        saved: State of the hub at the beginning, None if it must not be stored.
        contributed: The modalities in ``saved``.
    """

    recorder: Recorder
    profiles: Mapping[str, Profile]
    saved: bytes | None
    contributed: Learnt


class Beginnings:
    """Maker of the recordings of one session.

    Attributes:
        clock: The LSL clock.
        consent: Consent ledger of each subject; read from any thread.
        permission: What that consent permits.

    Args:
        settings: Settings of recordings.
        clock: The LSL clock.
        consent: Consent ledger of each subject.
        configuration: Text of the configuration, for the manifest.
        epoch: Epoch of the hub.
        on_end: Called on the writing thread, with the reason, when a recording ended by itself.
        profiles: Returns the profiles in use, by subject.
        models: Returns the SHA-256 of each model that may be in use, by name.
        now_utc: The wall clock, read once for each recording.
        defects: Logs and counts a defect that ends a recording.
        sealing: Makes the keys of encrypted recordings; None: they are not encrypted.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        consent: Mapping[str, ConsentLedger],
        *,
        configuration: str,
        epoch: int,
        on_end: Callable[[str], None] = lambda _: None,
        profiles: Callable[[], Mapping[str, Profile]] = dict,
        models: Callable[[], Mapping[str, str]] = dict,
        now_utc: Callable[[], datetime] = lambda: datetime.now(UTC),
        defects: DefectLog | None = None,
        sealing: Sealing | None = None,
    ) -> None:
        self._settings = settings
        self.clock = clock
        self.consent = consent
        self.permission = Permission(consent)
        self._configuration = configuration
        self._epoch = epoch
        self._on_end = on_end
        self._profiles = profiles
        self._models = models
        self._now_utc = now_utc
        self._defects = defects or DefectLog()
        self._sealing = sealing

    def may_store_state(self, contributed: Learnt) -> bool:
        """Return whether the state of a session may be stored in a recording.

        It contains what was learnt from every modality: each needs consent to be recorded.

        Args:
            contributed: The modalities in the state, by subject.
        """
        return self.permission.state(contributed, self._profiles())

    def new(
        self,
        name: str | None,
        raw: Sequence[str] | None,
        purpose: str,
        *,
        late: bool,
        saved: bytes | None,
        contributed: Learnt,
    ) -> Beginning:
        """Return a recording that has no files yet.

        Args:
            name: Name of its folder below the configured one; default: the time.
            raw: Sensors whose raw samples are requested; None: all.
            purpose: Purpose of the recording.
            late: Whether something of the session came before it.
            saved: State of the hub, or None.
            contributed: The modalities in ``saved``.

        Raises:
            RequestError: The name is invalid.
        """
        if name is not None:
            check(name)
        wall = self._now_utc()
        name = name or f"{wall:%Y%m%d-%H%M%S}-{token_hex(3)}"
        profiles = self._permitted_profiles()
        recorder = Recorder(
            Path(self._settings.folder).resolve() / name,
            self._manifest(raw, purpose, profiles, wall, late),
            self.clock,
            media=self._settings.media,
            on_end=self._on_end,
            on_defect=partial(self._defects.caught, "the recording ended"),
        )
        return Beginning(recorder, profiles, saved, contributed)

    def open(self, beginning: Beginning) -> None:
        """Create the folder and the files of a recording; from any thread.

        Raises:
            RequestError: The name already exists. Or consent for what the recording begins with
                (what was learnt before) was withdrawn meanwhile: nothing is left on the disk.
            SensorError: The folder cannot be written.
        """
        recorder = beginning.recorder
        new_folder(self._settings.folder, Path(recorder.status.folder).name)
        models = dict(self._models())  # reads files
        recorder.manifest = msgspec.structs.replace(recorder.manifest, models=models)
        if self._sealing is not None:
            recorder.keys = self._sealing.keys(list(self.consent))
        shared = recorder.keys is not None and recorder.keys.is_shared
        # A shared key: erasing one person's would not end the state of all of them.
        if beginning.saved is not None and not shared:
            text = saved_state.encode(beginning.saved, code_hash())
            recorder.record(saved_state.STREAM, recorder.manifest.clocks.monotonic, text)
        recorder.start()
        if not self.permission.state(beginning.contributed, beginning.profiles):
            discard(recorder, None if self._sealing is None else self._sealing.folder)
            what = "consent for what the recording begins with was withdrawn meanwhile"
            raise RequestError("refused", what, "start it again: it begins without")

    def _permitted_profiles(self) -> Mapping[str, Profile]:
        """Return the profiles in use that may be recorded, by subject."""
        found = {s: self.permission.profile(s, p) for s, p in self._profiles().items()}
        return {subject: profile for subject, profile in found.items() if profile is not None}

    def _manifest(
        self,
        raw: Sequence[str] | None,
        purpose: str,
        profiles: Mapping[str, Profile],
        wall: datetime,
        late: bool,
    ) -> Manifest:
        days = self._settings.expire_days
        return Manifest(
            id=token_hex(16),
            clocks=Clocks(monotonic=self.clock.now(), wall=wall.isoformat()),
            schemas={"recording": FOLDER_SCHEMA, "affect": SCHEMA, "affect_minor": MINOR},
            software=f"sentio {VERSION}",
            subjects=list(self.consent),
            configuration=self._configuration,
            consent={s: dict(ledger.status()) for s, ledger in self.consent.items()},
            purpose=purpose,
            expires=(wall + timedelta(days=days)).isoformat() if days else "",
            raw=sorted(SENSORS if raw is None else set(raw)),
            profiles={subject: encode(profile).decode() for subject, profile in profiles.items()},
            complete_start=not late and len(profiles) == len(self._profiles()),
            extra={"epoch": self._epoch},
        )
