"""A self-signed certificate for the local network, because a phone's camera needs HTTPS."""

import os
import socket
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFE = timedelta(days=397)


def self_signed(folder: Path, now: datetime) -> tuple[Path, Path]:
    """The certificate and the key in `folder`, made anew when there is none or it has run out."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not _is_good(certificate, now) or not key.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private = ec.generate_private_key(ec.SECP256R1())
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        _write(key, private.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        _write(certificate, _certificate(private, now).public_bytes(pem))
    return certificate, key


def local_addresses() -> list[str]:
    """The addresses of this machine that others on the local network can reach it by."""
    found = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only chooses the way out (RFC 5737 address)
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(address for address in found if not ip_address(address).is_loopback)


def _certificate(private: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hournote on the local network")])
    addresses = [IPv4Address("127.0.0.1"), *(ip_address(each) for each in local_addresses())]
    names = [x509.DNSName("localhost"), x509.DNSName(socket.gethostname()), *map(x509.IPAddress, addresses)]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(private, hashes.SHA256())
    )


def _is_good(certificate: Path, now: datetime) -> bool:
    try:
        return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc > now
    except (OSError, ValueError):
        return False


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
