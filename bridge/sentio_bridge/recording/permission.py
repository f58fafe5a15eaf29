"""What may be recorded of each subject, by consent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.protocol.vocabulary import MODALITY_OF, RECORDED_FEATURES, sensor_of
from sentio_sensors import Role, StreamSpec

_SENSOR_OF_MODALITY = {modality: sensor for sensor, modality in MODALITY_OF.items()}


class Permission:
    """Decides by the consent of each subject; callable from any thread.

    Args:
        consent: Consent ledger of each subject.
    """

    def __init__(self, consent: Mapping[str, ConsentLedger]) -> None:
        self._consent = consent

    def modality(self, subject: str, modality: str) -> bool:
        """Return whether estimates of a modality may be recorded."""
        sensor = _SENSOR_OF_MODALITY.get(modality)
        return sensor is None or self._consent[subject].allows(sensor, "record")

    def lacking(self, subject: str, modalities: Collection[str]) -> dict[str, list[str]]:
        """Return the sensors without ``record``, with their purposes.

        Each of them prevents that the fused state is recorded. A sensor that may not be read moves
        nothing any more.

        Args:
            subject: Whose state it is.
            modalities: Those that it was fused of.
        """
        ledger = self._consent[subject]
        return {
            sensor: list(ledger.status()[sensor])
            for modality, sensor in _SENSOR_OF_MODALITY.items()
            if modality in modalities
            and not self.modality(subject, modality)
            and ledger.allows(sensor)
        }

    def stream(self, subject: str, spec: StreamSpec, raw: Collection[str]) -> bool:
        """Return whether a stream's samples may be recorded.

        Args:
            subject: Whose stream it is.
            spec: Description of the stream.
            raw: Sensors whose raw samples are requested.
        """
        ledger = self._consent[subject]
        sensor = spec.meta.get("sensor") or sensor_of(spec.role)
        if spec.role in RECORDED_FEATURES:
            return spec.role is Role.MARKER or ledger.allows(sensor, "record")
        return sensor in raw and ledger.allows(sensor, "record_raw")

    def profile(self, subject: str, profile: Profile) -> Profile | None:
        """Return a profile without earlier sessions, or None if it may not be recorded."""
        read = {*profile.baselines, *(model.modality for model in profile.personal)}
        if not all(self.modality(subject, modality) for modality in read):
            return None
        return msgspec.structs.replace(profile, sessions=[])

    def state(
        self, contributed: Mapping[str, Collection[str]], profiles: Mapping[str, Profile]
    ) -> bool:
        """Return whether the state of a session may be stored in a recording.

        It contains what was learnt from every modality: each needs consent to be recorded.

        Args:
            contributed: The modalities in the state, by subject.
            profiles: The profiles in use, by subject.
        """
        return all(self.profile(s, profile) is not None for s, profile in profiles.items()) and all(
            self.modality(subject, modality)
            for subject, modalities in contributed.items()
            for modality in modalities
        )
