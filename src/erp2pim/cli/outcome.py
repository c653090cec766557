"""What a run prints, in lines or as JSON."""

import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import click

from erp2pim.errors import Erp2pimError
from erp2pim.ledger import Ledger
from erp2pim.model import Json, Reject
from erp2pim.report.jsonform import Facts, pieces
from erp2pim.report.summary import error_lines, ledger_lines, options_line, reject_line
from erp2pim.report.text import escaped, fit
from erp2pim.run import Result

_SHOWN_REJECTS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one command tells what came of it.

    Attributes:
        command: Its name.
        as_json: Whether one JSON object goes to standard output instead of lines.
        quiet: Whether success is silent.
        began: When it began, in monotonic seconds.
    """

    command: str
    as_json: bool
    quiet: bool
    began: float

    def tell(
        self,
        result: Result,
        rejects: Iterable[Reject],
        *,
        requests: tuple[int, int] = (0, 0),
        more: Mapping[str, Iterable[Json]] | None = None,
    ) -> None:
        """Print the result; an early end is told on standard error.

        Args:
            result: What came of the run.
            rejects: What was refused.
            requests: All requests, and the PATCH requests among them.
            more: Further lists for the JSON.
        """
        if self.as_json:
            self._print(
                pieces(
                    Facts(
                        command=self.command,
                        run=result.run,
                        ledger=result.ledger,
                        options_made=result.options_made,
                        requests=requests[0],
                        patch_requests=requests[1],
                        seconds=time.monotonic() - self.began,
                        warnings=result.warnings,
                        exit_code=result.exit_code,
                        error=result.cause,
                    ),
                    rejects,
                    more,
                )
            )
        elif result.exit_code or not self.quiet:
            self._tell_lines(result, rejects)
        if result.exit_code or not self.quiet:
            for warning in result.warnings:
                click.echo(f"warning: {fit(warning, longest=500)}", err=True)
        if result.cause is not None:
            for line in error_lines(result.cause):
                click.echo(line, err=True)

    def tell_error(self, error: Erp2pimError) -> None:
        """Print the JSON of a run that did not come to send anything."""
        if self.as_json:
            seconds = time.monotonic() - self.began
            facts = Facts(
                self.command, None, Ledger(), 0, 0, 0, seconds, [], error.exit_code, error
            )
            self._print(pieces(facts, []))

    def _tell_lines(self, result: Result, rejects: Iterable[Reject]) -> None:
        found = iter(rejects)
        for reject in islice(found, _SHOWN_REJECTS):
            click.echo(reject_line(reject))
        left = sum(1 for _ in found)
        if left:
            where = f"erp2pim runs {result.run}" if result.run else "--json"
            rejects_left = "1 more reject" if left == 1 else f"{left} more rejects"
            click.echo(f"… and {rejects_left}; {where} shows all")
        foreseen = result.run is None
        for line in ledger_lines(result.ledger, foreseen=foreseen):
            click.echo(line)
        if result.options_made:
            click.echo(options_line(result.options_made, foreseen=foreseen))

    def _print(self, text: Iterable[str]) -> None:
        for piece in text:
            click.echo(escaped(piece), nl=False)


@contextmanager
def outcome(command: str, *, as_json: bool, quiet: bool = False) -> Generator[Outcome]:
    """Tell an error as JSON, too, before it goes on to the boundary."""
    told = Outcome(command, as_json, quiet, time.monotonic())
    try:
        yield told
    except Erp2pimError as error:
        told.tell_error(error)
        raise
