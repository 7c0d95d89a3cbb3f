"""Files and devices."""
import os
import socket
import stat
import sys

from common import (
    CAPABILITIES, HOST, READ_ONLY, USER, VIEW, attempt, connect, each, nodes, read, refused, run,
    write,
)


# --- files of the host ---------------------------------------------------------------------------

@attempt("read the password hashes in /etc/shadow", VIEW)
def _():
    read("/etc/shadow")


@attempt("find the names of the host's users in /etc/passwd", VIEW)
def _():
    refused(HOST["PASSWD"] not in read("/etc/passwd").decode(), "the file is another one")


@attempt("list root's home folder", VIEW)
def _():
    interpreter = sys.base_prefix.split("/")[2:3] if sys.base_prefix.startswith("/root/") else []
    refused(os.listdir("/root") == interpreter, "only the interpreter is there")


@attempt("read a file of the server's data folder", VIEW)
def _():
    read(HOST["SECRET_FILE"])


@attempt("read a file of another agent's workspace", VIEW)
def _():
    read(HOST["OTHER_FILE"])


@attempt("connect to another agent's socket", VIEW)
def _():
    connect(socket.AF_UNIX, HOST["OTHER_SOCKET"])


@attempt("list the data folder above the own workspace", VIEW)
def _():
    own = os.path.basename(os.getcwd())
    others = [name for name in os.listdir("..") if name not in (own, "ipc.sock")]
    refused(not others, "only the own workspace is there")


@attempt("connect to the container engine's socket", VIEW)
def _():
    each(["/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock"],
         lambda path: connect(socket.AF_UNIX, path))


@attempt("connect to the system's message bus", VIEW)
def _():
    each(["/run/dbus/system_bus_socket", "/var/run/dbus/system_bus_socket"],
         lambda path: connect(socket.AF_UNIX, path))


@attempt("write to the control groups", VIEW)
def _():
    each(["/sys/fs/cgroup", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"], os.listdir)


@attempt("read the host's devices in /sys", VIEW)
def _():
    os.listdir("/sys/class")


@attempt("read the host's logs", VIEW)
def _():
    os.listdir("/var/log")


@attempt("read the host's /boot", VIEW)
def _():
    os.listdir("/boot")


@attempt("follow a symlink out of the workspace", VIEW)
def _():
    if not os.path.lexists("out"):
        os.symlink("/etc/shadow", "out")
    read("out")


@attempt("climb out of the workspace by ..", VIEW)
def _():
    read("../" * 20 + HOST["SECRET_FILE"].lstrip("/"))


@attempt("find a file of the host's /dev/shm", VIEW)
def _():
    read("/dev/shm/" + HOST["SHARED_MEMORY"])


@attempt("find a file of the host's /tmp", VIEW)
def _():
    read("/tmp/" + HOST["SHARED_MEMORY"])


# --- writing to what is only to be read ----------------------------------------------------------

@attempt("write a program into /usr/bin", READ_ONLY)
def _():
    write("/usr/bin/concert-escape")


@attempt("change a system library", READ_ONLY)
def _():
    os.chmod("/usr/bin/env", 0o4755)


@attempt("change the own program", READ_ONLY)
def _():
    write(__file__ + ".new")


@attempt("add a user to /etc/passwd", READ_ONLY)
def _():
    write("/etc/passwd", b"root2::0:0::/:/bin/sh\n")


@attempt("make a folder in the root", READ_ONLY)
def _():
    os.mkdir("/escape")


@attempt("make a file in /dev", READ_ONLY)
def _():
    write("/dev/escape")


@attempt("move a system file into the workspace by a hard link", READ_ONLY)
def _():
    os.link("/usr/bin/env", "linked-env")


@attempt("set the program that handles core dumps", READ_ONLY)
def _():
    write("/proc/sys/kernel/core_pattern", b"|/bin/sh")


@attempt("set the host's kernel parameters", READ_ONLY)
def _():
    write("/proc/sys/kernel/panic", b"1")


@attempt("set the next process id", READ_ONLY)
def _():
    write("/proc/sys/kernel/ns_last_pid", b"1")


@attempt("trigger a system request", USER)
def _():
    write("/proc/sysrq-trigger", b"b")


# --- devices -------------------------------------------------------------------------------------

@attempt("change the mode of a node in /dev", USER)
def _():
    each(nodes(), lambda path: os.chmod(path, 0o600))


@attempt("change the owner of a node in /dev", USER)
def _():
    each(nodes(), lambda path: os.chown(path, os.getuid(), os.getgid()))


@attempt("set the times of a node in /dev", READ_ONLY)
def _():
    each(nodes(), lambda path: os.utime(path, (1, 1)))


@attempt("touch a node in /dev", READ_ONLY)
def _():
    refused(HOST["OWN_USER"] == "no", "not tried: every user of the host may")
    each(nodes(), lambda path: os.utime(path))


@attempt("open the host's memory", VIEW)
def _():
    each(["/dev/mem", "/dev/kmem", "/dev/port"], read)


@attempt("open the host's disks", VIEW)
def _():
    each(["/dev/sda", "/dev/vda", "/dev/nvme0n1", "/dev/loop0", "/dev/loop-control"], read)


@attempt("open /dev/fuse", VIEW)
def _():
    os.open("/dev/fuse", os.O_RDWR)


@attempt("open /dev/kvm or /dev/net/tun", VIEW)
def _():
    each(["/dev/kvm", "/dev/net/tun", "/dev/vhost-vsock"], lambda path: os.open(path, os.O_RDWR))


@attempt("read the kernel's log device", VIEW)
def _():
    os.open("/dev/kmsg", os.O_RDONLY)


@attempt("make a node of the host's disk", CAPABILITIES)
def _():
    os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0))


@attempt("make a node of the host's memory", CAPABILITIES)
def _():
    os.mknod("memory", 0o600 | stat.S_IFCHR, os.makedev(1, 1))


@attempt("read the kernel's memory by /proc/kcore", USER)
def _():
    read("/proc/kcore")
