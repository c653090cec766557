"""Media files: uploaded with a product or model."""

import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from typing import Final

from erp2pim.sandbox.php import Json, Object, is_object
from erp2pim.sandbox.refusal import Refusal
from erp2pim.sandbox.store import Entity, Store

# What the first bytes of a file say about its type, as libmagic reads them.
MAGIC: Final[Mapping[bytes, str]] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
    b"RIFF": "image/webp",
    b"PK\x03\x04": "application/zip",
}
# What a file with an extension may be; a type that isn't here is not checked.
MIME_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "gif": ("image/gif",),
    "pdf": ("application/pdf",),
    "txt": ("text/plain",),
}
LONGEST_NAME: Final = 100
MEGABYTE: Final = 1_000_000
TARGETS: Final[Mapping[str, tuple[str, str]]] = {
    "product": ("identifier", "Product"),
    "product_model": ("code", "Product model"),
}
BOTH: Final = 'You should give either a "product" or a "product_model" key.'
NEITHER: Final = (
    'You should at least give one of the following properties: "product" or "product_model".'
)


def find_target(store: Store, part: str, target: Json) -> Entity:
    """Find the product or model that an upload is for."""
    key, label = TARGETS[part]
    keys: Object = target if is_object(target) else {}
    filled = keys.get(key) is not None and keys.get("attribute") is not None
    if not filled or not {"locale", "scope"} <= set(keys):
        raise Refusal(
            422,
            f'{label} property must contain "{key}", "attribute", "locale" and "scope" properties.',
        )
    entity = store.product(keys[key]) if part == "product" else store.model(keys[key])
    if entity is None:
        raise Refusal(422, f'{label} "{keys[key]}" does not exist.')
    return entity


def record(name: str, content: bytes) -> Object:
    """Make the file's record; its code is new each time, also for the same content."""
    sha1 = hashlib.sha1(f"{name}{time.time_ns()}".encode(), usedforsecurity=False).hexdigest()
    _, _, extension = name.rpartition(".")
    plain = re.sub(rb"[^A-Za-z0-9.]", b"_", name.encode()).decode()
    if len(plain) > LONGEST_NAME:
        plain = f"{plain[: LONGEST_NAME - 5]}.{extension}"
    return {
        "code": "/".join([*sha1[:4], f"{sha1}_{plain}"]),
        "original_filename": name,
        "mime_type": mime_type(content),
        "size": len(content),
        "extension": extension,
        "content": content,
    }


def mime_type(content: bytes) -> str:
    """Tell a file's type by its first bytes."""
    if not content:
        return "application/x-empty"
    for start, kind in MAGIC.items():
        if content.startswith(start):
            return kind
    try:
        content.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain"


def faults(attribute: Object, file: Mapping[str, Json]) -> Iterator[str]:
    """Say what an attribute has against a file."""
    code, extension = attribute["code"], file["extension"].lower()
    limit, allowed = attribute.get("max_file_size"), attribute.get("allowed_extensions")
    if limit and file["size"] > float(limit) * MEGABYTE:
        size = round(file["size"] / MEGABYTE, 2)
        yield (
            f"The file {file['original_filename']} is too large ({size:g} MB). "
            f"The {code} attribute can not exceed {float(limit):g} MB."
        )
    if not allowed:
        return
    if extension not in allowed:
        yield (
            f"The {extension} file extension is not allowed for the {code} attribute. "
            f"Allowed extensions are {', '.join(allowed)}."
        )
    types = MIME_TYPES.get(extension, (file["mime_type"],))
    if file["mime_type"] not in types:
        yield (
            f"The MIME type is not allowed for {extension} "
            f"(allowed types: {', '.join(types)}, found {file['mime_type']})."
        )
