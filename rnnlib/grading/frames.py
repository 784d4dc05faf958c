"""Messages over a socket: four bytes of length, then JSON; limits on size and on time."""

import json
import socket
import struct
import time

TICK = 0.1  # seconds between two looks at the clock


class Gone(Exception):
    """The other side has ended."""


class TooMuch(Exception):
    """The other side sends more than is allowed."""


class TooLate(Exception):
    """The other side does not answer in time."""


def send(channel, message, seconds=10.0):
    """Send one message within so many seconds; raises Gone or TooLate."""
    data = json.dumps(message).encode()
    try:
        channel.settimeout(seconds)
        channel.sendall(struct.pack(">I", len(data)) + data)
    except TimeoutError:
        raise TooLate from None
    except OSError:
        raise Gone from None


def receive(channel, most=2**31, seconds=None, watch=None):
    """The next message of at most so many bytes, within so many seconds.

    `watch` is called at every tick of the clock; what it raises ends the wait. Raises Gone, TooMuch
    or TooLate, and ValueError for what is not JSON.
    """
    until = None if seconds is None else time.monotonic() + seconds
    size, = struct.unpack(">I", exactly(channel, 4, until, watch))
    if size > most:
        raise TooMuch
    return json.loads(exactly(channel, size, until, watch))


def exactly(channel, count, until, watch):
    """So many bytes from the channel."""
    found = bytearray()
    while len(found) < count:
        if until is not None and time.monotonic() > until:
            raise TooLate
        try:
            channel.settimeout(TICK)
            part = channel.recv(min(count - len(found), 2**20))
        except TimeoutError:
            watch and watch()
            continue
        except OSError:
            part = b""
        if not part:
            raise Gone
        found += part
    return bytes(found)


def pair():
    """Two ends of a channel."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
