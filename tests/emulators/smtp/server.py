"""An SMTP server on 127.0.0.1: STARTTLS, AUTH PLAIN, and the ways in which servers fail."""

from __future__ import annotations

import base64
import socketserver
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Literal, cast

Disaster = Literal["later", "never", "cut before data", "cut after data", "no more mails"]
"""later, never: the recipient is refused with 451 or 550. cut after data: the mail is taken, its answer is lost."""


class SmtpServer:
    """Start it with `with`. `mails` are what it took: recipient and bytes."""

    login, password = "hr-desk", "not-a-real-password"

    def __init__(self, folder: Path, offers_tls: bool = True) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.commands: list[str] = []
        self.disasters: list[Disaster] = []
        self.offers_tls, self.secure_logins = offers_tls, True
        self.certificate, key = folder / "cert.pem", folder / "key.pem"
        names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
        files = ("-keyout", str(key), "-out", str(self.certificate))
        subprocess.run(["openssl", "req", "-x509", *made, *files, *names], check=True, capture_output=True)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(self.certificate, key)
        self._server = _Threads(("127.0.0.1", 0), _Conversation)
        self._server.smtp = self

    def __enter__(self) -> SmtpServer:
        threading.Thread(target=lambda: self._server.serve_forever(poll_interval=0.02), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def fails(self, disaster: Disaster) -> bool:
        """Whether this happens now; it happens once."""
        if self.disasters[:1] == [disaster]:
            self.disasters.pop(0)
            return True
        return False


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True
    smtp: SmtpServer


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.smtp = cast(_Threads, self.server).smtp
        self.secure = self.known = False
        self.to = ""
        self.say("220 ready")
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            self.smtp.commands.append(line.split(" ")[0].upper())
            if not self.answer(line):
                return

    def say(self, text: str) -> bool:
        self.wfile.write(f"{text}\r\n".encode())
        return True

    def answer(self, line: str) -> bool:
        command = line.split(":")[0].upper()
        if command.startswith("EHLO"):
            tls = "STARTTLS" if self.smtp.offers_tls and not self.secure else "SIZE 1000000"
            return self.say(f"250-localhost\r\n250-{tls}\r\n250 AUTH PLAIN")
        if command == "STARTTLS":
            self.say("220 go on")
            self.connection = self.smtp.context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
            self.secure = True
            return True
        if command.startswith("AUTH PLAIN"):
            self.smtp.secure_logins &= self.secure
            given = base64.b64decode(line.split(" ")[2]).decode().split("\0")[1:]
            self.known = given == [self.smtp.login, self.smtp.password]
            return self.say("235 welcome" if self.known else "535 no")
        if command.startswith("MAIL FROM"):
            return self.say("250 ok" if self.known else "530 log in first")
        if command.startswith("RCPT TO"):
            self.to = line.partition("<")[2].partition(">")[0]
            refusal = (
                "451 later" if self.smtp.fails("later") else "550 no such <user>" if self.smtp.fails("never") else ""
            )
            return self.say(refusal or "250 ok")
        if command == "DATA":
            return self.take()
        if command == "QUIT":
            self.say("221 bye")
            return False
        return self.say("250 ok")

    def take(self) -> bool:
        if self.smtp.fails("cut before data"):
            return False
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.smtp.fails("no more mails"):
            return self.say("452 full")
        self.smtp.mails.append((self.to, b"".join(lines)))
        return False if self.smtp.fails("cut after data") else self.say("250 taken")
