"""What is said when something else answers where the ERP should."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest
from loopback import HttpServer

from connectors.tryton.rpc import TrytonRpc
from workitems.errors import TryLater


class Proxy(BaseHTTPRequestHandler):
    """Says to everything, with status 200, that the server behind it is away."""

    said, encoding = b"<html>Down for maintenance</html>", "identity"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Encoding", self.encoding)
        self.send_header("Content-Length", str(len(self.said)))
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Listing(Proxy):
    """Answers with JSON, but of another kind."""

    said = b"[]"


class Garbled(Proxy):
    """Claims to have packed what it sends."""

    encoding = "gzip"


@pytest.mark.parametrize("answering", [Proxy, Listing, Garbled])
def test_whatever_else_answers_the_erp_counts_as_away(answering: type[Proxy]) -> None:
    with HttpServer(answering) as server:
        rpc = TrytonRpc(server.url, "demo", "reader", "secret")
        with pytest.raises(TryLater) as error:
            rpc.read("party.party", [], ["name"])
        assert error.value.code == "erp_away"
        rpc.close()
