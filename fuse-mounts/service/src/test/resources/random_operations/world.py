"""A folder, and what a process can do in it; each operation gives an answer that can be compared."""

import ctypes
import errno
import fcntl
import mmap
import os
import stat

# Of a file, in bytes.
LARGEST = 300_000
LIBC = ctypes.CDLL(None, use_errno=True)


class World:
    """What one process does: its open files and mappings are in slots."""

    def __init__(self, root):
        self.root = root
        self.slots = {}
        self.maps = {}

    def at(self, name):
        return os.path.join(self.root, name)

    def do(self, operation):
        name, *arguments = operation
        try:
            return getattr(self, name)(*arguments)
        except OSError as refused:
            return errno.errorcode[refused.errno]

    def end(self):
        for memory in self.maps.values():
            memory.close()
        self.maps.clear()
        for fd in self.slots.values():
            os.close(fd)
        self.slots.clear()

    def rest(self):
        """Nothing is open any more."""
        for memory in self.maps.values():
            memory.flush()
        self.end()

    def shapes(self):
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
        return os.fchmod(self.fd(slot), passable(os.fstat(self.fd(slot)), mode))

    def exchange(self, source, target):
        self.rename2(source, target, 2)

    def rename_new(self, source, target):
        """Only if nothing has the new name."""
        self.rename2(source, target, 1)

    def rename2(self, source, target, flags):
        if LIBC.renameat2(-100, self.at(source).encode(), -100, self.at(target).encode(), flags):
            raise OSError(ctypes.get_errno(), source)

    def reopen(self, slot, other, flags):
        """The same file, which may have no name any more."""
        fd = os.open(f"/proc/self/fd/{self.fd(slot)}", flags)
        if other in self.slots:
            os.close(self.slots[other])
        self.slots[other] = fd

    def truncate_reopened(self, slot, size):
        return os.truncate(f"/proc/self/fd/{self.fd(slot)}", size)

    def flock(self, slot, how):
        return fcntl.flock(self.fd(slot), how | fcntl.LOCK_NB)

    def lockf(self, slot, how, start, length):
        waiting = 0 if how == fcntl.LOCK_UN else fcntl.LOCK_NB
        return fcntl.lockf(self.fd(slot), how | waiting, length, start)

    def map_write(self, slot, offset, size, byte):
        """Written by a mapping, read by a descriptor of its own."""
        fd = self.fd(slot)
        try:
            with mmap.mmap(fd, 0) as memory:
                memory[offset : offset + size] = bytes([byte]) * len(memory[offset : offset + size])
                memory.flush()
        except ValueError:
            return "nothing to map"
        other = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY)
        try:
            return hash_of(os.pread(other, LARGEST, 0))
        finally:
            os.close(other)

    def map_read(self, slot):
        try:
            with mmap.mmap(self.fd(slot), 0, prot=mmap.PROT_READ) as memory:
                return hash_of(bytes(memory))
        except ValueError:
            return "nothing to map"

    def map_keep(self, slot):
        """Maps what is open, until the mapping is closed or another one takes its place."""
        try:
            memory = mmap.mmap(self.fd(slot), 0)
        except ValueError:
            return "nothing to map"
        if slot in self.maps:
            self.maps.pop(slot).close()
        self.maps[slot] = memory

    def map_store(self, slot, offset, size, byte):
        memory, there = self.mapping(slot)
        end = max(offset, min(offset + size, there))
        memory[offset:end] = bytes([byte]) * len(memory[offset:end])
        return end

    def map_load(self, slot):
        memory, there = self.mapping(slot)
        return hash_of(memory[:there])

    def map_sync(self, slot):
        return self.mapping(slot)[0].flush()

    def map_close(self, slot):
        self.mapping(slot)
        self.maps.pop(slot).close()

    def mapping(self, slot):
        """And how much of it there is: who touches a page behind the end of the file is killed."""
        if slot not in self.maps:
            raise OSError(errno.EBADF, "no mapping in this slot")
        memory = self.maps[slot]
        return memory, min(len(memory), memory.size())

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
        return os.chmod(self.at(name), passable(os.stat(self.at(name)), mode))

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


def passable(status, mode):
    """The mode, but a folder stays open to its owner: root passes it anyway, another user must compare it."""
    return mode | 0o700 if stat.S_ISDIR(status.st_mode) else mode


def regular(status):
    size = status.st_size if stat.S_ISREG(status.st_mode) else None
    links = status.st_nlink if stat.S_ISREG(status.st_mode) else None
    return oct(status.st_mode), links, size


def hash_of(content):
    return len(content), hash(content)
