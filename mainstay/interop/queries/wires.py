"""Where a partner listens, and with which certificates it is met."""

from __future__ import annotations

import ssl

from mainstay.foundation.sealing import unseal
from mainstay.interop.hl7.framing import Address
from mainstay.interop.models import RegistryConnection

PASSPHRASE = "interop.registry-key"


def address_of_registry(connection: RegistryConnection) -> Address:
    """Where a registry is reached. Raises `OSError` or `ssl.SSLError` for files that cannot be used."""
    return Address(connection.host, connection.port, _context(connection) if connection.uses_tls else None)


def problem_with_files(connection: RegistryConnection) -> str:
    """What keeps the certificates of a connection from being used, in one sentence; empty if nothing."""
    try:
        _context(connection)
    except ssl.SSLError:
        return "The certificate, its key and the passphrase do not belong together, or one of them is damaged."
    except OSError as trouble:
        return f"{trouble.filename or 'A file'} cannot be read on the server."
    return ""


def _context(connection: RegistryConnection) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=connection.ca_file or None)
    if connection.certificate_file:
        sealed = connection.sealed_passphrase
        secret = unseal(sealed, purpose=PASSPHRASE) if sealed else ""
        context.load_cert_chain(connection.certificate_file, connection.key_file or None, password=lambda: secret)
    return context
