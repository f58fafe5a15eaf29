"""`sentio data`: list, export and erase what is kept of a person."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sentio_bridge.cli.exits import cli_errors
from sentio_bridge.cli.known_names import known

if TYPE_CHECKING:
    from sentio_bridge.privacy.personal_data import PersonalData
    from sentio_bridge.server.data_rights import DataRights

Subject = Annotated[str, typer.Option(help="Pseudonym or name of the person.")]
File = Annotated[Path, typer.Option("--config", help="Configuration that names the folders.")]
DEFAULT = Path("sentio.toml")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="List, export and erase what is kept of a person.", no_args_is_help=True
    )
    group.command("list")(list_)
    group.command("export")(export)
    group.command("erase")(erase)
    group.command("pseudonyms")(pseudonyms)
    app.add_typer(group, name="data")


def list_(
    subject: Annotated[str, typer.Option(help="Pseudonym; default: all persons.")] = "",
    config: File = DEFAULT,
) -> None:
    """List what is kept, below the configured folders."""
    with cli_errors():
        data, subject = _rights(config).data, known(config, subject)
        subjects = [subject] if subject else data.kept.subjects()
        for each in subjects:
            typer.echo(f"{each}:")
            _print(data, each)
            if subject:
                _print_unlisted(data, each)
        if not subjects:
            typer.echo("nothing is kept")


def export(
    subject: Subject,
    out: Annotated[
        Path | None, typer.Option(help="New folder; default: below the configured exports.")
    ] = None,
    for_person: Annotated[
        bool, typer.Option("--for-person", help="The copy is for this person: no consent needed.")
    ] = False,
    config: File = DEFAULT,
) -> None:
    """Copy everything of a person into a folder that the person can read."""
    with cli_errors():
        rights, subject = _rights(config), known(config, subject)
        place = out or rights.exports / f"export-{datetime.now():%Y%m%d-%H%M%S}"
        written = rights.export(subject, place, for_person=for_person)
        typer.echo(f"wrote {len(written)} files: {place}")


def erase(
    subject: Subject,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without confirmation.")] = False,
    config: File = DEFAULT,
) -> None:
    """Erase everything of a person: recordings, profiles, receipts and exports."""
    with cli_errors():
        rights, subject = _rights(config), known(config, subject)
        _print(rights.data, subject)
        if not yes:
            typer.confirm(f"erase all of this of {subject}?", abort=True)
        linked = rights.data.kept.linked(subject)
        erased = rights.erase(subject)
        typer.echo(f"erased {len(erased)} of {subject}; copies elsewhere are not known to Sentio")
        for place in filter(Path.exists, linked):
            typer.echo(f"  not erased: {place}, where a link of {subject}'s data led: look at it")
        _print_unlisted(rights.data, subject)


def pseudonyms(config: File = DEFAULT) -> None:
    """List the pseudonyms with their names, if the configuration has pseudonyms."""
    with cli_errors():
        from sentio_bridge.config.pseudonymous import list_at

        names = list_at(config)
        if names is None:
            typer.echo("names are used as written; to replace them: [privacy] pseudonyms = true")
            return
        rows = names.rows()
        for pseudonym, name in rows.items():
            typer.echo(f"{pseudonym}  {name}")
        if not rows:
            typer.echo(f"no names in {names.path}")


def _rights(file: Path) -> DataRights:
    from sentio_bridge.config.loader import load
    from sentio_bridge.server.data_rights import DataRights

    return DataRights(load(file))


def _print(data: PersonalData, subject: str) -> None:
    found = data.kept.of(subject)
    for each in found:
        shared = ", with others" if each.shared else ""
        typer.echo(f"  {each.kind:10} {each.size / 1e3:10.1f} kB  {each.path}{shared}")
    if not found:
        typer.echo("  nothing")


def _print_unlisted(data: PersonalData, subject: str) -> None:
    """Name what may hold data of a person and cannot be erased without a decision."""
    for path in data.kept.unlisted(subject):
        why = "a link, which is not followed" if path.is_symlink() else f"names {subject}"
        typer.echo(
            f"  not in any list: {path} ({why}): look at it, and delete it if it is of {subject}"
        )
