"""The errors of this room, in words: what the PIM did, where, and what to do about it."""

from urllib.parse import urlsplit

from erp2pim.errors import AuthError, PimError, RefusalError
from erp2pim.pim.answers import clean, words
from erp2pim.pim.reply import Reply


def stopped(where: str) -> PimError:
    """Say that the run ends before this call was made."""
    return PimError("the run was stopped before this request was sent", where=where)


def worn_out(reply: Reply, *, attempts: int, where: str) -> PimError:
    """Say that trying again did not help."""
    return PimError(
        f"the PIM gave no usable answer in {attempts} {'try' if attempts == 1 else 'tries'};"
        f" the last one: {reply}",
        where=where,
        fix="see whether the PIM is up and reachable, then run the same command again",
    )


def given_up(seconds: float, *, where: str, reply: Reply | None = None) -> PimError:
    """Say that the run would wait for longer than it may."""
    last = "" if reply is None else f"; the last answer: {reply}"
    return PimError(
        f"the PIM gives no useful answer, and the run may wait for {seconds:g} s in all{last}",
        where=where,
        fix="see whether the PIM is up and reachable, then run the same command again; "
        "send.give_up_after_s says how long a run waits",
    )


def refusal(reply: Reply, *, where: str) -> PimError:
    """Say that the PIM, or something before it, does not take this kind of request.

    It is a `RefusalError` where the PIM itself says so: what stands before it tells nothing of
    what the connection may do.
    """
    if reply.location:
        return PimError(
            f"the PIM redirects (HTTP {reply.status}) to {_address(reply.location)}",
            where=where,
            fix="set pim.url to the address that answers without a redirect",
        )
    kind = RefusalError if words(reply.body) else PimError
    return kind(f"the PIM refused the request: {told(reply)}", where=where, fix=_fix(reply))


def unauthorised(where: str) -> AuthError:
    """Say that the PIM does not take the token that it has just given."""
    return AuthError(
        "the PIM refuses the token that it has just given (HTTP 401)",
        where=where,
        fix="see in the PIM's connection settings whether the connection is still enabled, and"
        " whether a proxy drops the Authorization header",
    )


def told(reply: Reply) -> str:
    """Give the status and the PIM's own words about it, if it has any."""
    said = words(reply.body)
    return f'{reply}, "{said}"' if said else str(reply)


def _fix(reply: Reply) -> str:
    match reply.status:
        case 403:
            return (
                "give the role of the connection's user the rights that the message names;"
                " without a message, a firewall before the PIM may refuse what is this large"
            )
        case 404:
            return "check pim.url: the PIM's own address, without /api/rest/v1"
        case _:
            return "see whether pim.url is the PIM's own address and no proxy changes the request"


def _address(location: str) -> str:
    """Give a redirect's target without user, password, query and fragment."""
    try:
        target = urlsplit(location)
    except ValueError:
        return "an address that cannot be read"
    host = target.netloc.rpartition("@")[2]
    return clean(f"{target.scheme}://{host}{target.path}" if host else target.path)
