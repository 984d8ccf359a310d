"""Signed versions: what a server with trusted keys serves, and what it refuses."""

import base64
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sklearn.linear_model import LinearRegression

from servery.artifact import LoadPolicy
from servery.errors import BadSettings, PublishingRefused
from servery.publishing import publish
from servery.repository import Repository, faults
from servery.settings import Settings
from servery.signing import SigningKey, TrustedKeys
from tests.conftest import output_here


def pem(private: Ed25519PrivateKey, path: Path) -> Path:
    data = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pem(Ed25519PrivateKey.generate(), tmp_path_factory.mktemp("keys") / "key.pem")


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """Return a model whose first version is signed, and whose second one is not."""
    root = tmp_path_factory.mktemp("published")
    X = np.arange(20.0).reshape(10, 2)
    for factor, sign in ((1.0, key), (2.0, None)):
        model = LinearRegression().fit(X, factor * X.sum(axis=1))
        publish(model, X, name="m", root=root, sign=sign)
    return root / "m"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def signed(root: Path, versions: Path) -> Path:
    """Return the folder of a version that is signed, alone in its repository."""
    shutil.copytree(versions / "1", root / "m" / "1")
    return root / "m" / "1"


@pytest.fixture
def unsigned(signed: Path) -> Path:
    (signed / "model.json.dsse").unlink()
    return signed


def trusting(*keys: Path) -> LoadPolicy:
    return LoadPolicy(
        trusted_keys=TrustedKeys.from_texts([SigningKey.read(key).public for key in keys])
    )


def complaint(root: Path, *keys: Path) -> str:
    """Return why the one version of a repository is not served."""
    repository = Repository(root, trusting(*keys))
    assert list(repository) == []
    [trouble] = repository.failures
    assert trouble.version is not None
    return str(trouble.error)


@pytest.mark.usefixtures("signed")
def test_a_signed_version_is_served(root: Path, tmp_path: Path, key: Path) -> None:
    other = pem(Ed25519PrivateKey.generate(), tmp_path / "other.pem")
    assert Repository(root, trusting(other, key)).get("m").version == "1"


@pytest.mark.usefixtures("unsigned")
def test_without_keys_a_version_needs_no_signature(root: Path) -> None:
    assert Repository(root).get("m").version == "1"


@pytest.mark.usefixtures("unsigned")
def test_a_version_that_is_not_signed_is_refused(root: Path, key: Path) -> None:
    assert "The version is not signed" in complaint(root, key)
    [trouble] = faults(root, trusting(key))
    assert "The version is not signed" in str(trouble.error)


@pytest.mark.usefixtures("signed")
def test_a_version_that_another_key_signed_is_refused(root: Path, tmp_path: Path) -> None:
    other = pem(Ed25519PrivateKey.generate(), tmp_path / "other.pem")
    assert "None of the keys" in complaint(root, other)


@pytest.mark.usefixtures("unsigned")
def test_a_command_signs_a_version_that_is_there(root: Path, key: Path) -> None:
    said = output_here("sign", "m@1", "--key", key, "--models", root)
    assert said == f"m: version 1 is signed by {SigningKey.read(key).public}\n"
    assert Repository(root, trusting(key)).get("m").version == "1"


def test_a_server_notices_that_a_version_was_signed(root: Path, unsigned: Path, key: Path) -> None:
    repository = Repository(root, trusting(key))
    assert list(repository) == []
    manifest = (unsigned / "model.json").read_bytes()
    envelope = SigningKey.read(key).envelope("m", "1", manifest)
    (unsigned / "model.json.dsse").write_bytes(envelope)
    repository.refresh()
    assert repository.get("m").version == "1"


def change_manifest(folder: Path) -> None:
    text = (folder / "model.json").read_text()
    (folder / "model.json").write_text(text.replace('"notes"', '"notes" ', 1))


def move_to_another_name(folder: Path) -> None:
    folder.parent.rename(folder.parent.parent / "n")


def move_to_another_version(folder: Path) -> None:
    folder.rename(folder.parent / "2")


@pytest.mark.parametrize("change", [change_manifest, move_to_another_name, move_to_another_version])
def test_a_signature_holds_for_one_version_as_it_is(
    root: Path, signed: Path, key: Path, change: Callable[[Path], None]
) -> None:
    change(signed)
    says = "signs another model, another version or another model.json"
    assert says in complaint(root, key)


@pytest.mark.parametrize("file", ["model.joblib", "plan.npz"])
def test_an_artifact_that_changed_is_refused(
    root: Path, signed: Path, versions: Path, key: Path, file: str
) -> None:
    shutil.copy(versions / "2" / file, signed / file)
    found = faults(root, trusting(key))
    assert any(f"{file} is not the file that was published" in str(each.error) for each in found)


def test_the_signature_of_another_version_does_not_hold(
    root: Path, signed: Path, versions: Path, key: Path
) -> None:
    shutil.copytree(versions / "2", root / "m" / "2")
    shutil.copy(signed / "model.json.dsse", root / "m" / "2" / "model.json.dsse")
    repository = Repository(root, trusting(key))
    assert repository.get("m").version == "1"
    [trouble] = repository.failures
    assert trouble.label == "m@2"


def reencoded(data: bytes, **changes: object) -> bytes:
    return json.dumps({**json.loads(data), **changes}).encode()


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: data[:0],
    "cut": lambda data: data[:-20],
    "deep": lambda data: data[:0] + b"[" * 10_000,
    "too large": lambda data: data.ljust(1 << 20),
    "no base64": lambda data: reencoded(data, payload="?"),
    "no signature": lambda data: reencoded(data, signatures=[]),
    "a short signature": lambda data: reencoded(data, signatures=[{"keyid": "", "sig": "AAAA"}]),
    "another type": lambda data: reencoded(data, payloadType="text/plain"),
    "another payload": lambda data: reencoded(data, payload=base64.b64encode(b"{}").decode()),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_statement_that_was_spoiled_is_refused(
    root: Path, signed: Path, key: Path, name: str
) -> None:
    envelope = signed / "model.json.dsse"
    envelope.write_bytes(SPOILED[name](envelope.read_bytes()))
    assert complaint(root, key)


def test_the_statement_is_an_envelope_that_others_can_verify(signed: Path, key: Path) -> None:
    envelope = json.loads((signed / "model.json.dsse").read_bytes())
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    pae = b" ".join([b"DSSEv1", b"%d" % len(kind), kind, b"%d" % len(payload), payload])
    [signature] = envelope["signatures"]
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(SigningKey.read(key).public))
    public.verify(base64.b64decode(signature["sig"]), pae)
    assert json.loads(payload)["name"] == "m"


def test_keys_are_read_from_files_of_openssl_and_openssh(tmp_path: Path) -> None:
    private = Ed25519PrivateKey.generate()
    own = SigningKey.read(pem(private, tmp_path / "key.pem")).public
    (tmp_path / "id").write_bytes(
        private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    )
    assert SigningKey.read(tmp_path / "id").public == own
    public = private.public_key()
    pem_file, ssh_file = tmp_path / "public.pem", tmp_path / "id.pub"
    pem_file.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    ssh_file.write_bytes(public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b" me\n")
    settings = Settings.from_env({"SERVERY_TRUSTED_KEYS": f"{pem_file}, {ssh_file},{own}"})
    trusted = LoadPolicy.from_settings(settings).trusted_keys
    assert trusted.keys == (base64.b64decode(own),) * 3


def test_what_is_no_key_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    of_other_kind = generate_private_key(SECP256R1())
    (tmp_path / "other").write_bytes(
        of_other_kind.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    for text, says in (
        (str(tmp_path / "nothing"), "neither a public key in base64 nor a file"),
        (str(tmp_path / "text"), "holds no public key"),
        (str(tmp_path / "other"), "another kind than Ed25519"),
    ):
        with pytest.raises(BadSettings, match=says):
            LoadPolicy.from_settings(replace(Settings(), trusted_keys=(text,)))


def test_what_cannot_sign_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    (tmp_path / "locked").write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")
        )
    )
    (tmp_path / "other").write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    for file, says in (
        ("nothing", "cannot be read"),
        ("text", "is not a private key"),
        ("locked", "without a passphrase"),
        ("other", "another kind; expected Ed25519"),
    ):
        with pytest.raises(PublishingRefused, match=says):
            publish(LinearRegression(), name="m", root=tmp_path / "models", sign=tmp_path / file)
    assert not (tmp_path / "models").exists()
