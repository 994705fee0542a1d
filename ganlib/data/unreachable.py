"""Why no connection to a server came about: its name, a proxy, a certificate, or nobody there."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from requests import RequestException


def why_unreachable(error: RequestException, url: str) -> str:
    """Say why no connection came about, and what to do.

    Args:
        error: what requests raised.
        url: the address that was asked for.

    Returns:
        What is wrong, in one line; empty if there was a connection, and it broke off.
    """
    from requests import exceptions

    causes = list(_causes(error))
    asked = getattr(error.request, "url", None) or url
    host = urlsplit(asked).hostname
    if isinstance(error, exceptions.ProxyError | exceptions.InvalidProxyURL):
        return (
            f"the proxy {_proxy(asked)} cannot be used ({_reason(causes)}); check or unset the "
            "environment variables HTTP_PROXY, HTTPS_PROXY and ALL_PROXY"
        )
    if isinstance(error, exceptions.SSLError):
        return _insecure(host, causes)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return (
            f"the name {host} cannot be resolved; check the connection to the network, and the "
            "address for a slip"
        )
    if isinstance(error, exceptions.ConnectTimeout) or _was_refused(causes):
        return f"{host} cannot be reached ({_reason(causes)}); check the network, or try later"
    if isinstance(error, exceptions.InvalidURL | exceptions.TooManyRedirects):
        return f"{error}; check the address"
    return ""


def is_hopeless(error: RequestException) -> bool:
    """Whether another try would end in the same way: a certificate, an address, a proxy's name."""
    from requests import exceptions

    return isinstance(
        error,
        exceptions.SSLError
        | exceptions.InvalidURL
        | exceptions.InvalidProxyURL
        | exceptions.TooManyRedirects,
    )


def _insecure(host: str | None, causes: list[BaseException]) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message.rstrip(".")
            return (
                f"the certificate of {host} is not valid ({why}); check the date of this computer; "
                "where a company looks into the traffic, "
                "REQUESTS_CA_BUNDLE must name its certificates"
            )
    return f"no secure connection to {host} ({_reason(causes)}); check the address"


def _was_refused(causes: list[BaseException]) -> bool:
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    return any(isinstance(cause, NewConnectionError | ConnectTimeoutError) for cause in causes)


def _proxy(url: str) -> str:
    """The proxy that the environment names for an address, without a password."""
    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(url, get_environ_proxies(url)) or "of the environment"
    return f"{proxy.partition('//')[0]}//{proxy.rpartition('@')[2]}" if "@" in proxy else proxy


def _reason(causes: list[BaseException]) -> str:
    """What the system said, or the innermost of the errors."""
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return (cause.reason or str(cause)).replace("_", " ").lower()
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, TimeoutError):
            return cause.strerror
    timed_out = any("Timeout" in type(cause).__name__ for cause in causes)
    return "no answer in time" if timed_out else str(causes[-1])


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that led to it; requests and urllib3 keep these in several places."""
    waiting, seen = [error], set()
    while waiting:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        inner = (found.__cause__, found.__context__, getattr(found, "reason", None), *found.args)
        waiting += [cause for cause in inner if isinstance(cause, BaseException)]
