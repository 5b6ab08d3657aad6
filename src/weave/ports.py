"""Where to serve: a port that is taken is told in a sentence, with one that is free."""

from __future__ import annotations

import socket

from .errors import WeaveError

NEXT = 100  # ports to look at


def demand(host: str, port: int) -> None:
    """Raise WeaveError if nothing can listen there, naming the next port where something can."""
    reason = refusal(host, port)
    if not reason:
        return
    others = range(port + 1, min(port + NEXT, 65535) + 1)
    free = next((other for other in others if not refusal(host, other)), None)
    hint = f"; {host}:{free} is free" if free else ""
    raise WeaveError(f"cannot serve on {host}:{port}: {reason}{hint}")


def refusal(host: str, port: int) -> str:
    """Return why nothing can listen there; nothing if it can."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""
