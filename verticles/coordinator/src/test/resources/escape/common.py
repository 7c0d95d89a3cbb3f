"""What the attempts share: their list, the layers, system calls by number."""
import ctypes
import errno
import os
import platform
import signal
import socket
import stat

OPEN_AT_START = set(os.listdir("/proc/self/fd"))
LIBC = ctypes.CDLL(None, use_errno=True)
HOST = {name[5:]: value for name, value in os.environ.items() if name.startswith("HOST_")}
X86 = platform.machine() == "x86_64"
ATTEMPTS = []
AT_FDCWD = -100
TIMEOUT_S = 20

# Layers: the words of docs/sandbox.md.
USER = "own user"
VIEW = "file view"
READ_ONLY = "read-only mounts"
PIDS = "process namespace"
NETWORK = "network namespace"
IPC = "IPC namespace"
USERS = "user namespace"
SECCOMP = "seccomp filter"
CAPABILITIES = "no capabilities"
PRIVILEGES = "no new privileges"
CLEAN = "clean start"
LIMITS = "limits"


def attempt(name, layer):
    def register(action):
        ATTEMPTS.append((name, layer, action))
        return action
    return register


def call(number_x86, number_arm, *arguments):
    """A system call by its number; raises the error that it answers with."""
    number = number_x86 if X86 else number_arm
    if number < 0:
        raise OSError(errno.ENOSYS, "this machine has no such call")
    values = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *values)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def libc(name, *arguments):
    result = getattr(LIBC, name)(*arguments)
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def refused(condition, why):
    if condition:
        raise PermissionError(errno.EPERM, why)


def read(path):
    with open(path, "rb") as file:
        return file.read(4096)


def write(path, data=b"1"):
    with open(path, "wb", buffering=0) as file:
        file.write(data)


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as peer:
        peer.settimeout(2)
        peer.connect(address)


def status(name, process="self"):
    for line in read(f"/proc/{process}/status").decode().splitlines():
        if line.startswith(name + ":"):
            return line.split(None, 1)[1]
    return ""


def each(paths, action):
    """Refused only if it is refused for every path."""
    for path in paths:
        try:
            action(path)
        except OSError:
            continue
        return
    raise PermissionError(errno.EPERM, f"refused for all {len(paths)}")


def nodes():
    return [os.path.join("/dev", name) for name in os.listdir("/dev")
            if stat.S_ISCHR(os.lstat(os.path.join("/dev", name)).st_mode)
            or stat.S_ISBLK(os.lstat(os.path.join("/dev", name)).st_mode)]


def run(action):
    """What an attempt ends with, in a process of its own: it may break what comes after it."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        signal.alarm(TIMEOUT_S)
        try:
            action()
            verdict = "ESCAPED\tnothing refused it"
        except OSError as refusal:
            verdict = f"refused\t{errno.errorcode.get(refusal.errno, '')} {refusal.strerror or refusal}"
        except BaseException as other:
            verdict = f"BROKEN\t{type(other).__name__}: {other}"
        os.write(writer, verdict.replace("\n", " ").encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as result:
        said = result.read().decode()
    _, end = os.waitpid(pid, 0)
    return said or f"BROKEN\tended with status {end}"
