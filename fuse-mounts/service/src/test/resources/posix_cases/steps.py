"""What steps are made of, beside what Python has."""

import contextlib
import ctypes
import errno
import itertools
import mmap
import os
import resource
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time

USER = 65534
LONG = "n" * 255
COARSE_CLOCK = 5  # CLOCK_REALTIME_COARSE of linux/time.h, which Python does not name
NOREPLACE, EXCHANGE = 1, 2
KINDS = ("file", "folder", "pipe", "socket", "device", "link")
NOW, OMIT = (1 << 30) - 1, (1 << 30) - 2
LIBC = ctypes.CDLL(None, use_errno=True)


def attempt(call, *arguments):
    """What it answers, or the name of its errno."""
    try:
        return call(*arguments)
    except OSError as refused:
        return errno.errorcode[refused.errno]


def called(call, *arguments):
    if call(*arguments):
        raise OSError(ctypes.get_errno(), call.__name__)


def make_kind(kind, name):
    if kind == "folder":
        os.mkdir(name)
    elif kind == "link":
        os.symlink("nowhere", name)
    elif kind == "device":
        os.mknod(name, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    else:
        types = {"file": stat.S_IFREG, "pipe": stat.S_IFIFO, "socket": stat.S_IFSOCK}
        os.mknod(name, 0o600 | types[kind])


def each(call):
    """Does it to one of each kind, each in a folder of its own."""
    answers = []
    for kind in KINDS:
        with fresh():
            make_kind(kind, "n")
            answers.append((kind, attempt(call, "n")))
    return answers


def replaced(one, other):
    with fresh():
        make_kind(one, "n")
        make_kind(other, "m")
        return attempt(os.rename, "n", "m"), sorted(os.listdir(".")), kind("m")


@contextlib.contextmanager
def fresh():
    back = os.open(".", os.O_RDONLY)
    folder = f"fresh-{next(FRESH)}"
    os.mkdir(folder)
    os.chdir(folder)
    try:
        yield
    finally:
        os.fchdir(back)
        os.close(back)
        shutil.rmtree(folder)


FRESH = itertools.count()


def calls(path):
    """What every call says about a path, in an order in which few of them change anything."""
    return [
        (call.__name__, attempt(call, *arguments) if call is not os.open else opened(*arguments))
        for call, *arguments in (
            (os.rmdir, path),
            (os.unlink, path),
            (os.chmod, path, 0o755),
            (os.chown, path, 0, 0),
            (os.utime, path, (1, 1)),
            (os.truncate, path, 0),
            (os.rename, path, "renamed"),
            (os.link, path, "linked"),
            (os.readlink, path),
            (os.listxattr, path),
            (os.open, path, os.O_RDONLY),
            (os.open, path, os.O_CREAT | os.O_EXCL),
            (os.mkdir, path),
            (os.mkfifo, path),
            (os.symlink, "x", path),
        )
    ]


def opened(*arguments):
    """Not the number of the descriptor."""
    answer = attempt(os.open, *arguments)
    return answer if isinstance(answer, str) else "opened"


def await_tick():
    """Files have their times from a clock that goes by steps: what changes now has a later one."""
    begin = time.clock_gettime_ns(COARSE_CLOCK)
    while time.clock_gettime_ns(COARSE_CLOCK) == begin:
        pass


def moved(call, *names):
    """Of which of the names the time of modification and the time of change are others after it."""
    before = [os.stat(name) for name in names]
    await_tick()
    answer = attempt(call)
    after = [os.stat(name) for name in names]
    return answer, [
        (one.st_mtime_ns != other.st_mtime_ns, one.st_ctime_ns != other.st_ctime_ns)
        for one, other in zip(before, after)
    ]


def utimens(name, *seconds_and_nanoseconds):
    times = struct.pack("4q", *(part for pair in seconds_and_nanoseconds for part in pair))
    called(LIBC.utimensat, -100, name.encode(), times, 0)


def limited(name):
    """More than the process may write."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    fd = os.open(name, os.O_WRONLY)
    return os.write(fd, b"x" * 200), attempt(os.write, fd, b"x"), attempt(os.truncate, name, 101)


def running(name):
    """A program that runs cannot be changed."""
    shutil.copy("/bin/sleep", name)
    with subprocess.Popen(["./" + name, "60"]) as program:
        try:
            return attempt(os.open, name, os.O_WRONLY), attempt(os.truncate, name, 0)
        finally:
            program.kill()


def fallocate(name, how, offset, length):
    with open(name, "ab+") as file:
        called(LIBC.fallocate64, file.fileno(), how, *map(ctypes.c_long, (offset, length)))
        file.seek(0)
        return file.read()


def through(name):
    if os.fork() == 0:
        with open(name, "w") as pipe:
            pipe.write("said")
        os._exit(0)
    with open(name) as pipe:
        return pipe.read()


def bound(name):
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(name)
        server.listen()
        client.connect(name)
        client.sendall(b"said")
        return server.accept()[0].recv(10)


def unnamed(folder):
    fd = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
    return os.write(fd, b"content")


def collapsed(name):
    with open(name, "wb") as file:
        file.write(b"a" * 8192 + b"b" * 8192)
    return len(fallocate(name, 8, 0, 8192))


def make(name):
    open(name, "w").close()


def append(name):
    with open(name, "a") as file:
        file.write("more")


def mode(name):
    return oct(os.lstat(name).st_mode & 0o7777)


def kind(name):
    return oct(stat.S_IFMT(os.lstat(name).st_mode))


def owner(name):
    status = os.lstat(name)
    return status.st_uid, status.st_gid


def links(name):
    return os.lstat(name).st_nlink


def times(name):
    status = os.stat(name)
    return status.st_atime_ns, status.st_mtime_ns


def flocks(name):
    import fcntl

    one, other = open(name, "w"), open(name, "w")
    fcntl.flock(one, fcntl.LOCK_EX)
    try:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return "locked twice"
    except BlockingIOError:
        fcntl.flock(one, fcntl.LOCK_UN)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return "exclusive"


def fcntls(name):
    import fcntl

    with open(name, "w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 10)
        child = os.fork()
        if child == 0:
            codes = []
            for start in (0, 10):
                try:
                    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, start)
                    codes.append(0)
                except OSError:
                    codes.append(1)
            os._exit(codes[0] * 2 + codes[1])
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fallocates(name):
    fd = os.open(name, os.O_RDWR | os.O_CREAT)
    os.write(fd, b"a" * 20_000)
    os.posix_fallocate(fd, 0, 50_000)
    return os.fstat(fd).st_size, os.pread(fd, 3, 19_999)


def holes(name):
    fd = os.open(name, os.O_RDWR | os.O_CREAT)
    os.ftruncate(fd, 1 << 20)
    os.pwrite(fd, b"x" * 4096, 1 << 19)
    return os.lseek(fd, 0, os.SEEK_DATA), os.lseek(fd, 1 << 19, os.SEEK_HOLE)


def mapped(name):
    """Where the data is that was written into a mapping and not written back yet."""
    fd = os.open(name, os.O_RDWR | os.O_CREAT)
    os.ftruncate(fd, 16 << 20)
    with mmap.mmap(fd, 0) as memory:
        memory[5 << 20 : (5 << 20) + 3] = b"new"
        found = os.lseek(fd, 0, os.SEEK_DATA), os.lseek(fd, 5 << 20, os.SEEK_HOLE)
        other = os.open(name, os.O_RDONLY)
        again = os.lseek(other, 1, os.SEEK_DATA)
        memory[9 << 20 : (9 << 20) + 3] = b"new"
        return found, again, os.lseek(other, 8 << 20, os.SEEK_DATA), os.pread(other, 3, 9 << 20)


def linked_raw(name):
    """The target of a symlink is bytes."""
    os.symlink(b"to-\xff\xc3/\x80", name)
    return os.readlink(os.fsencode(name)), os.lstat(name).st_size


def attributes(name):
    make(name)
    os.setxattr(name, "user.a", b"1")
    return os.listxattr(name), os.getxattr(name, "user.a")


def unlinked(name):
    fd = os.open(name, os.O_RDWR | os.O_CREAT)
    os.unlink(name)
    os.setxattr(fd, "user.a", b"1")
    os.fchmod(fd, 0o640)
    os.fchown(fd, 1, 2)
    os.utime(fd, ns=(3, 4))
    os.ftruncate(fd, 10)
    status = os.fstat(fd)
    return os.getxattr(fd, "user.a"), oct(status.st_mode), status[3:7], status.st_mtime_ns > 4


def capabilities(name):
    make(name)
    access = b"\x02\0\0\0" + b"".join(
        entry.to_bytes(2, "little") + b"\6\0\xff\xff\xff\xff" for entry in (1, 4, 32)
    )
    os.setxattr(name, "system.posix_acl_access", access)
    return os.listxattr(name)


def rename2(source, target, flags):
    called(LIBC.renameat2, -100, source.encode(), -100, target.encode(), flags)


def copied(source, target):
    one = os.open(source, os.O_RDWR | os.O_CREAT)
    other = os.open(target, os.O_RDWR | os.O_CREAT)
    os.write(one, bytes(range(256)) * 1000)
    count = os.copy_file_range(one, other, 100_000, 3, 5)
    return count, os.fstat(other).st_size, os.pread(other, 10, 0), os.pread(other, 10, 99_998)


def removed_folder(name):
    os.mkdir(name)
    fd = os.open(name, os.O_RDONLY)
    os.rmdir(name)
    status = os.fstat(fd)
    os.fchmod(fd, 0o700)
    return oct(status.st_mode), status.st_nlink, os.listdir(fd), oct(os.fstat(fd).st_mode)


def removed_cwd(name):
    os.mkdir(name)
    os.chdir(name)
    os.rmdir("../" + name)
    status = os.stat(".")
    try:
        make("x")
    except OSError as refused:
        return oct(status.st_mode), status.st_nlink, refused.errno


def raw():
    make(b"raw-\xff")
    return os.listdir(b".")


def deep():
    at = os.open(".", os.O_RDONLY)
    for _ in range(30):
        os.mkdir(LONG, dir_fd=at)
        at = os.open(LONG, os.O_RDONLY, dir_fd=at)
    return len(os.listdir(at))
