"""Processes and the kernel."""
import ctypes
import errno
import fcntl
import mmap
import os
import resource
import signal
import socket
import struct

from common import (
    CAPABILITIES, HOST, PIDS, SECCOMP, USER, USERS, X86, attempt, call, each, read, refused, run, write,
)


# --- processes -----------------------------------------------------------------------------------

@attempt("kill a process of the host", PIDS)
def _():
    os.kill(int(HOST["PROCESS"]), signal.SIGKILL)


@attempt("open a process of the host as a file", PIDS)
def _():
    os.pidfd_open(int(HOST["PROCESS"]))


@attempt("read the environment of a process of the host", PIDS)
def _():
    read(f"/proc/{HOST['PROCESS']}/environ")


@attempt("see a process of the host in /proc", PIDS)
def _():
    command = HOST["REVERSED_COMMAND"][::-1].encode()
    seen = [name for name in os.listdir("/proc") if name.isdigit() and command in command_line(name)]
    refused(not seen, "none of them is there")


def command_line(pid):
    try:
        return read(f"/proc/{pid}/cmdline")
    except OSError:
        return b""


@attempt("kill the first process of the sandbox", USER)
def _():
    os.kill(1, signal.SIGKILL)
    # Of the same user the signal is allowed, and the kernel drops it: it comes from inside.
    refused(HOST["OWN_USER"] == "no" and os.path.exists("/proc/1"), "it goes on")


@attempt("read the environment of the sandbox's first process", USER)
def _():
    read("/proc/1/environ")


@attempt("reach the host's files by the root of process 1", USER)
def _():
    os.listdir("/proc/1/root/")


@attempt("reach the host's files by the folder of process 1", USER)
def _():
    os.listdir("/proc/1/cwd/")


@attempt("use the open files of process 1", USER)
def _():
    each([f"/proc/1/fd/{number}" for number in range(10)], os.readlink)


@attempt("write into the memory of process 1", USER)
def _():
    os.open("/proc/1/mem", os.O_RDWR)


@attempt("trace process 1", USER)
def _():
    call(101, 117, 16, 1, 0, 0)  # PTRACE_ATTACH


@attempt("read the memory of process 1", USER)
def _():
    buffer = ctypes.create_string_buffer(16)
    here = struct.pack("QQ", ctypes.addressof(buffer), 16)
    there = struct.pack("QQ", 0x400000, 16)
    call(310, 270, 1, ctypes.c_char_p(here), 1, ctypes.c_char_p(there), 1, 0)


@attempt("reach the host's files by the sandbox's own helper", USERS)
def _():
    os.listdir(f"/proc/{HOST.get('HELPER', '2')}/root/")


@attempt("trace the sandbox's own helper", USERS)
def _():
    call(101, 117, 16, int(HOST.get("HELPER", "2")), 0, 0)


@attempt("run before everybody else", CAPABILITIES)
def _():
    os.setpriority(os.PRIO_PROCESS, 0, -10)


@attempt("run in real time", CAPABILITIES)
def _():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


@attempt("be spared when memory is short", CAPABILITIES)
def _():
    write("/proc/self/oom_score_adj", b"-1000")


@attempt("lock memory without a limit", CAPABILITIES)
def _():
    raise_limit(resource.RLIMIT_MEMLOCK, resource.RLIM_INFINITY)


@attempt("open more files than the host allows", CAPABILITIES)
def _():
    raise_limit(resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE)[1] + 1)


def raise_limit(kind, value):
    if resource.getrlimit(kind)[1] == value:
        raise OSError(errno.EPERM, "there is none on this host")
    try:
        resource.setrlimit(kind, (value, value))
    except ValueError as refusal:
        raise OSError(errno.EPERM, str(refusal)) from refusal


# --- the kernel ----------------------------------------------------------------------------------

@attempt("load a kernel module", SECCOMP)
def _():
    call(175, 105, ctypes.c_char_p(b""), 0, ctypes.c_char_p(b""))


@attempt("load another kernel", SECCOMP)
def _():
    call(246, 104, 0, 0, 0, 0)


@attempt("restart the machine", SECCOMP)
def _():
    call(169, 142, 0xfee1dead, 672274793, 0x89ABCDEF, 0)


@attempt("load a program into the kernel by bpf", SECCOMP)
def _():
    call(321, 280, 5, ctypes.c_char_p(bytes(120)), 120)


@attempt("measure other processes by perf", SECCOMP)
def _():
    call(298, 241, ctypes.c_char_p(struct.pack("<II", 1, 112) + bytes(104)), 0, -1, -1, 0)


@attempt("make an io_uring", SECCOMP)
def _():
    call(425, 425, 8, ctypes.create_string_buffer(120))


@attempt("catch page faults by userfaultfd", SECCOMP)
def _():
    call(323, 282, 1)


@attempt("watch a filesystem by fanotify", SECCOMP)
def _():
    call(300, 262, 0, 0)


@attempt("set the host's clock", SECCOMP)
def _():
    call(227, 112, 0, ctypes.c_char_p(struct.pack("<qq", 1, 0)))


@attempt("read the kernel's messages", SECCOMP)
def _():
    call(103, 116, 3, ctypes.create_string_buffer(64), 64)


@attempt("swap to a file", SECCOMP)
def _():
    call(167, 224, ctypes.c_char_p(b"/tmp/swap"), 0)


@attempt("account for the host's processes", SECCOMP)
def _():
    call(163, 89, 0)


@attempt("use the machine's ports", SECCOMP)
def _():
    call(172, -1, 3)


@attempt("change disk quotas", SECCOMP)
def _():
    call(179, 60, 0x800003, 0, 0, 0)


@attempt("change the host's name", CAPABILITIES)
def _():
    socket.sethostname("escaped")


@attempt("type into a terminal by TIOCSTI", SECCOMP)
def _():
    _, slave = os.openpty()
    fcntl.ioctl(slave, 0x5412, b"x")


@attempt("make a system call of i386", SECCOMP)
def _():
    if not X86:
        raise OSError(errno.ENOSYS, "this machine has no such calls")
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    result = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    if result < 0:
        raise OSError(-result, os.strerror(-result))


@attempt("make a system call of x32", SECCOMP)
def _():
    call(0x40000000 | 39, -1)
