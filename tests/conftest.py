"""What every test may rely on: quiet engines, fixed seeds, no window, no network."""

import ipaddress
import os
import random
import socket
import sys
import tempfile

# Before anything imports an engine. KERAS_BACKEND, when set, is respected; KERAS_HOME keeps a
# person's own ~/.keras/keras.json out of the tests.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("KERAS_HOME", tempfile.mkdtemp(prefix="keras-home-"))
os.environ.pop("GANLIB_DATA", None)

import numpy as np  # noqa: E402
import pytest  # noqa: E402

real_connect = socket.socket.connect
network_is_allowed = False


class NetworkBlocked(RuntimeError):
    """A test without the marker `network` tried to leave this machine."""


def is_loopback(host: str) -> bool:
    """True for localhost and for the loopback addresses of IPv4 and IPv6."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def guarded_connect(self: socket.socket, address) -> None:
    """Connect within this machine; refuse everything else unless the test is marked `network`."""
    inside = self.family not in (socket.AF_INET, socket.AF_INET6) or is_loopback(address[0])
    if not (inside or network_is_allowed):
        raise NetworkBlocked(f"{address} is outside this machine; mark the test `network`")
    real_connect(self, address)


socket.socket.connect = guarded_connect  # type: ignore[method-assign]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--network", action="store_true", help="run the tests marked `network` too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--network"):
        for item in items:
            if item.get_closest_marker("network"):
                item.add_marker(pytest.mark.skip(reason="reaches the network; run with --network"))


@pytest.fixture(autouse=True)
def network_only_where_marked(request):
    """Lift the guard for a test marked `network`, and for no other."""
    global network_is_allowed
    network_is_allowed = request.node.get_closest_marker("network") is not None
    yield
    network_is_allowed = False


@pytest.fixture(autouse=True)
def fixed_seeds():
    """Seed every generator there is; restore what a test may leave behind in Keras."""
    random.seed(0)
    np.random.seed(0)
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.set_random_seed(0)
        policy = keras.config.dtype_policy()
    yield
    if keras is not None:
        keras.config.set_dtype_policy(policy)
    figures = sys.modules.get("matplotlib.pyplot")
    if figures is not None:
        figures.close("all")
