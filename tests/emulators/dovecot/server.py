"""Starts and stops a private Dovecot.

Dovecot refuses to serve mail as root, so where the tests run as root it is started as `nobody`; everywhere else it
runs as whoever runs the tests. Nothing of the system's own Dovecot configuration is read.
"""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
imap_capability = {capability}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = .
  mailbox Entwuerfe {{
    special_use = \\Drafts
    auto = create
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server with the users `anna` and `berta`. The certificate is its own authority."""

    folder: Path
    port: int
    tls_port: int
    process: subprocess.Popen[bytes]
    password: str = "not-a-real-password"

    @property
    def certificate(self) -> Path:
        """PEM of the server's certificate, for `localhost` and 127.0.0.1."""
        return self.folder / "cert.pem"

    def stop(self) -> None:
        """Ends the server and removes its folder."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(capability: str = "") -> Dovecot:
    """Starts a Dovecot; `capability` replaces what it says it can do. Raises RuntimeError with its log."""
    assert PROGRAM
    folder = Path(tempfile.mkdtemp(prefix="deskhand-dovecot-"))
    folder.chmod(0o755)
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwnam(getpass.getuser())
    group = grp.getgrgid(user.pw_gid)
    port, tls_port = _free_port(), _free_port()
    _certificate(folder)
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{Dovecot.password}\n" for name in ("anna", "berta")))
    values = {"folder": folder, "user": user.pw_name, "group": group.gr_name, "port": port, "tls_port": tls_port}
    (folder / "dovecot.conf").write_text(_CONFIG.format(**values, capability=capability))
    as_other: dict[str, object] = {}
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
        as_other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    command = [PROGRAM, "-F", "-c", str(folder / "dovecot.conf")]
    process = subprocess.Popen(
        command, cwd=folder, stderr=subprocess.STDOUT, stdout=(folder / "out").open("wb"), **as_other
    )  # type: ignore[call-overload]
    server = Dovecot(folder, port, tls_port, process)
    _wait_until_up(server)
    return server


def _wait_until_up(server: Dovecot) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and server.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 2) as connection:
                connection.settimeout(5)
                if connection.recv(100).startswith(b"* OK"):
                    return
        except OSError:
            time.sleep(0.05)
    said = "".join(p.read_text(errors="replace") for name in ("out", "log") if (p := server.folder / name).exists())
    server.stop()
    raise RuntimeError(f"Dovecot does not start: {said[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _certificate(folder: Path) -> None:
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, no_password = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, no_password))
