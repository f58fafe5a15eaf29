"""`sentio config`: write and check a configuration file."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.exits import cli_errors

if TYPE_CHECKING:
    from sentio_bridge.config.loader import Config
    from sentio_bridge.config.schema import Source


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Write and check a configuration file.", no_args_is_help=True)
    group.command("init")(init)
    group.command("check")(check)
    app.add_typer(group, name="config")


def init(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("sentio.toml"),
    force: Annotated[bool, typer.Option(help="Replace an existing file.")] = False,
) -> None:
    """Write a commented configuration file as a starting point."""
    from sentio_bridge.config.presets import starter
    from sentio_bridge.config.source_registry import installed
    from sentio_bridge.errors import ConfigError

    with cli_errors():
        if path.exists() and not force:
            raise ConfigError(f"{path} already exists", "replace it with --force")
        path.write_text(starter(installed().kinds.values()), encoding="utf-8")
        typer.echo(f"wrote {path}; run it with: sentio run --config {path}")


def check(
    path: Annotated[
        Path | None, typer.Argument(help="Configuration file.", show_default="sentio.toml")
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", help="The same, as in `sentio run`.")
    ] = None,
) -> None:
    """Check a configuration; list what is allowed and the sources that will open."""
    from sentio_bridge.cli.readable_tokens import warning
    from sentio_bridge.config.loader import load
    from sentio_bridge.outputs import configured
    from sentio_bridge.protocol.vocabulary import LIVE_PURPOSES
    from sentio_bridge.server.privacy_wiring import allowed
    from sentio_bridge.transport.ports import check_tokens

    if path is not None and config_file is not None:
        raise typer.BadParameter("give the file once: FILE, or --config FILE")
    path = path or config_file or Path("sentio.toml")
    with cli_errors():
        config = load(path)
        check_tokens(config.clients)
        for output in configured(config.outputs):
            output.close()
        _check_environment(config)
        typer.echo(f"{path}: valid")
        if problem := warning(config):
            typer.echo(f"  {problem}")
        typer.echo(f"  subjects: {', '.join(config.subjects)}")
        consents = allowed(config)  # by the receipts: the configuration may be older
        for subject, sensors in consents.items():
            who = f" of {subject}" if len(consents) > 1 else ""
            for sensor, purposes in sensors.items():
                typer.echo(f"  consent{who}: {sensor} for {', '.join(purposes)}")
            for sensor in sorted(config.consent.keys() - sensors.keys()):
                ended = "withdrawn, expired or erased since, or it needs a guardian"
                typer.echo(f"  consent{who}: {sensor} is configured, but {ended}")
        for source in config.sources:
            found = consents[source.subject]
            consented = [s for s in source.sensors if set(LIVE_PURPOSES) & set(found.get(s, ()))]
            closed = f"stays closed (sentio consent grant {_measured(source)[0]})"
            opens = f"opens for {', '.join(consented)}" if consented else closed
            typer.echo(f"  source {source.name}: {opens}")
            remark = source.kind.remark(source.settings) if source.kind.remark else ""
            if remark:
                typer.echo(f"    {remark}")
            if "camera" in consented and _gives_pictures(source):
                missing = _missing_face_model(config)
                if missing:
                    typer.echo(f"    {missing}")


def _measured(source: Source) -> Sequence[str]:
    """Return the sensors of a source, of the roles that it is limited to."""
    from sentio_bridge.protocol.vocabulary import sensor_of

    roles = getattr(source.settings, "roles", ())
    return [
        found for role in roles if (found := sensor_of(role)) in source.sensors
    ] or source.sensors


def _gives_pictures(source: Source) -> bool:
    """Return whether a camera source needs the face model: one of faces does not."""
    from sentio_sensors import Role

    return Role.VIDEO in (getattr(source.settings, "roles", ()) or (Role.VIDEO,))


def _missing_face_model(config: Config) -> str:
    """Return that the face model is missing, and how to get it; empty if it is there."""
    from sentio_models.errors import ModelMissingError
    from sentio_models.runtime.bundle import FACE_LANDMARKER, locate

    own = config.models.landmarker
    try:
        locate(FACE_LANDMARKER, Path(own) if own else None)
    except ModelMissingError as error:
        return f"no face: {error.what}; {error.fix}"
    return ""


def _check_environment(config: Config) -> None:
    """Raise for what a run on this machine would refuse, except ports in use.

    Raises:
        ConfigError: A model or the key for other machines is missing, this machine has no such
            address, or a folder that is needed at the start is not writable.
        SensorError: What encrypts recordings or profiles cannot be used.
    """
    from sentio_bridge.errors import ConfigError
    from sentio_bridge.pipeline.estimator_pool import kinds
    from sentio_bridge.privacy.private_folder import state_folder
    from sentio_bridge.privacy.sealing import Sealing
    from sentio_bridge.transport.allow_list import AllowList

    kinds(config.models)
    for setting in (config.recording.encrypt, config.profiles.encrypt):
        Sealing.of(setting)
    if config.remote.host:
        _ = AllowList().secret
    host = config.sidecar.host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.bind((host, 0))
    except OSError as error:
        what = f"[sidecar] host: cannot bind {host}: {error.strerror}"
        raise ConfigError(what, "use 127.0.0.1") from None
    if config.recording.start:
        _check_folder("[recording] folder", Path(config.recording.folder))
    _check_folder("[privacy] folder", state_folder(config.path, config.privacy.folder))


def _check_folder(key: str, path: Path) -> None:
    """Raise if a folder cannot be created or written.

    Raises:
        ConfigError: It cannot be created or written.
    """
    from sentio_bridge.errors import ConfigError

    folder = path.expanduser().absolute()
    try:
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        # Permissions are not enough: some file systems refuse every new folder.
        Path(tempfile.mkdtemp(dir=existing)).rmdir()
    except OSError:
        raise ConfigError(f"{key}: {folder} is not writable", "choose another folder") from None
