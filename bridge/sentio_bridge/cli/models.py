"""`sentio models`: list, download and verify models."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from sentio_bridge.cli.exits import FAILED, cli_errors


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="List, download and verify models.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("pull")(pull)
    group.command("verify")(verify)
    app.add_typer(group, name="models")


def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """List the included models and those that can be downloaded."""
    from msgspec import to_builtins

    from sentio_models.errors import ModelError
    from sentio_models.runtime.bundle import BUNDLES, locate
    from sentio_models.runtime.shipped import shipped

    rows: list[dict[str, Any]] = [to_builtins(model) for model in shipped()]
    for bundle in BUNDLES:
        try:
            place = str(locate(bundle))
        except ModelError:
            place = f"not downloaded: sentio models pull {bundle.name}"
        rows.append({"name": bundle.name, "licence": bundle.licence, "what": bundle.what,
                     "sha256": bundle.sha256, "place": place})  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        size = f"{row['size'] / 1e6:.2f} MB" if "size" in row else row["place"]
        typer.echo(f"{row['name']:<18} {row.get('modality', ''):<9} {size:<10} {row['licence']}")
        typer.echo(f"  {row.get('trained_on') or row.get('what', '')}")


def pull(
    name: Annotated[str, typer.Argument(help="Model to download; see `sentio models list`.")] = (
        "face_landmarker"
    ),
) -> None:
    """Download a published model and check its hash."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

    from sentio_models.errors import ModelMissingError
    from sentio_models.runtime.bundle import BUNDLES, cache
    from sentio_models.runtime.download import pull_bundle

    with cli_errors():
        bundle = next((b for b in BUNDLES if b.name == name), None)
        if bundle is None:
            raise ModelMissingError(
                f"no model {name!r} to download", f"known: {', '.join(b.name for b in BUNDLES)}"
            )
        with Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn()) as bar:
            task = bar.add_task(name, total=None)
            path = pull_bundle(
                bundle,
                cache(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        typer.echo(f"{bundle.name}: stored at {path}")


def verify() -> None:
    """Check the hash of every model and load it; exit with 1 if one fails."""
    from sentio_models.errors import ModelError
    from sentio_models.runtime.bundle import BUNDLES, locate
    from sentio_models.runtime.shipped import verify as check

    places = {}
    for bundle in BUNDLES:
        try:
            places[bundle] = locate(bundle)
        except ModelError:
            continue
    verdicts = check(places=places)
    for verdict in verdicts:
        typer.echo(f"{verdict.name}: {'verified' if verdict.fine else verdict.what}")
        if verdict.fix:
            typer.echo(f"  {verdict.fix}")
    if not all(verdict.fine for verdict in verdicts):
        raise typer.Exit(FAILED)
