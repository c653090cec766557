"""A proposed mapping as commented YAML."""

from collections.abc import Iterator, Sequence

from erp2pim.survey.fields import Value
from erp2pim.survey.line import Line
from erp2pim.survey.proposal import Proposal
from erp2pim.survey.yamltext import comment, flow, scalar

_SAMPLE = 40
_MOST_ASIDE = 80


def mapping_text(proposal: Proposal) -> str:
    """Write a proposal; what came from the export can break out of neither comment nor scalar."""
    return "".join(f"{line}\n" for line in _lines(proposal))


def _lines(proposal: Proposal) -> Iterator[str]:
    survey = proposal.survey
    yield comment(f"Proposed for {survey.name} from {survey.records} records.")
    yield "# Behind each line stand how sure it is, from 0 to 1, and values that were seen."
    yield "# Look at every CHECK; then `erp2pim diff` shows what the mapping makes of the export."
    yield "version: 1"
    yield "source:"
    yield from _section(proposal.source, 2)
    yield from _headed("tables:", proposal.tables, 0)
    yield from _headed("joins:", proposal.joins, 0)
    yield from _headed("pairs:", proposal.pairs, 0)
    yield "products:"
    yield from _section(proposal.product, 2)
    yield from _headed("values:", proposal.values, 2)
    yield from _aside(proposal.aside)


def _headed(head: str, lines: Sequence[Line], indent: int) -> Iterator[str]:
    """Write lines below a key, which is a comment like them where all are."""
    if lines:
        yield " " * indent + (head if any(line.active for line in lines) else f"# {head}")
    yield from _section(lines, indent + 2)


def _section(lines: Sequence[Line], indent: int) -> Iterator[str]:
    for line in lines:
        told = _told(line)
        written = f"{scalar(line.key)}: {flow(line.tree)}"
        if line.active:
            yield f"{' ' * indent}{written}" + (f"  {told}" if told else "")
        else:
            yield f"{' ' * indent}# {written}  {told}".rstrip()


def _told(line: Line) -> str:
    """Write what is known of a line as a comment; nothing where there is nothing to say."""
    if line.sureness == 1.0 and not line.samples and not line.checks:
        return ""
    samples = " | ".join(text[:_SAMPLE] for text in line.samples)
    checks = "".join(f"; CHECK {check}" for check in line.checks)
    return comment(f"{line.sureness:.1f}" + (f": {samples}" if samples else "") + checks)


def _aside(values: Sequence[Value]) -> Iterator[str]:
    if values:
        yield "# Left aside:"
    for value in values[:_MOST_ASIDE]:
        samples = " | ".join(text[:_SAMPLE] for text in value.sketch.samples)
        yield comment(f"  {value.path}: {samples}".rstrip())
    if len(values) > _MOST_ASIDE:
        yield comment(f"  … and {len(values) - _MOST_ASIDE} more; erp2pim inspect shows them")
