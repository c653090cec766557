"""`erp2pim test`: the cases beside the mapping."""

import click

from erp2pim.cli import options
from erp2pim.config.casesfile import load_cases
from erp2pim.config.mappingfile import load_mapping
from erp2pim.errors import ExitCode
from erp2pim.report.text import fit
from erp2pim.run.cases import run_case


@click.command()
@click.argument("mapping", type=click.Path(dir_okay=False), required=False)
@click.pass_obj
def test(config: str | None, mapping: str | None) -> int:
    """Run the cases that stand beside the mapping.

    They stand in mapping.tests.yaml beside mapping.yaml: given XML, and the item that it must
    become. MAPPING names another mapping than the configuration's. There is no network.
    """
    path = options.mapping(config, mapping)
    cases = load_cases(path)
    compiled = load_mapping(path)
    failed = 0
    for case, line in zip(cases.cases, cases.lines, strict=True):
        verdict = run_case(case, compiled, path.parent)
        if verdict.difference:
            failed += 1
            click.echo(f"{fit(str(cases.path))}:{line}: {fit(case.name)}: fails; - expected, + got")
            for each in verdict.difference:
                click.echo(f"  {fit(each, longest=2000)}")
    click.echo(f"{len(cases.cases) - failed} cases hold, {failed} fail")
    return ExitCode.CONFIG if failed else ExitCode.DONE
