"""Data sets: real data when it is on the machine, otherwise an offline default of the same task.

`load(name)` never touches the network; `fetch(name)` downloads, from a pinned address and checked.
"""

from .fetching import fetch
from .loading import Data, load
from .locating import verify
from .registry import names

__all__ = ["Data", "fetch", "load", "names", "verify"]
