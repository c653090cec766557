"""How much CPU two nights take beside a bare parse of the same export, in one run.

    python benchmarks/nights.py [PRODUCTS]

Prints seconds of CPU of this process and ratios to the bare parse: the figures of one run may be
compared with each other, not with those of another machine or hour.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from erp2pim.config.mappingfile import load_mapping
from erp2pim.mapping.work import CompiledMapping
from erp2pim.plan.spool import open_spool
from erp2pim.report.progress import Quiet
from erp2pim.run import Rooms, plan
from erp2pim.state.store import State, open_state
from erp2pim.stop import Stop

MAPPING = Path(__file__).parents[1] / "examples" / "mapping.yaml"
TEXT = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr. " * 8
ITEM = """<Item no="SKU-{n:07d}" status="A"><Barcode>{n:013d}</Barcode><Group>10</Group>
<Catalog>drills</Catalog><Text lang="D"><Title>Artikel {n}</Title><Long>{text}</Long></Text>
<Text lang="E"><Title>Article {n}</Title></Text><Brand>Brand</Brand><Colour>BLU</Colour>
<Weight uom="KG">2,{n}</Weight><Features><Feature><Name>Power</Name><Value>{n}</Value>
<Unit>W</Unit></Feature></Features><Prices><Price>{n},90</Price><Price currency="USD">{n},50</Price>
</Prices><Released>12.01.2026</Released><Pieces>1</Pieces><Rating>4,5</Rating><Stock>J</Stock>
<Materials>ST;KU</Materials><Remark>{text}</Remark><Note>{text}</Note></Item>
"""


def main() -> None:
    """Make an export, parse it barely, and plan two nights of it."""
    products = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export = folder / "export.xml"
        write(export, products)
        mapping = load_mapping(MAPPING)
        bare = cpu(lambda: parse(export))
        print(f"{products} products, {export.stat().st_size / products:.0f} bytes each")
        print(f"bare iterparse    {bare:7.2f} s  1.0")
        with open_state(folder, pim_url="https://pim.example.com") as state:
            for night in ("first night", "unchanged night"):
                spent = cpu(lambda: run(export, mapping, state))
                print(f"{night:<16}  {spent:7.2f} s  {spent / bare:.1f}")


def write(export: Path, products: int) -> None:
    """Write an export of so many products."""
    with export.open("w", encoding="utf-8") as stream:
        stream.write("<Export><Header><Currency>EUR</Currency></Header><Items>\n")
        for number in range(products):
            stream.write(ITEM.format(n=number, text=TEXT))
        stream.write("</Items></Export>\n")


def parse(export: Path) -> None:
    """Parse an export and do nothing with it."""
    for _, element in etree.iterparse(export, tag="Item"):
        parent = element.getparent()
        element.clear()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def run(export: Path, mapping: CompiledMapping, state: State) -> None:
    """Plan a night and take it as accepted, as if the PIM took no time."""
    number = state.begin(
        command="sync", exports=[str(export)], version="-", started=datetime.now(UTC).isoformat()
    )
    with open_spool() as spool:
        with state.view():
            plan([str(export)], Rooms(mapping, spool, None, Quiet(), Stop()), state)
        state.settle(number, accepted=spool.changes())


def cpu(work: Callable[[], None]) -> float:
    """Give the seconds of CPU that some work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
