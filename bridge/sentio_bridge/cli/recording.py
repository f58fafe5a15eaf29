"""`sentio record|repair|verify|export|analyze`: make and process recordings."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentio_bridge.cli.connection import CONFIGURATION, Endpoint, Token, sidecar_at
from sentio_bridge.cli.consent_lines import frames_not_recorded
from sentio_bridge.cli.exits import FAILED, cli_errors
from sentio_bridge.cli.file_options import PATH_HELP, Board, Rate, Unit, hints_of, show_notes
from sentio_bridge.cli.governed import governed
from sentio_bridge.cli.results import note

if TYPE_CHECKING:
    from sentio_recording.export.people import Person
    from sentio_recording.recording import Recording

Folder = Annotated[Path, typer.Argument(help="Folder of a recording, or an .xdf file.")]
AnyFile = Annotated[Path, typer.Argument(help=PATH_HELP)]


class Form(StrEnum):
    """Formats to which a recording can be exported."""

    CSV = "csv"
    PARQUET = "parquet"
    BIDS = "bids"
    MCAP = "mcap"
    EDF = "edf"
    FRAMES = "frames"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands: dict[str, Callable[..., None]] = {
        "record": record,
        "repair": repair,
        "verify": verify,
        "export": export,
        "analyze": analyze,
    }
    for name, command in commands.items():
        app.command(name)(command)


class Action(StrEnum):
    """Actions on the recording of a running sidecar."""

    START = "start"
    STOP = "stop"
    STATUS = "status"


def record(
    action: Annotated[Action, typer.Argument(help="start, stop or status.")],
    folder: Annotated[
        str, typer.Option(help="Name of the new folder; default: date and time.")
    ] = "",
    raw: Annotated[
        list[str], typer.Option(help="Sensor whose raw samples are recorded; repeatable.")
    ] = [],  # noqa: B006
    purpose: Annotated[str, typer.Option(help="Purpose of the recording.")] = "",
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Start, stop or query the recording of a running sidecar."""
    with cli_errors():
        from sentio_bridge.transport.client import Requester

        fields: dict[str, Any] = {"action": action.value}
        if folder:
            fields["folder"] = folder
        if raw:
            fields["raw"] = list(raw)
        if purpose:
            fields["purpose"] = purpose
        with Requester(*sidecar_at(endpoint, token)) as requester:
            state = requester.call("record", **fields)["recording"]
        doing = "recording" if state["active"] else f"not recording ({state['reason'] or 'idle'})"
        raw_sensors = ", ".join(state["raw"]) or "none (--raw SENSOR)"
        typer.echo(f"{doing} {state['folder']} {state['seconds']:.1f} s, "
                   f"{state['dropped']} samples dropped")  # fmt: skip
        if state["active"]:
            typer.echo(f"  raw samples, if consent has record_raw: {raw_sensors}")
            for line in frames_not_recorded(state):
                typer.echo(f"  {line}")


def repair(path: Folder) -> None:
    """Write a repaired copy of a damaged recording, and list the losses."""
    with cli_errors():
        from sentio_recording.repair import repair as write_repaired

        report = write_repaired(path)
        _print(report)
        typer.echo("nothing to repair" if report.repaired is None else f"wrote {report.repaired}")


def verify(path: Folder) -> None:
    """Check every byte of a recording against its journal; exit with 1 on damage."""
    with cli_errors():
        from sentio_recording.repair import verify as check

        report = check(path)
        _print(report)
        typer.echo("ok" if report.ok else f"damaged; to repair it: sentio repair {path}")
        if not report.ok:
            raise typer.Exit(FAILED)


def export(
    path: AnyFile,
    to: Annotated[Form, typer.Option(help="Format.")],
    out: Annotated[Path, typer.Option(help="Folder to write; a file for edf, mcap and frames.")],
    subject: Annotated[
        list[str],
        typer.Option(
            help="BIDS label of the person. Of several people (bids, edf): NAME or NAME=LABEL of "
            "each that is exported; default: all."
        ),
    ] = [],  # noqa: B006
    session: Annotated[str, typer.Option(help="BIDS label.")] = "01",
    task: Annotated[str, typer.Option(help="BIDS label.")] = "session",
    hz: Annotated[float, typer.Option(help="Rate limit for frames, Hz; 0: all frames.")] = 0.0,
    rate: Rate = None,
    board: Board = None,
    time_unit: Unit = None,
) -> None:
    """Export a recording to a format that other programs read."""
    with cli_errors():
        from sentio_recording.export import (
            bids_folder,
            csv_files,
            edf_file,
            mcap_file,
            parquet_files,
        )
        from sentio_recording.recording import Recording

        hints = hints_of(rate, board, time_unit)
        with Recording(path, hints) as recording:
            show_notes(recording)
            people = _people(recording, to, subject, out)
            chosen = {person.subject for person in people}
            left_out = set() if None in chosen else set(recording.subjects) - chosen
            kept = governed(recording, left_out)
            if kept is not None:
                kept.rights.check_export(kept.manifest, kept.subjects, out)
            with _bar("exporting") as progress:
                match to:
                    case Form.FRAMES:
                        count = _frame_file(recording, out, hz, progress)
                    case Form.BIDS:
                        written = bids_folder.export(
                            recording, out, progress, subject=people, session=session, task=task
                        )
                    case Form.EDF:
                        written = edf_file.export(recording, out, progress, subjects=people)
                    case Form.MCAP:
                        written = mcap_file.export(recording, out, progress)
                    case Form.PARQUET:
                        written = parquet_files.export(recording, out, progress)
                    case Form.CSV:
                        written = csv_files.export(recording, out, progress)
        if to is Form.FRAMES:
            written = [out]
            typer.echo(f"wrote {count} messages: {out}")
        else:
            names = ", ".join(map(str, written)) if to is Form.EDF else out
            count = len(written)
            typer.echo(f"wrote {count} {'file' if count == 1 else 'files'}: {names}")
        if kept is not None:
            kept.rights.exported(kept.folder, kept.subjects, to.value, out, written)


def _people(recording: Recording, to: Form, asked: list[str], out: Path) -> list[Person]:
    """Return the persons of a recording that are exported."""
    from sentio_bridge.errors import BridgeError
    from sentio_recording.export.people import Person, chosen

    if to in (Form.BIDS, Form.EDF):
        return chosen(recording, asked, to.value, out)
    if asked and len(recording.subjects) > 1:
        command = ["sentio", "export", str(recording.path), "--to", to.value, "--out", str(out)]
        raise BridgeError(
            f"--subject chooses people for bids and edf; {to.value} has all of them, with their "
            f"names ({', '.join(recording.subjects)})",
            f"for all of them: {shlex.join(command)}",
        )
    return [Person(subject, "") for subject in recording.subjects]


def _frame_file(
    recording: Recording, out: Path, hz: float, progress: Callable[[str, int, int], None]
) -> int:
    """Write the messages of a session as a file for engines; return their number."""
    from sentio_bridge.batch.runner import messages_of
    from sentio_bridge.protocol.frame_file import encode, thinned
    from sentio_bridge.protocol.timed_message import TimedMessage

    sent_messages, _ = messages_of(recording, {})
    messages = (TimedMessage(sent.time, sent.message) for sent in sent_messages)
    out.parent.mkdir(parents=True, exist_ok=True)
    count = -1  # the first part is the file header
    with out.open("wb") as file:
        for count, part in enumerate(encode(thinned(messages, hz))):
            file.write(part)
            progress("", count, 0)
    return count


def analyze(
    folders: Annotated[
        list[Path], typer.Argument(help="Recordings, and folders that contain recordings.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the dataset and its summary.")],
    jobs: Annotated[int, typer.Option(min=1, help="Number of local processes.")] = 1,
    dask: Annotated[str, typer.Option(help="Address of a Dask scheduler, or: local.")] = "",
    role: Annotated[
        list[str], typer.Option("--map", help="STREAM=ROLE for files of other programs; patterns.")
    ] = [],  # noqa: B006
    rate: Rate = None,
    board: Board = None,
    time_unit: Unit = None,
) -> None:
    """Recompute many recordings into one Parquet dataset."""
    with cli_errors():
        from sentio_bridge.batch.page import counted
        from sentio_bridge.batch.runner import SUMMARY, analyse, find, named
        from sentio_bridge.cli.replay import check_sent, roles
        from sentio_recording.recording import Recording

        recordings, known = find(folders), roles(role)
        if dask not in ("", "local"):  # its workers may be on other machines
            for folder in recordings:
                with Recording(folder) as recording:
                    check_sent(recording, CONFIGURATION)
        with _bar("analysing") as progress:
            done = analyse(
                recordings, out, jobs=jobs, dask=dask, roles=known,
                hints=hints_of(rate, board, time_unit),
                progress=lambda n, of: progress("", n, of),
            )  # fmt: skip
        paths = named(recordings)
        files = {(result.recording, result.file) for result in done if result.file}
        parts = [([paths[name]], [Path(file)]) for name, file in sorted(files)]
        note("analysis", out, [*parts, (recordings, [out / SUMMARY])])
        for result in done:
            if result.problem or result.note:
                typer.echo(f"{result.recording}: {result.problem or result.note}", err=True)
        typer.echo(
            f"analysed {counted(r for r in done if not r.problem)} of {counted(done)}: "
            f"{out}/{SUMMARY}"
        )
        if any(result.problem for result in done):
            raise typer.Exit(FAILED)


@contextmanager
def _bar(what: str) -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)  # elsewhere than on a terminal it leaves only an empty line
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)

        def step(name: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, description=f"{what} {name}")

        yield step


def _print(report: Any) -> None:
    typer.echo(f"{report.chunks} valid chunks, {sum(report.samples.values())} samples, "
               f"{report.bytes} bytes; manifest {report.manifest}")  # fmt: skip
    for damage in report.damages[:20]:
        typer.echo(f"  byte {damage.offset}, {damage.length} bytes: {damage.why}")
    for offset in report.journal_damages[:20]:
        typer.echo(f"  journal, byte {offset}: damaged entry")
    for loss in report.losses[:50]:
        after = "the beginning" if loss.after is None else f"{loss.after:.3f} s"
        before = "the end" if loss.before is None else f"{loss.before:.3f} s"
        typer.echo(f"  lost in {loss.stream or 'some streams'}: from {after} to {before}")
    if not report.journaled:
        typer.echo("  no journal: changed values cannot be detected")
