"""The host's side of the attempts: things that only the host may use. Ends with its standard input."""
import ctypes
import socket
import sys

name, key = sys.argv[1], int(sys.argv[2])
libc = ctypes.CDLL(None, use_errno=True)
listener = socket.socket(socket.AF_UNIX)
listener.bind("\0" + name)
listener.listen()
shared = libc.shmget(key, 4096, 0o1000 | 0o666)  # IPC_CREAT
if shared < 0:
    raise OSError(ctypes.get_errno(), "shmget")
numbers = {"x86_64": 248, "aarch64": 217}
import platform
number = numbers[platform.machine()]
for ring in (-3, -4):  # of the session and of the user
    libc.syscall(ctypes.c_long(number), b"user", name.encode(), b"host-secret", 11, ring)
print("ready", flush=True)
sys.stdin.read()
libc.shmctl(shared, 0, None)  # IPC_RMID
