"""Notices that models of a repository may have changed, by `stat` alone and in little time.

A folder in, names of model folders out. Nothing is read here: the caller reads the files of a named
folder by the rules of `servery.guarded`.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from servery.layout import VERSION, is_visible, telling_files

#: The processor time of one look, which is enough for about a hundred models; the next look
#: continues where this one ended.
LOOK_S = 0.002
#: Two writes may fall within one tick of a file system's clock: what changed so recently is
#: reported again.
SETTLED_S = 2.0

#: Inode, size and times of a file or folder; None where there is none.
Mark: TypeAlias = tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What `stat` says of one entry of a repository.

    Attributes
    ----------
    folder
        Changes when a file or folder right in it comes or goes.
    versions
        The names of version folders, complete or not.
    files
        The marks of the card, and of the manifest and signature of each version.
    """

    folder: Mark
    versions: tuple[str, ...]
    files: tuple[Mark, ...]

    def is_settled(self, since_ns: float) -> bool:
        """Return whether none of it changed since a time."""
        return all(_is_settled(mark, since_ns) for mark in (self.folder, *self.files))


class Lookout:
    """Looks at a repository again and again; each look continues where the last one ended.

    Parameters
    ----------
    look_s
        The processor time of one look.
    settled_s
        What changed so recently is reported again.
    """

    def __init__(self, root: Path, look_s: float = LOOK_S, settled_s: float = SETTLED_S) -> None:
        self._root = str(root)
        self._look_s, self._settled_ns = look_s, settled_s * 1e9
        self._seen_root: Mark = None
        self._names: list[str] = []
        self._place = 0
        #: The last glance at each entry, unless it has to be reported again.
        self._seen: dict[str, Glance] = {}

    def look_at_all(self) -> None:
        """Look at every entry, however long it takes, before the repository is read."""
        self._changed_names()
        for name in self._names:
            self._has_changed(name)

    def changed(self) -> set[str]:
        """Return the names of entries that may have changed since they were last looked at.

        New and removed entries are among them, and those that were never looked at.
        """
        found = self._changed_names()
        until = time.thread_time() + self._look_s
        for _ in range(len(self._names)):
            self._place = (self._place + 1) % len(self._names)
            name = self._names[self._place]
            if self._has_changed(name):
                found.add(name)
            if time.thread_time() > until:
                break
        return found

    def _changed_names(self) -> set[str]:
        """Return the names that came or went in the repository's own folder."""
        since_ns = time.time_ns() - self._settled_ns
        mark = _mark(self._root)
        if mark == self._seen_root and mark is not None:
            return set()
        self._seen_root = mark if _is_settled(mark, since_ns) else None
        before, self._names = set(self._names), _names(self._root)
        for name in before.difference(self._names):
            self._seen.pop(name, None)
        return before.symmetric_difference(self._names)

    def _has_changed(self, name: str) -> bool:
        since_ns = time.time_ns() - self._settled_ns
        before = self._seen.get(name)
        glance = self._glance(name, before)
        if glance.is_settled(since_ns):
            self._seen[name] = glance
        else:
            self._seen.pop(name, None)
        return glance != before

    def _glance(self, name: str, before: Glance | None) -> Glance:
        path = f"{self._root}/{name}"
        folder = _mark(path)
        if before is not None and before.folder == folder:
            versions = before.versions
        else:
            versions = tuple(each for each in _names(path) if VERSION.fullmatch(each))
        marks = tuple(_mark(f"{path}/{file}") for file in telling_files(versions))
        return Glance(folder, versions, marks)


def _mark(path: str) -> Mark:
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _is_settled(mark: Mark, since_ns: float) -> bool:
    return mark is None or mark[3] < since_ns


def _names(path: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(path) if is_visible(name))
    except OSError:
        return []
