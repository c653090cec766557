"""Exports of several nights: models, variants, products, their options and their pictures."""

import random
from collections.abc import Iterator
from pathlib import Path

NIGHTS = 4
MAPPING = """\
version: 1
source: {record: /Export/Item, skip: {gone: "@gone"}, locale: en_US}
product_models:
  record: /Export/Style
  code: "@id"
  family_variant: {value: clothing_by_size}
  values:
    name: &name [{type: text, path: Name, locale: en_US}, {type: text, path: NameDe, locale: de_DE}]
    price: &price {type: price, each: Price, path: ., currency: "@cur"}
products:
  - identifier: Sku
    family: Group
    values:
      name: *name
      price: *price
      weight: {type: metric, path: Weight, unit: {value: KILOGRAM}}
      pieces: {type: number, path: Pieces}
      color: {type: select, path: Colour, transform: lower, options: create, label: Colour}
      picture: {type: image, path: Picture, root: pictures}
    associations: {X_SELL: {products: With}}
  - record: /Export/Style
    each: Size
    identifier: {concat: [../@id, "@code"], join: "-"}
    parent: ../@id
    values:
      size: {type: select, path: "@code"}
      weight: {type: metric, path: "@weight", unit: {value: GRAM}}
"""


def export(folder: Path, night: int, *, products: int) -> str:
    """Write a night's export, and its pictures beside it; give its path.

    A quarter of the products differs from the night before, and some are there later than others.
    """
    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    for number in filter(_has_picture, range(products)):
        (pictures / f"{number}.jpg").write_bytes(_picture(number, night))
    path = folder / "export.xml"
    path.write_text(f"<Export>{''.join(_records(night, products))}</Export>", encoding="utf-8")
    return str(path)


def is_wrong(identifier: str) -> bool:
    """Say whether a product is refused in some night: its own values, or what it is linked to.

    In the last night there are only those that the mapping refuses.
    """
    number = int(identifier[1:]) if identifier[1:].isdigit() else 0
    return number % 97 == 3 or number % 67 == 5 or (number % 10 == 2 and number % 67 == 6)


def _records(night: int, products: int) -> Iterator[str]:
    for number in range(products):
        if number % 10 == 9 and night < number % NIGHTS:
            continue
        changed = max((n for n in range(1, night + 1) if (number + n) % 4 == 0), default=0)
        draw = random.Random(f"{number} {changed}")  # noqa: S311  # no secret
        yield _style(number // 10, draw) if number % 10 == 0 else _item(number, night, draw)


def _style(number: int, draw: random.Random) -> str:
    sizes = "".join(f'<Size code="{s}" weight="{draw.randint(1, 900)}"/>' for s in "sml")
    return f'<Style id="st{number}">{_texts(draw)}{sizes}</Style>'


def _item(number: int, night: int, draw: random.Random) -> str:
    group = "nope" if number % 67 == 5 and night < NIGHTS else "tools"
    pieces = "many" if number % 97 == 3 else str(draw.randint(1, 99))
    picture = f"<Picture>{number}.jpg</Picture>" if _has_picture(number) else ""
    link = f"<With>p{number - 1}</With>" if number % 10 == 2 and number % 97 != 4 else ""
    gone = ' gone="1"' if number % 100 == 8 else ""
    return (
        f"<Item{gone}><Sku>p{number}</Sku><Group>{group}</Group>{_texts(draw)}"
        f"<Colour>Col{draw.randint(0, 99)}</Colour>{picture}"
        f"<Weight>{draw.randint(1, 5000) / 100}</Weight><Pieces>{pieces}</Pieces>{link}</Item>"
    )


def _texts(draw: random.Random) -> str:
    number, long = draw.randint(0, 10**6), " x" * draw.randint(0, 60)
    return (
        f"<Name>Drill &amp; bit {number} {long}</Name><NameDe>Größer 中 {number}{long}</NameDe>"
        f'<Price cur="EUR">{draw.randint(1, 9999) / 100}</Price><Price cur="USD">9.5</Price>'
    )


def _has_picture(number: int) -> bool:
    return number % 10 in {1, 6}


def _picture(number: int, night: int) -> bytes:
    """Give the bytes of a picture: each night one in four differs, and is as before the next."""
    return b"\xff\xd8\xff" + f"{number} {night if number % 4 == night % 4 else 0}".encode() * 99
