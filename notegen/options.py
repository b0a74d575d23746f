"""Arguments and options that several commands of notegen share."""

from pathlib import Path

import click

JOB = click.argument("job", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for a machine.")
DESIGNS = click.option(
    "--designs",
    type=click.Path(path_type=Path),
    envvar="HOURNOTE_DESIGNS",
    help="The folder of designs; default the one that comes with Hournote.",
)
PDF = click.option("--out", required=True, type=click.Path(path_type=Path), help="The PDF to write.")
