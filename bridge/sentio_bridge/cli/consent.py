"""`sentio consent` and `sentio audit`: decisions about consent and their history."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sentio_bridge.cli.connection import Endpoint, Token, place_of
from sentio_bridge.cli.exits import FAILED, cli_errors
from sentio_bridge.cli.governed import configured_audit
from sentio_bridge.cli.known_names import known

if TYPE_CHECKING:
    from sentio_bridge.config.schema import Config

Sensor = Annotated[str, typer.Argument(help="Sensor, such as camera or body.")]
Sensors = Annotated[list[str] | None, typer.Argument(help="Sensors; default: all.")]
Subject = Annotated[str | None, typer.Option(help="Subject; required if there are several.")]
File = Annotated[Path, typer.Option("--config", help="Configuration of the sidecar.")]
Granted = Annotated[
    list[str] | None, typer.Option("--for", help="Purpose; repeatable; default: adapt.")
]
Ended = Annotated[
    list[str] | None, typer.Option("--for", help="Purpose; repeatable; default: all.")
]
DEFAULT = Path("sentio.toml")
ERASING = 120.0
"""Seconds to wait for an erasure: recordings are written again without the sensor."""

ROLES = ("subject", "guardian", "operator")
"""Values of --by that are not names."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    consent = typer.Typer(
        help="Show, grant and withdraw consent, also without a running sidecar.",
        no_args_is_help=True,
    )
    consent.command("show")(show)
    consent.command("grant")(grant)
    consent.command("withdraw")(withdraw)
    consent.command("receipts")(receipts)
    consent.command("text")(text)
    app.add_typer(consent, name="consent")
    audit = typer.Typer(help="Show and verify the audit.", no_args_is_help=True)
    audit.command("show")(audit_show)
    audit.command("verify")(audit_verify)
    app.add_typer(audit, name="audit")


def show(
    subject: Subject = None,
    config: File = DEFAULT,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Show what each sensor may be used for."""
    with cli_errors():
        reply = _request(config, endpoint, token, subject, action="status")
        _print_standing(reply["consent"])


def grant(
    sensor: Sensor,
    purposes: Granted = None,
    subject: Subject = None,
    by: Annotated[str, typer.Option(help="Who decides; default: the subject.")] = "",
    guardian: Annotated[str, typer.Option(help="Guardian who decides for a child.")] = "",
    days: Annotated[float, typer.Option(min=0, help="Days until it ends; 0: as configured.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="The text was shown; do not ask.")] = False,
    config: File = DEFAULT,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Show the consent text, ask, and allow a sensor for exactly these purposes."""
    with cli_errors():
        wanted = list(purposes or ["adapt"])
        found = _request(config, endpoint, token, subject, action="text")["text"]
        if not yes:
            typer.echo(f"{found['body']}\n")
            typer.confirm(f"Allow {sensor} for {', '.join(wanted)}?", abort=True)
        reply = _request(
            config, endpoint, token, subject, action="grant", sensor=sensor, purposes=wanted,
            by=by or subject or "subject", how="command", guardian=guardian, days=days,
            text=found["body"], text_name=found.get("name", ""),
            text_version=found.get("version", ""), language=found.get("language", ""),
        )  # fmt: skip
        _print_standing(reply["consent"])
        for receipt in reply["receipts"]:
            _print_receipt(receipt)


def withdraw(
    sensors: Sensors = None,
    purposes: Ended = None,
    subject: Subject = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Also erase what rests on the withdrawn purposes.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without confirmation.")] = False,
    config: File = DEFAULT,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """Withdraw consent: for sensors or all, for purposes or all.

    With --erase it states first what will be erased and what stays. On a terminal the consent ends
    before the question whether to erase.
    """
    with cli_errors():
        chosen = _Chosen(tuple(sensors or ()), tuple(purposes) if purposes else None)
        asked, named = erase and not yes and _terminal(), chosen.sensors
        if erase:
            standing = _request(config, endpoint, token, subject, action="status")["consent"]
            named = _foretell(standing, chosen)
        reply = _withdraw(config, endpoint, token, subject, chosen, erase=erase and not asked)
        if asked and typer.confirm("withdrawn; erase this?"):
            chosen = chosen._replace(sensors=named)  # what was granted before
            reply = _withdraw(config, endpoint, token, subject, chosen, erase=True)
        elif asked:
            typer.echo("withdrawn; nothing is erased")
        _print_standing(reply["consent"])


def receipts(
    subject: Subject = None,
    config: File = DEFAULT,
    endpoint: Endpoint = None,
    token: Token = "",
) -> None:
    """List the receipts: who decided what, when, how, on which text, until when."""
    with cli_errors():
        found = _request(config, endpoint, token, subject, action="receipts")["receipts"]
        for receipt in found:
            _print_receipt(receipt)
        if not found:
            typer.echo("no receipts")


def text(
    template: Annotated[str, typer.Option(help="game, study or clinic.")] = "",
    language: Annotated[str, typer.Option(help="en or de.")] = "",
    config: File = DEFAULT,
) -> None:
    """Print a consent text, filled in for the configuration."""
    with cli_errors():
        from sentio_bridge.privacy.consent_texts import consent_text
        from sentio_bridge.server.privacy_wiring import text_settings

        settings = text_settings(_load(config), template, language)
        typer.echo(consent_text(settings).body)


def audit_show(
    config: File = DEFAULT,
    last: Annotated[int, typer.Option(min=0, help="Newest lines only; 0: all.")] = 50,
) -> None:
    """Print the audit, with pseudonyms where they can still be resolved."""
    with cli_errors():
        from sentio_bridge.privacy.free_texts import FreeTexts
        from sentio_bridge.privacy.salted_ids import SaltedIds

        audit = configured_audit(config)
        known = SaltedIds(audit.path.parent).known()
        texts = FreeTexts(audit.path.parent).known()
        entries = list(audit.entries())
        for entry in entries[-last:] if last else entries:
            data = dict(entry.data)
            subject = known.get(data.pop("subject", ""), "") or entry.data.get("subject", "")
            shown = {key: texts.get(str(value), value) for key, value in data.items()}
            details = ", ".join(f"{key} {_value(value)}" for key, value in shown.items())
            typer.echo(f"{entry.n:6} {entry.at:%Y-%m-%d %H:%M:%S} {entry.kind} {subject} {details}")
        if entries:
            typer.echo(f"newest hash: {entries[-1].hash}")
        else:
            typer.echo(f"no audit in {audit.path.parent}")


def audit_verify(config: File = DEFAULT) -> None:
    """Check every line of the audit; exit with 1 if one was changed or removed."""
    with cli_errors():
        verdict = configured_audit(config).verify()
        typer.echo(f"{verdict.entries} valid lines")
        if verdict.note:
            typer.echo(verdict.note)
        if verdict.problem:
            typer.echo(verdict.problem, err=True)
            raise typer.Exit(FAILED)


class _Chosen(NamedTuple):
    """What a command withdraws.

    Attributes:
        sensors: Sensors; empty: all.
        purposes: Purposes; None: all.
    """

    sensors: tuple[str, ...]
    purposes: tuple[str, ...] | None


def _withdraw(
    config: Path,
    endpoint: str | None,
    token: str,
    subject: str | None,
    chosen: _Chosen,
    *,
    erase: bool,
) -> dict[str, Any]:
    """Withdraw, and print what could not be done, what is erased and what stays."""
    reply: dict[str, Any] = {}
    for each in chosen.sensors or ("",):
        arguments: dict[str, Any] = {"sensor": each} if each else {}
        if chosen.purposes:
            arguments["purposes"] = chosen.purposes
        reply = _request(
            config, endpoint, token, subject, action="withdraw", by=subject or "subject",
            how="command", erase=erase, **arguments,
        )  # fmt: skip
        for problem in reply["problems"]:
            typer.echo(f"sentio: {problem}", err=True)
        for erased in reply.get("erased", ()):
            typer.echo(f"erased {erased}")
        for stays in reply.get("stays", ()):
            typer.echo(f"stays  {stays}")
    return reply


def _terminal() -> bool:
    """Return whether a person can answer a question."""
    return sys.stdin.isatty()


def _foretell(standing: Mapping[str, Sequence[str]], chosen: _Chosen) -> tuple[str, ...]:
    """Print what an erasure will delete and keep; return the sensors that it concerns."""
    from sentio_bridge.privacy.ended import ended_by, foretold

    granted = [sensor for sensor, purposes in standing.items() if purposes]
    sensors = tuple(chosen.sensors or granted or standing)
    ended = [ended_by(each, chosen.purposes, standing.get(each, ())) for each in sensors]
    lines = map(foretold, ended)
    for line in dict.fromkeys(line for each in lines for line in each):
        typer.echo(line)
    return sensors


def _request(
    file: Path, endpoint: str | None, token: str, subject: str | None, **arguments: Any
) -> dict[str, Any]:
    """Ask the running sidecar; if none replies, decide in its folder of receipts."""
    from sentio_bridge.errors import BridgeError, RequestError
    from sentio_bridge.transport.client import Requester

    # `sentio run --demo` and `--webcam` have no file: only the running sidecar has their consent.
    written = file != DEFAULT or file.exists()
    subject = None if subject is None else known(file, subject)
    for who in ("by", "guardian"):
        if arguments.get(who) not in (None, "", *ROLES, subject):
            arguments[who] = known(file, arguments[who], new=True)
    config = _load(file if written else None)
    sidecar = config.sidecar
    where = endpoint or place_of(sidecar).control
    target = {} if subject is None else {"subject": subject}
    key = token or sidecar.token or None
    with Requester(where, key) as requester:
        try:
            if not arguments.get("erase"):
                return requester.call("consent", **target, **arguments)
            requester.call("consent", **target, action="status")  # is there a sidecar?
        except RequestError:
            raise
        except BridgeError:
            if endpoint is not None or not written:
                raise
        else:
            with Requester(where, key, timeout=ERASING) as patient:
                return patient.call("consent", **target, **arguments)
    from sentio_bridge.server.offline_consent import decide

    decided = decide(config, subject, **arguments)
    if arguments["action"] in ("grant", "withdraw"):
        typer.echo(
            f"no sidecar replied at {where}: the decision is kept. A sidecar with this"
            " configuration follows a withdrawal within a second, a grant at its next start.",
            err=True,
        )
    return decided


def _load(file: Path | None) -> Config:
    from sentio_bridge.config.loader import load
    from sentio_bridge.config.schema import Config

    return Config() if file is None else load(file)


def _print_standing(consent: dict[str, list[str]]) -> None:
    for sensor, purposes in consent.items():
        if purposes:
            typer.echo(f"{sensor}: {', '.join(purposes) or 'nothing'}")
    if not any(consent.values()):
        typer.echo("nothing is allowed")


def _print_receipt(receipt: dict[str, Any]) -> None:
    what = "granted" if receipt["granted"] else "withdrawn"
    line = f"{receipt['at'][:19]} {receipt['sensor']} {what} for {', '.join(receipt['purposes'])}"
    line += f", by {receipt.get('by') or 'unknown'} ({receipt.get('how') or 'unknown'})"
    if receipt.get("guardian"):
        line += f", guardian {receipt['guardian']}"
    shown = receipt.get("text", {})
    if shown.get("sha256"):
        name = " ".join(str(shown[k]) for k in ("name", "version", "language") if shown.get(k))
        line += f", text {name or 'of the client'} sha256 {shown['sha256'][:12]}"
    if receipt.get("expires"):
        line += f", until {receipt['expires'][:19]}"
    typer.echo(f"{line}, receipt {receipt['id']}")


def _value(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)
