"""The host names that this server answers to, as a protection against DNS rebinding.

DNS rebinding: the owner of evil.example makes that name resolve to this server, so that its pages
have the same origin. Their requests still carry ``Host: evil.example``: no page can change that.
"""

import ipaddress
import socket

from servery.settings import Settings, host_and_port

#: Allowed values of the header that are remembered as they came; with an address allowed, its
#: spellings by port are many.
MOST_REMEMBERED = 1_000


class HostAllowlist:
    """Decides by the ``Host`` header whether a request is for this server.

    Parameters
    ----------
    bound
        The address that the server listens on. On a loopback address only loopback names are
        allowed. On any other one, so are all addresses and all names without a dot, such as that of
        a container: nobody can register one and have it point here.
    listed
        Names that are allowed beyond that. ``*.example.org`` allows each name below, ``*`` any.
    machine
        The name of this machine.

    Attributes
    ----------
    remembered
        Headers that were allowed before, as they came.
    """

    def __init__(self, bound: str, listed: tuple[str, ...], machine: str) -> None:
        loopback = {"localhost", "127.0.0.1", "[::1]"}
        bound = bound.strip("[]").lower()
        self._is_any = "*" in listed
        self._is_open = not (bound == "localhost" or _is_loopback(bound))
        self._names = loopback | {bound, f"[{bound}]", *listed}
        if self._is_open:
            self._names.add(machine.lower())
        self._suffixes = tuple(name[1:] for name in listed if name.startswith("*."))
        self.remembered: set[str] = set()

    @classmethod
    def from_settings(cls, settings: Settings) -> "HostAllowlist":
        """Return the list of a server that runs with these settings on this machine."""
        return cls(settings.host, settings.hosts, socket.gethostname())

    def allows(self, header: str) -> bool:
        """Return whether a ``Host`` header names this server, whatever its port and case."""
        if self._is_any or header in self.remembered:
            return True
        found = host_and_port(header)
        if found is None or not self._is_allowed(found[0]):
            return False
        if len(self.remembered) < MOST_REMEMBERED:
            self.remembered.add(header)
        return True

    def _is_allowed(self, name: str) -> bool:
        if name in self._names or name.endswith(self._suffixes):
            return True
        return self._is_open and ("." not in name or _address(name) is not None)


def _is_loopback(name: str) -> bool:
    address = _address(name)
    return address is not None and address.is_loopback


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None
