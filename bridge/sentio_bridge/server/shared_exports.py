"""Check that persons share what leaves the configured folders or this machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sentio_bridge.config.schema import Config
from sentio_bridge.errors import RequestError
from sentio_bridge.privacy.consent_book import Receipt
from sentio_bridge.privacy.consent_keeper import ConsentKeeper
from sentio_bridge.privacy.private_folder import state_folder
from sentio_bridge.privacy.receipt_store import ReceiptStore
from sentio_recording.absent_frames import grant_commands
from sentio_recording.manifest import Manifest


class SharedExports:
    """Decision whether data may leave the configured folders or this machine.

    Args:
        config: Configuration that names the folders.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        folders = (config.recording.folder, config.privacy.exports)
        self._inside = [Path(folder).expanduser().resolve() for folder in folders]
        self._store = ReceiptStore(state_folder(config.path, config.privacy.folder))

    def stays(self, out: Path) -> bool:
        """Return whether a path is below a configured folder."""
        place = out.expanduser().resolve()
        return any(folder == place or folder in place.parents for folder in self._inside)

    def check(self, manifest: Manifest, *, sent: bool = False) -> None:
        """Check a recording: each of its persons shares each sensor that was used.

        Args:
            manifest: Of the recording.
            sent: Whether it is sent to another machine, rather than exported.

        Raises:
            RequestError: A person does not share a sensor.
            PrivacyError: The receipts cannot be read.
        """
        self._require({s: self._used(manifest, s) for s in manifest.subjects}, sent)

    def check_person(self, subject: str, *, sent: bool = False) -> None:
        """Check everything of a person: each sensor that was ever granted is shared.

        Args:
            subject: The person.
            sent: Whether it is sent to another machine, rather than exported.

        Raises:
            RequestError: One is not shared.
            PrivacyError: The receipts cannot be read.
        """
        receipts = self._receipts(subject)
        used = {receipt.sensor for receipt in receipts if receipt.granted}
        self._require({subject: used}, sent)

    def _used(self, manifest: Manifest, subject: str) -> set[str]:
        """Return the sensors that were granted when it began, or while it ran."""
        used = {s for s, purposes in manifest.consent.get(subject, {}).items() if purposes}
        try:
            began = datetime.fromisoformat(manifest.clocks.wall)
        except ValueError:
            return used
        ending = manifest.ending
        seconds = None if ending is None else ending.monotonic - manifest.clocks.monotonic
        for receipt in self._receipts(subject):
            during = receipt.at >= began and (
                seconds is None or receipt.at <= began + timedelta(seconds=seconds)
            )
            if receipt.granted and during:
                used.add(receipt.sensor)
        return used

    def _require(self, used: Mapping[str, Collection[str]], sent: bool = False) -> None:
        refused, commands = [], []
        for subject, sensors in used.items():
            standing = self._keeper(subject).standing(subject)
            granted = {s: standing.get(s, ()) for s in sorted(sensors)}
            missing = {s: purposes for s, purposes in granted.items() if "share" not in purposes}
            if missing or not sensors:
                refused.append(f"{subject} ({', '.join(missing) or 'no receipt'})")
                commands += [grant_commands(missing, "share", subject)] if missing else []
        if refused:
            what, instead = "an export outside of the configured folders", self._inside[1]
            raise RequestError(
                "refused",
                f"{'an output to another machine' if sent else what} needs the purpose share of "
                f"{'; '.join(refused)}",
                "; or, if the person agrees: ".join(
                    ["keep it on this machine" if sent else f"write below {instead}"]
                    + (["; ".join(commands)] if commands else [])
                ),
            )

    def _receipts(self, subject: str) -> Collection[Receipt]:
        """Return the receipts of the store and of the configuration."""
        found = (*self._store.load(subject), *self._keeper(subject).receipts(subject))
        return {receipt.id: receipt for receipt in found}.values()

    def _keeper(self, subject: str) -> ConsentKeeper:
        settings = self._config.privacy
        keeper = ConsentKeeper(
            [subject], self._store, children=settings.children, days=settings.consent_days
        )
        if subject in self._config.subjects:
            keeper.configure(subject, self._config.consent, self._config.dated)
        return keeper
