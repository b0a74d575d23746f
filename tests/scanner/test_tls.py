"""A service with a certificate of its own making, as `make run` with HTTPS=1 has."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.scanner.cards import Order
from tests.scanner.conftest import Command
from tests.scanner.service import CODE, serving


def certificate_of(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hournote test")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(address, critical=False).add_extension(x509.BasicConstraints(True, None), critical=True)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + secret)
    return path


def test_a_certificate_must_be_trusted(tmp_path: Path, order: Order, command: Command) -> None:
    path = certificate_of(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with serving(order, context) as service:
        link = f"{service.url}/desk/enrol#{CODE}"
        refused, trusted = command("enrol", link), command("enrol", link, SSL_CERT_FILE=str(path))
    assert (refused.returncode, "SSL_CERT_FILE" in refused.stderr) == (1, True)
    assert (trusted.returncode, trusted.stderr) == (0, "")
