"""Signed versions: keys and a version folder in, a signed statement or a refusal out.

The statement names the model, its version and the SHA-256 of ``model.json``, which in turn has the
SHA-256 of each artifact. It is wrapped as a DSSE envelope (github.com/secure-systems-lab/dsse) with
an Ed25519 signature. This room never opens a model.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from servery.errors import BadSettings, PublishingRefused, VersionUntrusted
from servery.guarded import FileMissing, FileRefused, read_file
from servery.layout import ENVELOPE, MOST_BYTES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PAYLOAD_TYPE = "application/vnd.servery.version+json"
INSTALL = 'cryptography is not installed here: pip install "servery[signing]".'
KEY_BYTES = 32
#: Limit of a key file, which holds one key and optionally a comment.
MOST_KEY_BYTES = 64 << 10


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed: that these bytes of ``model.json`` are this version of this model."""

    name: str
    version: str
    manifest_sha256: str


class _Signature(msgspec.Struct, frozen=True, kw_only=True):
    keyid: str
    sig: str


class _Envelope(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    payload_type: str
    payload: str
    signatures: list[_Signature]


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """The Ed25519 public keys whose versions are served; without any, every version is."""

    keys: tuple[bytes, ...] = ()

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> "TrustedKeys":
        """Read public keys, each the name of a file or a key in base64.

        Raises
        ------
        BadSettings
            One of them is neither, or cryptography is not installed.
        """
        if texts:
            _require_cryptography()
        return cls(tuple(map(_public_key, texts)))

    def require_signed(self, folder: Path, version: str, manifest: bytes) -> None:
        """Refuse a version of a model folder unless one of the keys signed it as it is.

        Parameters
        ----------
        manifest
            The bytes of its ``model.json``.

        Raises
        ------
        VersionUntrusted
            Says what is wrong with its signature.
        """
        if not self.keys:
            return
        expected = statement_on(folder.name, version, manifest)
        if self._signed_statement(folder, version) != expected:
            raise VersionUntrusted(
                f"{ENVELOPE} signs another model, another version or another model.json; publish "
                "the version again, or sign it as it is now."
            )

    def _signed_statement(self, folder: Path, version: str) -> Statement:
        names = [folder.name, version, ENVELOPE]
        try:
            data = read_file(folder.parent, names, MOST_BYTES[ENVELOPE])
        except FileMissing as error:
            raise VersionUntrusted(
                f"The version is not signed, and SERVERY_TRUSTED_KEYS asks for it: {error}"
            ) from error
        except FileRefused as error:
            raise VersionUntrusted(str(error)) from error
        try:
            envelope = msgspec.json.decode(data, type=_Envelope)
            payload = base64.b64decode(envelope.payload, validate=True)
            signatures = [base64.b64decode(each.sig, validate=True) for each in envelope.signatures]
        except ValueError as error:  # of msgspec and of base64
            raise VersionUntrusted(f"{ENVELOPE} is not a signed statement: {error}.") from error
        signed = _signed_bytes(envelope.payload_type, payload)
        is_signed = any(
            _is_signature(key, each, signed) for key in self.keys for each in signatures
        )
        if envelope.payload_type != PAYLOAD_TYPE or not is_signed:
            raise VersionUntrusted("None of the keys of SERVERY_TRUSTED_KEYS signed the version.")
        return _statement(payload)


class SigningKey:
    """An Ed25519 private key, which signs what is published."""

    def __init__(self, private: "Ed25519PrivateKey") -> None:
        self._private = private

    @classmethod
    def read(cls, path: Path) -> "SigningKey":
        """Read a key file: PKCS#8 in PEM as OpenSSL writes it, or OpenSSH's own format.

        Raises
        ------
        PublishingRefused
            There is no such key in the file, or cryptography is not installed.
        """
        try:
            from cryptography.exceptions import UnsupportedAlgorithm
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
            from cryptography.hazmat.primitives.serialization import (
                load_pem_private_key,
                load_ssh_private_key,
            )
        except ImportError as error:
            raise PublishingRefused(INSTALL) from error
        try:
            data = path.read_bytes()
            load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in data else load_pem_private_key
            private = load(data, password=None)
        except OSError as error:
            raise PublishingRefused(f"{path} cannot be read: {error.strerror}.") from error
        except (TypeError, ValueError, UnsupportedAlgorithm) as error:
            raise PublishingRefused(
                f"{path} is not a private key without a passphrase: {error}"
            ) from error
        if not isinstance(private, Ed25519PrivateKey):
            raise PublishingRefused(f"{path} holds a key of another kind; expected Ed25519.")
        return cls(private)

    @property
    def public(self) -> str:
        """The public key in base64, as `SERVERY_TRUSTED_KEYS` takes it."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def envelope(self, name: str, version: str, manifest: bytes) -> bytes:
        """Return the signed statement on a version, as a file of its folder."""
        payload = msgspec.json.encode(statement_on(name, version, manifest))
        signature = self._private.sign(_signed_bytes(PAYLOAD_TYPE, payload))
        return msgspec.json.encode(
            _Envelope(
                payload_type=PAYLOAD_TYPE,
                payload=base64.b64encode(payload).decode(),
                signatures=[
                    _Signature(keyid=self.public, sig=base64.b64encode(signature).decode())
                ],
            )
        )


def statement_on(name: str, version: str, manifest: bytes) -> Statement:
    """Return what is signed of a version."""
    return Statement(
        name=name, version=version, manifest_sha256=hashlib.sha256(manifest).hexdigest()
    )


def _statement(payload: bytes) -> Statement:
    try:
        return msgspec.json.decode(payload, type=Statement)
    except msgspec.DecodeError as error:
        raise VersionUntrusted(f"{ENVELOPE} signs something else: {error}.") from error


def _signed_bytes(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that DSSE signs: the type and the payload, each with its length."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _is_signature(key: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _require_cryptography() -> None:
    try:
        import cryptography  # noqa: F401 - whether it is there
    except ImportError as error:
        raise BadSettings(f"SERVERY_TRUSTED_KEYS: {INSTALL}") from error


def _public_key(text: str) -> bytes:
    """Return the 32 bytes of a public key."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    return raw if len(raw) == KEY_BYTES else _key_of_file(Path(text))


def _key_of_file(path: Path) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import (
        load_pem_public_key,
        load_ssh_public_key,
    )

    try:
        with path.open("rb") as file:
            data = file.read(MOST_KEY_BYTES)
        load = load_ssh_public_key if data.startswith(b"ssh-") else load_pem_public_key
        key = load(data)
    except OSError as error:
        raise BadSettings(
            f"SERVERY_TRUSTED_KEYS names {str(path)!r}, which is neither a public key in base64 "
            f"nor a file that can be read: {error.strerror}."
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadSettings(f"SERVERY_TRUSTED_KEYS: {path} holds no public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadSettings(f"SERVERY_TRUSTED_KEYS: {path} holds a key of another kind than Ed25519.")
    return key.public_bytes_raw()
