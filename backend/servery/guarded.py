"""The only way to read a file of a model repository: a root and names in, checked bytes out.

Untrusted people may write to the folder. A file is read only if it is below the root after all
links are followed, is a regular file and is within the size limit of its kind. The path is walked
one name at a time. Each name is opened relative to the open folder before it, and never through a
link, so that nothing can change between check and use. Writing follows the same rules.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

#: More links than this on one path count as a cycle; Linux has the same limit.
MOST_LINKS = 40
#: A folder with more entries is refused.
MOST_ENTRIES = 100_000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a pipe would wait for its writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FileRefused(Exception):
    """A file that is refused; the text is a sentence that starts with its name."""


class FileMissing(FileRefused):
    """The file does not exist."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Enough to notice that a file has changed."""

    modified_ns: int
    size_bytes: int


def is_plain_name(name: str) -> bool:
    """Return whether a text is a plain name of a visible file, and not a path."""
    return (
        0 < len(name) <= 255
        and name[0] != "."
        and not any(each in "/\\" or not each.isprintable() for each in name)
    )


@contextmanager
def opened_file(root: Path, names: Sequence[str]) -> Iterator[int]:
    """Open a regular file, follow its links below the root, and close it.

    Raises
    ------
    FileMissing, FileRefused
        As `read_file` does.
    """
    with _Walk(root) as walk, _translated(names[-1]):
        name = walk.to(names)
        if name is None:
            raise FileRefused(f"{names[-1]} is a folder; expected a file.")
        descriptor = os.open(name, _FILE, dir_fd=walk.folder)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileRefused(f"{names[-1]} is not a regular file; put the file itself there.")
            yield descriptor
        finally:
            os.close(descriptor)


def read_file(root: Path, names: Sequence[str], most_bytes: int) -> bytes:
    """Return the bytes of a file below a root.

    Parameters
    ----------
    names
        The folders below the root and the file, one name each.
    most_bytes
        A larger file is refused before it is read.

    Raises
    ------
    FileMissing, FileRefused
        Says what is wrong with the file, and what to do.
    """
    with opened_file(root, names) as descriptor:
        size = os.fstat(descriptor).st_size
        if size > most_bytes:
            raise FileRefused(
                f"{names[-1]} is too large: expected at most {most_bytes:,} bytes, found {size:,}."
            )
        return read_whole(descriptor, size, names[-1])


def file_facts(root: Path, names: Sequence[str]) -> FileFacts:
    """Return the modification time and size of a file.

    Raises
    ------
    FileMissing, FileRefused
        As `read_file` does.
    """
    with opened_file(root, names) as descriptor:
        facts = os.fstat(descriptor)
    return FileFacts(facts.st_mtime_ns, facts.st_size)


def is_file(root: Path, names: Sequence[str]) -> bool:
    """Return whether `read_file` would read this file, apart from its size."""
    try:
        file_facts(root, names)
    except FileRefused:
        return False
    return True


def names_in(root: Path, names: Sequence[str] = ()) -> list[str]:
    """Return the sorted names of the entries of a folder below a root.

    Raises
    ------
    FileMissing, FileRefused
        The folder is missing, is not a folder, or is outside the root.
    """
    found = []
    with _opened_folder(root, names) as descriptor, os.scandir(descriptor) as entries:
        for entry in entries:
            found.append(entry.name)
            if len(found) > MOST_ENTRIES:
                raise FileRefused(f"{_last(root, names)} has more than {MOST_ENTRIES:,} entries.")
    return sorted(found)


def replace_file(root: Path, names: Sequence[str], data: bytes) -> None:
    """Write a file below a root in one step; a link of that name is replaced, not followed.

    Raises
    ------
    FileRefused
        Its folder is outside the root, or is not writable.
    """
    *folder, name = names
    draft = f".{name}-{secrets.token_hex(8)}"
    with _opened_folder(root, folder) as descriptor, _translated(name):
        try:
            _write_new(descriptor, draft, data)
            os.rename(draft, name, src_dir_fd=descriptor, dst_dir_fd=descriptor)
        except OSError:
            _remove(descriptor, draft)
            raise


def make_folder(root: Path, name: str) -> None:
    """Create a folder directly below a root, and the root, unless they exist.

    Raises
    ------
    FileRefused
        Something else has that name, such as a link that leads out of the root.
    """
    with _translated(name):
        root.mkdir(parents=True, exist_ok=True)
        with _opened_folder(root, ()) as descriptor, suppress(FileExistsError):
            os.mkdir(name, dir_fd=descriptor)
    with _opened_folder(root, [name]):
        return


def add_folder(root: Path, names: Sequence[str], files: Mapping[str, bytes | int]) -> None:
    """Write a folder of files next to its final place, then move it there in one step.

    Parameters
    ----------
    files
        The content of each: bytes, or an open descriptor of a file to copy.

    Raises
    ------
    FileExistsError
        The folder exists already.
    FileRefused
        Its parent folder is outside the root, or is not writable.
    """
    *around, name = names
    draft = f".{name}-{secrets.token_hex(8)}"
    with _opened_folder(root, around) as parent, _translated(name):
        os.mkdir(draft, dir_fd=parent)
        folder = os.open(draft, _FOLDER, dir_fd=parent)
        try:
            for file, data in files.items():
                _write_new(folder, file, data)
            try:
                os.rename(draft, name, src_dir_fd=parent, dst_dir_fd=parent)
            except OSError as error:
                if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                    raise FileExistsError(name) from error
                raise
        except OSError:
            for file in files:
                _remove(folder, file)
            os.rmdir(draft, dir_fd=parent)
            raise
        finally:
            os.close(folder)


@contextmanager
def _opened_folder(root: Path, names: Sequence[str]) -> Iterator[int]:
    with _Walk(root) as walk, _translated(_last(root, names)):
        if walk.to(names) is not None:
            raise FileRefused(f"{_last(root, names)} is not a folder.")
        yield walk.folder


def _last(root: Path, names: Sequence[str]) -> str:
    return names[-1] if names else str(root)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Turn errors of the operating system into sentences."""
    try:
        yield
    except FileExistsError:
        raise
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileMissing(f"{name} is missing.") from error
    except OSError as error:
        # ELOOP: the plain name was replaced by a link.
        raise FileRefused(f"{name} cannot be used: {error.strerror}.") from error


class _Walk:
    """Walks from a root to a file, with an open descriptor for each folder on the way.

    ``..`` in a link goes back to the previous descriptor and never asks the kernel again, so that
    a folder that is moved during the walk leads nowhere else.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: list[int] = []

    def __enter__(self) -> "_Walk":
        name = str(self._root)
        with _translated(name):
            # The administrator names the root, so it may be a link.
            self._folders.append(os.open(name, _FOLDER & ~os.O_NOFOLLOW))
        return self

    def __exit__(self, *_: object) -> None:
        while self._folders:
            os.close(self._folders.pop())

    @property
    def folder(self) -> int:
        """The descriptor of the current folder."""
        return self._folders[-1]

    def to(self, names: Sequence[str]) -> str | None:
        """Walk to a path; return the file's name within `folder`, or None for a folder."""
        shown = _last(self._root, names)
        if any(not name or "/" in name or "\0" in name or name in (".", "..") for name in names):
            raise FileRefused(f"{shown!r} is not a plain file name.")
        links = 0
        ahead = list(reversed(names))
        while ahead:
            name = ahead.pop()
            if name == "..":
                self._go_up(shown)
                continue
            mode = os.stat(name, dir_fd=self.folder, follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                links += 1
                if links > MOST_LINKS:
                    raise FileRefused(f"{shown} is a cycle of links.")
                ahead += reversed(self._target(name, shown))
            elif stat.S_ISDIR(mode):
                self._folders.append(os.open(name, _FOLDER, dir_fd=self.folder))
            elif ahead:
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            elif stat.S_ISREG(mode):
                return name
            else:  # opening a device may trigger it
                raise FileRefused(f"{shown} is not a regular file; put the file itself there.")
        return None

    def _go_up(self, shown: str) -> None:
        if len(self._folders) == 1:
            raise _leads_out(shown)
        os.close(self._folders.pop())

    def _target(self, name: str, shown: str) -> list[str]:
        """Return the target of a link as names from here; absolute links start at the root."""
        target = os.readlink(name, dir_fd=self.folder)
        if target.startswith("/"):
            for root in {str(self._root.absolute()), str(self._root.resolve())}:
                if target == root or target.startswith(root.rstrip("/") + "/"):
                    while len(self._folders) > 1:
                        os.close(self._folders.pop())
                    target = target[len(root) :]
                    break
            else:
                raise _leads_out(shown)
        return [part for part in target.split("/") if part not in ("", ".")]


def _leads_out(shown: str) -> FileRefused:
    return FileRefused(
        f"{shown} is a link that leads out of the model repository; put the file itself there."
    )


def read_whole(descriptor: int, size: int, name: str) -> bytes:
    """Return the bytes of an open file of a known size.

    Raises
    ------
    FileRefused
        The file has grown.
    """
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        data = file.read(size + 1)
    if len(data) > size:
        raise FileRefused(f"{name} grew while it was read; it is read again once it is complete.")
    return data


def _write_new(folder: int, name: str, content: bytes | int) -> None:
    with os.fdopen(os.open(name, _NEW_FILE, 0o666, dir_fd=folder), "wb") as file:
        if isinstance(content, bytes):
            file.write(content)
            return
        place = 0
        while chunk := os.pread(content, COPIED_BYTES, place):
            file.write(chunk)
            place += len(chunk)


#: Of a file that is copied, at a time.
COPIED_BYTES = 1 << 22


def _remove(folder: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return
