"""Users, namespaces and mounts."""
import ctypes
import errno
import os
import signal
import stat
import struct
import subprocess

from common import (
    AT_FDCWD, CAPABILITIES, PRIVILEGES, SECCOMP, USERS, attempt, call, libc, refused, run, status,
    write,
)


# --- becoming somebody else ----------------------------------------------------------------------

@attempt("become root", CAPABILITIES)
def _():
    os.setuid(0)


@attempt("become root's group", CAPABILITIES)
def _():
    os.setgid(0)


@attempt("join more groups", CAPABILITIES)
def _():
    os.setgroups([0, 4, 6])


@attempt("run a set-user-id program of the system", PRIVILEGES)
def _():
    script = "import os; print(os.geteuid())"
    for program in ("/usr/bin/su", "/usr/bin/newgrp", "/usr/bin/passwd", "/usr/bin/mount"):
        if os.path.exists(program) and os.stat(program).st_mode & stat.S_ISUID:
            child = subprocess.Popen([program, "--help"], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            owner = os.stat(f"/proc/{child.pid}").st_uid
            child.wait()
            if owner == 0:
                return
    refused(status("NoNewPrivs") == "1", "the bit has no effect")


@attempt("run a set-user-id program of the workspace", PRIVILEGES)
def _():
    # The test put it there as root: a copy of a program that prints whose rights it has.
    if not os.path.exists("set-user-id"):
        raise OSError(errno.ENOENT, "only root can put it there")
    who = subprocess.run(["./set-user-id", "-u"], capture_output=True, check=False).stdout
    refused(who.strip() == b"1000", "the bit has no effect")


@attempt("own a set-user-id program of root", CAPABILITIES)
def _():
    write("mine")
    os.chown("mine", 0, 0)


@attempt("give the own program capabilities", CAPABILITIES)
def _():
    write("capable")
    os.setxattr("capable", "security.capability", struct.pack("<5I", 0x02000001, 0xFFFFFFFF, 0, 0xFFFFFFFF, 0))


@attempt("keep a capability for a child", CAPABILITIES)
def _():
    libc("prctl", 47, 2, 21, 0, 0)  # PR_CAP_AMBIENT, RAISE, CAP_SYS_ADMIN


@attempt("have a capability in the bounding set", CAPABILITIES)
def _():
    sets = [status(name) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")]
    refused(all(int(value, 16) == 0 for value in sets), "all sets are empty")


@attempt("take the lock against new privileges off", PRIVILEGES)
def _():
    libc("prctl", 38, 0, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS


@attempt("take the seccomp filter off", SECCOMP)
def _():
    libc("prctl", 22, 0, 0, 0, 0)  # PR_SET_SECCOMP, disabled


@attempt("map another user into the own user namespace", USERS)
def _():
    write("/proc/self/uid_map", b"0 0 1")


# --- namespaces and mounts -----------------------------------------------------------------------

@attempt("make a user namespace", SECCOMP)
def _():
    libc("unshare", 0x10000000)


@attempt("make a mount namespace", SECCOMP)
def _():
    libc("unshare", 0x00020000)


@attempt("make a network namespace", SECCOMP)
def _():
    libc("unshare", 0x40000000)


@attempt("start a process in a user namespace", SECCOMP)
def _():
    flags = 0x10000000 | signal.SIGCHLD
    pid = call(56, 220, flags, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)


@attempt("start a process in a user namespace by clone3", SECCOMP)
def _():
    arguments = struct.pack("<11Q", 0x10000000, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, 0)
    pid = call(435, 435, ctypes.c_char_p(arguments), len(arguments))
    if pid == 0:
        os._exit(0)


@attempt("enter the namespaces of process 1", SECCOMP)
def _():
    try:
        namespace = os.open("/proc/1/ns/mnt", os.O_RDONLY)
    except OSError:
        namespace = -1
    call(308, 268, namespace, 0)


@attempt("mount a filesystem", SECCOMP)
def _():
    libc("mount", b"none", b"/tmp", b"tmpfs", 0, None)


@attempt("mount /proc once more", SECCOMP)
def _():
    libc("mount", b"proc", b"/tmp", b"proc", 0, None)


@attempt("make the root writable again", SECCOMP)
def _():
    libc("mount", None, b"/", None, 32 | 4096, None)


@attempt("bind a folder over another", SECCOMP)
def _():
    libc("mount", b"/tmp", b"/usr", None, 4096, None)


@attempt("take a mount away", SECCOMP)
def _():
    libc("umount2", b"/proc/sys", 2)


@attempt("change the root by pivot_root", SECCOMP)
def _():
    call(155, 41, ctypes.c_char_p(b"/tmp"), ctypes.c_char_p(b"/tmp"))


@attempt("change the root by chroot", SECCOMP)
def _():
    os.chroot("/tmp")


@attempt("open a filesystem by the new mount calls", SECCOMP)
def _():
    call(430, 430, ctypes.c_char_p(b"tmpfs"), 0)


@attempt("copy the tree of mounts", SECCOMP)
def _():
    call(428, 428, AT_FDCWD, ctypes.c_char_p(b"/"), 1)


@attempt("change the attributes of a mount", SECCOMP)
def _():
    call(442, 442, AT_FDCWD, ctypes.c_char_p(b"/"), 0, ctypes.c_char_p(bytes(32)), 32)


@attempt("open a file by its handle", SECCOMP)
def _():
    call(304, 265, AT_FDCWD, ctypes.c_char_p(struct.pack("<Ii8s", 8, 1, bytes(8))), 0)
