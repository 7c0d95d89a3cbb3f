"""Does the same random operations below two folders and compares each answer and what is left.

    random_operations.py FOLDER ORACLE SEED COUNT PROCESSES

Every process works below a folder of its own, so that a seed says all that happens. At a difference
the operations are shrunk to a few that still show it; these are printed, and the exit code is 1.
"""

import ctypes
import errno
import mmap
import os
import random
import shutil
import stat
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
FOLDERS = ["", "a/", "b/", "a/c/"]
FILES = [folder + name for folder in FOLDERS for name in ("x", "y", "z")]
NAMES = FILES + ["a", "b", "a/c"]
SLOTS = 6
LARGEST = 300_000
FLAGS = [
    os.O_RDONLY,
    os.O_RDWR,
    os.O_RDWR | os.O_CREAT,
    os.O_RDWR | os.O_CREAT | os.O_EXCL,
    os.O_RDWR | os.O_CREAT | os.O_TRUNC,
    os.O_RDWR | os.O_CREAT | os.O_APPEND,
    os.O_WRONLY | os.O_CREAT,
    os.O_WRONLY | os.O_TRUNC,
    os.O_RDONLY | os.O_DIRECTORY,
]


class World:
    def __init__(self, root):
        self.root = root
        self.slots = {}
        shutil.rmtree(root, ignore_errors=True)
        os.makedirs(root)

    def at(self, name):
        return os.path.join(self.root, name)

    def do(self, operation):
        name, *arguments = operation
        try:
            return getattr(self, name)(*arguments)
        except OSError as refused:
            return errno.errorcode[refused.errno]

    def end(self):
        for fd in self.slots.values():
            os.close(fd)
        self.slots.clear()
        return [self.shape(at) for at in sorted(self.walk())]

    def walk(self):
        for folder, folders, files in os.walk(self.root):
            yield from (os.path.join(folder, name) for name in folders + files)

    def kind(self, at):
        try:
            target = os.readlink(at) if os.path.islink(at) else ""
            return os.path.relpath(at, self.root), oct(os.lstat(at).st_mode), target
        except OSError as refused:
            return os.path.relpath(at, self.root), errno.errorcode[refused.errno], ""

    def shape(self, at):
        status = os.lstat(at)
        said = [os.path.relpath(at, self.root), oct(status.st_mode)]
        if stat.S_ISREG(status.st_mode):
            with open(at, "rb") as file:
                said += [status.st_nlink, status.st_size, hash_of(file.read())]
        elif stat.S_ISLNK(status.st_mode):
            said.append(os.readlink(at))
        return said

    def fd(self, slot):
        if slot not in self.slots:
            raise OSError(errno.EBADF, "no file in this slot")
        return self.slots[slot]

    def open(self, slot, name, flags):
        if slot in self.slots:
            os.close(self.slots.pop(slot))
        self.slots[slot] = os.open(self.at(name), flags, 0o644)

    def close(self, slot):
        os.close(self.fd(slot))
        del self.slots[slot]

    def write(self, slot, size, byte):
        return os.write(self.fd(slot), bytes([byte]) * size)

    def pwrite(self, slot, offset, size, byte):
        return os.pwrite(self.fd(slot), bytes([byte]) * size, offset)

    def pread(self, slot, offset, size):
        return hash_of(os.pread(self.fd(slot), size, offset))

    def ftruncate(self, slot, size):
        return os.ftruncate(self.fd(slot), size)

    def fsync(self, slot):
        return os.fsync(self.fd(slot))

    def fstat(self, slot):
        status = os.fstat(self.fd(slot))
        return regular(status)

    def seek(self, slot, offset):
        return os.lseek(self.fd(slot), offset, os.SEEK_SET)

    def seek_end(self, slot):
        if stat.S_ISDIR(os.fstat(self.fd(slot)).st_mode):
            # Each filesystem has a position of its own for the end of a directory.
            return None
        return os.lseek(self.fd(slot), 0, os.SEEK_END)

    def seek_data(self, slot, offset):
        fd = self.fd(slot)
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            return None
        at = os.lseek(fd, 0, os.SEEK_CUR)
        try:
            # Where data begins and ends: a disk may keep a hole as data, so only bounds are alike.
            hole = os.lseek(fd, offset, os.SEEK_HOLE)
            return offset <= hole <= os.fstat(fd).st_size
        finally:
            os.lseek(fd, at, os.SEEK_SET)

    def copy(self, slot, other, size, offset, target):
        return os.copy_file_range(self.fd(slot), self.fd(other), size, offset, target)

    def setxattr(self, name, key, value):
        return os.setxattr(self.at(name), "user." + key, value)

    def setxattr_open(self, slot, key, value):
        return os.setxattr(self.fd(slot), "user." + key, value)

    def removexattr(self, name, key):
        return os.removexattr(self.at(name), "user." + key)

    def xattrs(self, name):
        at = self.at(name)
        return sorted((key, os.getxattr(at, key)) for key in os.listxattr(at))

    def fchmod(self, slot, mode):
        return os.fchmod(self.fd(slot), mode)

    def exchange(self, source, target):
        if LIBC.renameat2(-100, self.at(source).encode(), -100, self.at(target).encode(), 2):
            raise OSError(ctypes.get_errno(), source)

    def map_write(self, slot, offset, size, byte):
        fd = self.fd(slot)
        try:
            with mmap.mmap(fd, 0) as memory:
                memory[offset : offset + size] = bytes([byte]) * len(memory[offset : offset + size])
                memory.flush()
        except ValueError:
            return "nothing to map"

    def map_read(self, slot):
        try:
            with mmap.mmap(self.fd(slot), 0, prot=mmap.PROT_READ) as memory:
                return hash_of(bytes(memory))
        except ValueError:
            return "nothing to map"

    def truncate(self, name, size):
        return os.truncate(self.at(name), size)

    def rename(self, source, target):
        return os.rename(self.at(source), self.at(target))

    def link(self, source, target):
        return os.link(self.at(source), self.at(target))

    def symlink(self, text, name):
        return os.symlink(text, self.at(name))

    def unlink(self, name):
        return os.unlink(self.at(name))

    def mkdir(self, name):
        return os.mkdir(self.at(name), 0o755)

    def rmdir(self, name):
        return os.rmdir(self.at(name))

    def chmod(self, name, mode):
        return os.chmod(self.at(name), mode)

    def utime(self, name, nanoseconds):
        os.utime(self.at(name), ns=(nanoseconds, nanoseconds))
        return os.stat(self.at(name)).st_mtime_ns

    def stat(self, name):
        return regular(os.stat(self.at(name)))

    def listdir(self, name):
        return sorted(os.listdir(self.at(name)))

    def read(self, name):
        if not os.path.isfile(self.at(name)):
            return self.stat(name)
        with open(self.at(name), "rb") as file:
            return hash_of(file.read())


def regular(status):
    size = status.st_size if stat.S_ISREG(status.st_mode) else None
    links = status.st_nlink if stat.S_ISREG(status.st_mode) else None
    return oct(status.st_mode), links, size


def hash_of(content):
    return len(content), hash(content)


def operations(seed, count):
    draw = random.Random(seed)
    slot = lambda: draw.randrange(SLOTS)
    size = lambda: draw.choice([0, 1, 100, 4096, 5000, 70_000, 140_000])
    offset = lambda: draw.choice([0, 1, 4095, 4096, draw.randrange(LARGEST)])
    byte = lambda: draw.randrange(1, 256)
    name = lambda: draw.choice(NAMES)
    file = lambda: draw.choice(FILES)
    makers = {
        "open": (12, lambda: (slot(), name() if draw.random() < 0.1 else file(), draw.choice(FLAGS))),
        "close": (4, lambda: (slot(),)),
        "write": (6, lambda: (slot(), size(), byte())),
        "pwrite": (6, lambda: (slot(), offset(), size(), byte())),
        "pread": (6, lambda: (slot(), offset(), size())),
        "ftruncate": (3, lambda: (slot(), draw.randrange(LARGEST))),
        "fsync": (1, lambda: (slot(),)),
        "fstat": (3, lambda: (slot(),)),
        "seek": (2, lambda: (slot(), offset())),
        "seek_end": (2, lambda: (slot(),)),
        "seek_data": (1, lambda: (slot(), offset())),
        "copy": (2, lambda: (slot(), slot(), size(), offset(), offset())),
        "setxattr": (2, lambda: (name(), draw.choice("ab"), bytes([byte()]) * draw.choice([0, 1, 40]))),
        "setxattr_open": (1, lambda: (slot(), draw.choice("ab"), bytes([byte()]))),
        "removexattr": (1, lambda: (name(), draw.choice("ab"))),
        "xattrs": (2, lambda: (name(),)),
        "fchmod": (1, lambda: (slot(), draw.choice([0o600, 0o640, 0o755]))),
        "exchange": (2, lambda: (name(), name())),
        "map_write": (3, lambda: (slot(), offset(), size(), byte())),
        "map_read": (3, lambda: (slot(),)),
        "truncate": (3, lambda: (name(), draw.randrange(LARGEST))),
        "rename": (6, lambda: (name(), name())),
        "link": (2, lambda: (name(), name())),
        "symlink": (1, lambda: (draw.choice(["x", "a/x", "nowhere", "../x", "."]), name())),
        "unlink": (3, lambda: (name(),)),
        "mkdir": (4, lambda: (draw.choice(["a", "b", "a/c", file()]),)),
        "rmdir": (2, lambda: (name(),)),
        "chmod": (2, lambda: (name(), draw.choice([0o600, 0o644, 0o755, 0o444, 0o4755]))),
        "utime": (2, lambda: (name(), draw.randrange(2**60))),
        "stat": (3, lambda: (name(),)),
        "listdir": (2, lambda: (draw.choice([".", "a", "b", "a/c", file()]),)),
        "read": (4, lambda: (file(),)),
    }
    kinds = list(makers)
    weights = [makers[kind][0] for kind in kinds]
    return [(kind, *makers[kind][1]()) for kind in draw.choices(kinds, weights, k=count)]


def difference(folder, oracle, todo):
    """Number of operations up to the first difference and what it is, or None."""
    one, other = World(folder), World(oracle)
    try:
        for number, operation in enumerate(todo):
            got, expected = one.do(operation), other.do(operation)
            if got != expected:
                return number + 1, operation, got, expected, differences(one, other)
        left, expected = one.end(), other.end()
        if left != expected:
            unlike = [(a, b) for a, b in zip(left, expected) if a != b]
            return len(todo), "what is left", unlike or left, expected
        return None
    finally:
        one.end()
        other.end()


def differences(one, other):
    """What two worlds have that is not the same."""
    left = [[world.kind(at) for at in sorted(world.walk())] for world in (one, other)]
    return [entry for entry in left[0] + left[1] if (entry in left[0]) != (entry in left[1])]


def shrink(folder, oracle, todo):
    step = len(todo) // 2
    while step > 0:
        at = 0
        while at < len(todo):
            fewer = todo[:at] + todo[at + step :]
            found = difference(folder, oracle, fewer)
            if found:
                todo = fewer[: found[0]]
            else:
                at += step
        step //= 2
    return todo


def work(folder, oracle, seed, count):
    rounds = 0
    while count > 0:
        todo = operations(f"{seed}/{rounds}", min(count, 2_000))
        found = difference(folder, oracle, todo)
        if found:
            print(f"seed {seed}, round {rounds}: {found}", flush=True)
            todo = shrink(folder, oracle, todo[: found[0]])
            print(f"shrunk: {difference(folder, oracle, todo) or 'not seen again'}")
            print(*todo, sep="\n", flush=True)
            return 1
        count -= len(todo)
        rounds += 1
    return 0


def main(folder, oracle, seed, count, processes):
    children = []
    for number in range(int(processes)):
        child = os.fork()
        if child == 0:
            os._exit(
                work(
                    os.path.join(folder, f"p{number}"),
                    os.path.join(oracle, f"p{number}"),
                    f"{seed}.{number}",
                    int(count) // int(processes),
                )
            )
        children.append(child)
    failures = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(f"{count} operations, {sum(code != 0 for code in failures)} of {processes} failed")
    return int(any(failures))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
