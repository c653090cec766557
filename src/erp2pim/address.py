"""The PIM's address, which people write in several ways."""

from urllib.parse import SplitResult, urlsplit

_USUAL_PORTS = {"http": ":80", "https": ":443"}


def address_of(url: str) -> SplitResult | None:
    """Cut an address into its parts; None for one that cannot be read."""
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError:
        return None
    return None if port == 0 else address


def spelled_once(url: str) -> str:
    """Give the one spelling of an address.

    Scheme and host are lower case, no slash ends it, and a port that goes without saying is left
    out (RFC 3986, 6.2.2.1 and 6.2.3). What is no address stays as it is.
    """
    address = address_of(url)
    if address is None or not address.hostname:
        return url
    port = _USUAL_PORTS.get(address.scheme, ":")
    place = address.netloc.lower().removesuffix(port).removesuffix(":")
    return address._replace(netloc=place, path=address.path.rstrip("/")).geturl()
