"""Files that are there whole or not at all, for their user alone, and never behind a link."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
NO_LINKS_HERE = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES)
"""What os.link says on a disk without hard links: FAT, some shares."""


def is_folder(folder: Path) -> bool:
    """Whether it is a folder, and no link to one."""
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except OSError:
        return False


def make_private(folder: Path) -> None:
    """A folder for its user alone, whatever the umask. OSError where something else is in its place, or it cannot be made."""
    try:
        folder.mkdir(mode=0o700)
        sync_folder(folder.parent)
    except FileExistsError:
        if not is_folder(folder):
            raise NotADirectoryError(errno.ENOTDIR, "a link or a file is in its place") from None
    if stat.S_IMODE(folder.lstat().st_mode) != 0o700:
        folder.chmod(0o700)


def write_new(path: Path, data: bytes) -> None:
    """A new file with these bytes, on the disk when it returns. FileExistsError where there is one, or a link; no other file is touched."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left):]
        os.fsync(file)
    finally:
        os.close(file)


def write_over(target: Path, part: Path, data: bytes) -> None:
    """A file with these bytes in place of what has its name, whole or not at all. part: a free name in the same folder."""
    try:
        write_new(part, data)
        os.replace(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def name_exclusively(part: Path, target: Path, data: bytes) -> None:
    """Give a finished file the name ``target`` too. FileExistsError where another one has it, who keeps it."""
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in NO_LINKS_HERE:
            raise
    else:
        return
    try:  # exclusive still, but a crash may leave it half written: readers skip it
        write_new(target, data)
    except FileExistsError:
        raise
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def read_plain(path: Path, most: int = -1) -> bytes:
    """What a file holds, the first ``most`` bytes where given. OSError where it is a link or no plain file."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | NO_LINK)  # a pipe in its place must not be waited for
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "no plain file")
        return opened.read(most)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
