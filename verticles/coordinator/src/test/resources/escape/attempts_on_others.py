"""Keys, networks, shared memory, what the start leaves, floods."""
import ctypes
import fcntl
import os
import signal
import socket
import struct

from common import (
    CAPABILITIES, CLEAN, HOST, IPC, LIMITS, NETWORK, OPEN_AT_START, SECCOMP, attempt, call, connect,
    each, read, refused,
)


# --- keys ----------------------------------------------------------------------------------------

@attempt("read the session keyring", SECCOMP)
def _():
    call(250, 219, 11, -3, ctypes.create_string_buffer(64), 64)


@attempt("add a key for others", SECCOMP)
def _():
    call(248, 217, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"escape"), ctypes.c_char_p(b"x"), 1, -4)


@attempt("ask for a key of the host", SECCOMP)
def _():
    call(249, 218, ctypes.c_char_p(b"user"), ctypes.c_char_p(HOST["KEY"].encode()), 0, -4)


@attempt("find a key of the host in /proc/keys", CLEAN)
def _():
    refused(HOST["OWN_USER"] == "no", "not tried: the kernel shows a user the names of his keys")
    refused(HOST["KEY"].encode() not in read("/proc/keys"), "the key is not there")


# --- the network ---------------------------------------------------------------------------------

@attempt("connect to the gateway on the host's loopback", NETWORK)
def _():
    connect(socket.AF_INET, ("127.0.0.1", int(HOST["PORT"])))


@attempt("connect to the gateway on the host's IPv6 loopback", NETWORK)
def _():
    connect(socket.AF_INET6, ("::1", int(HOST["PORT"])))


@attempt("connect to the gateway by an IPv4 address in IPv6", NETWORK)
def _():
    connect(socket.AF_INET6, ("::ffff:127.0.0.1", int(HOST["PORT"])))


@attempt("connect to the gateway by 0.0.0.0", NETWORK)
def _():
    connect(socket.AF_INET, ("0.0.0.0", int(HOST["PORT"])))


@attempt("connect to the admin interface of Ensemble", NETWORK)
def _():
    connect(socket.AF_INET, ("127.0.0.1", int(HOST["ENSEMBLE_PORT"])))


@attempt("connect to the host by its own address", NETWORK)
def _():
    connect(socket.AF_INET, (HOST["ADDRESS"], int(HOST["PORT"])))


@attempt("connect to an address of the Internet", NETWORK)
def _():
    connect(socket.AF_INET, ("192.0.2.1", 443))


@attempt("connect to the metadata service of a cloud", NETWORK)
def _():
    connect(socket.AF_INET, ("169.254.169.254", 80))


@attempt("ask a name server", NETWORK)
def _():
    socket.getaddrinfo("example.com", 443)


@attempt("send a datagram", NETWORK)
def _():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"escape", ("192.0.2.1", 53))


@attempt("connect to an abstract socket of the host", NETWORK)
def _():
    connect(socket.AF_UNIX, "\0" + HOST["ABSTRACT"])


@attempt("see the host's sockets in /proc/net", NETWORK)
def _():
    port = ":%04X " % int(HOST["PORT"])
    seen = [table for table in ("tcp", "tcp6", "unix")
            if port in open(f"/proc/net/{table}").read()
            or HOST["ABSTRACT"] in open(f"/proc/net/{table}").read()]
    refused(not seen, "none of them is there")


@attempt("see the host's network interfaces", NETWORK)
def _():
    names = [name for _, name in socket.if_nameindex()]
    refused(names == ["lo"], "only the loopback interface is there")


@attempt("make an address of the own", CAPABILITIES)
def _():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sHH4s8x", b"lo", socket.AF_INET, 0, socket.inet_aton("10.9.8.7"))
        fcntl.ioctl(handle, 0x8916, request)  # SIOCSIFADDR


@attempt("listen on a privileged port", CAPABILITIES)
def _():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 80))


@attempt("open a raw socket", CAPABILITIES)
def _():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


@attempt("open a packet socket", SECCOMP)
def _():
    socket.socket(17, socket.SOCK_RAW, 0x0300)


@attempt("open a socket to the hypervisor", SECCOMP)
def _():
    socket.socket(40, socket.SOCK_STREAM)


@attempt("open a socket of the kernel's ciphers", SECCOMP)
def _():
    socket.socket(38, socket.SOCK_SEQPACKET)


@attempt("open a Bluetooth, CAN or TIPC socket", SECCOMP)
def _():
    each([31, 29, 30], lambda family: socket.socket(family, socket.SOCK_RAW))


# --- memory that others share --------------------------------------------------------------------

@attempt("attach to shared memory of the host", IPC)
def _():
    call(29, 194, int(HOST["SHARED_KEY"]), 0, 0)


@attempt("see shared memory of the host in /proc", IPC)
def _():
    refused(HOST["SHARED_KEY"] not in read("/proc/sysvipc/shm").decode().split(), "it is not there")


# --- what the start may leave --------------------------------------------------------------------

@attempt("find an open file that the start left", CLEAN)
def _():
    refused(OPEN_AT_START <= {"0", "1", "2", "3"}, "there is none")  # 3 is that of listing them


@attempt("read something from standard input", CLEAN)
def _():
    refused(os.read(0, 16) == b"", "it is empty")


@attempt("find a variable of the server in the environment", CLEAN)
def _():
    refused(not any(name.startswith(("JAVA", "MAVEN", "SUDO", "SSH")) for name in os.environ),
            "there is none")


@attempt("have a terminal", CLEAN)
def _():
    os.open("/dev/tty", os.O_RDWR)


# --- floods --------------------------------------------------------------------------------------

@attempt("fill the memory of the host by /dev/shm", LIMITS)
def _():
    fill("/dev/shm/flood", 80 << 20)


@attempt("fill the memory of the host by /tmp", LIMITS)
def _():
    fill("/tmp/flood", 600 << 20)


@attempt("fill the memory of the host by HOME", LIMITS)
def _():
    fill(os.path.join(os.environ["HOME"], "flood"), 600 << 20)


def fill(path, size):
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
        os.posix_fallocate(descriptor, 0, size)
    finally:
        os.unlink(path)


@attempt("start processes without end", LIMITS)
def _():
    refused(HOST["OWN_USER"] == "no", "not tried: without a control group a watch ends the agent")
    children = []
    try:
        for _ in range(5000):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        for pid in children:
            os.waitpid(pid, 0)
