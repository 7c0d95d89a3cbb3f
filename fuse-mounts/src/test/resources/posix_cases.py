"""What the pjdfstest suite is about, case by case, below two folders: the answers have to be alike.

    posix_cases.py FOLDER ORACLE

A case is a line of steps. A step is Python, done as root or, after "U:", as an ordinary user; its
answer is its value or the name of its errno. Needs root.
"""

import contextlib
import ctypes
import errno
import itertools
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
NOREPLACE, EXCHANGE = 1, 2
CASES = """
open('x','w').close() ; os.chmod('x',0o644) ; mode('x') ; U: os.chmod('x',0o777) ; mode('x')
open('x','w').close() ; os.chown('x',65534,65534) ; U: os.chmod('x',0o600) ; mode('x') ; U: os.chown('x',0,0)
open('x','w').close() ; os.chown('x',65534,0) ; U: os.chmod('x',0o2755) ; mode('x')
open('x','w').close() ; os.chmod('x',0o6755) ; os.chown('x',65534,65534) ; mode('x')
open('x','w').close() ; os.chown('x',65534,65534) ; os.chmod('x',0o6755) ; U: os.chown('x',65534,65534) ; mode('x')
open('x','w').close() ; os.chown('x',65534,65534) ; os.chmod('x',0o6755) ; U: append('x') ; mode('x')
open('x','w').close() ; os.chown('x',65534,65534) ; os.chmod('x',0o6777) ; U: os.truncate('x',0) ; mode('x')
open('x','w').close() ; os.chmod('x',0o6777) ; U: append('x') ; mode('x')
os.chmod('none',0o644) ; open('x','w').close() ; os.chmod('x/y',0o644) ; os.chmod(LONG+'n',0o644)
os.symlink('l','l') ; os.chmod('l',0o644) ; os.stat('l') ; os.open('l',os.O_RDONLY) ; os.chown('l',0,0)
os.symlink('x','l') ; open('x','w').close() ; os.lchown('l',1,2) ; owner('l') ; owner('x')
os.symlink('x','l') ; os.open('l',os.O_RDONLY|os.O_NOFOLLOW) ; os.open('l',os.O_CREAT|os.O_EXCL) ; os.open('l',os.O_CREAT) ; mode('x')
open('x','w').close() ; os.link('x','y') ; links('x') ; links('y') ; os.unlink('x') ; links('y')
open('x','w').close() ; os.link('x','x') ; os.link('none','y') ; os.link('x','none/y') ; os.link('x','x/y') ; os.link('x',LONG+'n')
os.mkdir('d') ; os.link('d','e') ; os.unlink('d') ; os.rmdir('d') ; os.rmdir('d')
os.symlink('none','l') ; os.link('l','m',follow_symlinks=False) ; os.readlink('m') ; os.readlink('none')
os.mkdir('d',0o755) ; mode('d') ; links('d') ; os.mkdir('d/e') ; links('d') ; os.rmdir('d') ; os.rmdir('d/e') ; links('d')
os.mkdir('d') ; os.mkdir('d') ; os.mkdir('none/d') ; open('x','w').close() ; os.mkdir('x') ; os.mkdir('x/d') ; os.mkdir(LONG) ; os.mkdir(LONG+'n')
os.mkdir('d',0o755) ; U: os.mkdir('d/e') ; U: open('d/x','w').close() ; U: os.mkfifo('d/p') ; U: os.symlink('x','d/l')
os.mkdir('d') ; os.chmod('d',0o2777) ; os.chown('d',0,12) ; os.chmod('d',0o2777) ; U: os.mkdir('d/e') ; owner('d/e') ; mode('d/e') ; U: make('d/x') ; owner('d/x')
os.mkfifo('p',0o640) ; mode('p') ; kind('p') ; os.mkfifo('p') ; os.mkfifo('none/p') ; os.unlink('p')
os.mknod('c',0o600|stat.S_IFCHR,os.makedev(1,3)) ; kind('c') ; os.stat('c').st_rdev ; U: os.mknod('e',0o600|stat.S_IFCHR,os.makedev(1,3))
os.mknod('s',0o600|stat.S_IFSOCK) ; kind('s') ; os.mknod('r',0o600|stat.S_IFREG) ; kind('r')
os.open('none',os.O_RDONLY) ; os.mkdir('d') ; os.open('d',os.O_WRONLY) ; os.open('d',os.O_RDWR|os.O_CREAT) ; os.open('d/none/x',os.O_CREAT)
make('x') ; os.open('x',os.O_CREAT|os.O_EXCL) ; os.open('x',os.O_DIRECTORY) ; os.open('x/y',os.O_RDONLY) ; os.open(LONG+'n',os.O_CREAT)
make('x') ; os.chmod('x',0o600) ; U: os.open('x',os.O_RDONLY) ; U: os.open('x',os.O_WRONLY) ; U: os.truncate('x',0) ; U: os.access('x',os.R_OK)
make('x') ; os.chmod('x',0o444) ; os.chown('x',65534,65534) ; U: os.open('x',os.O_WRONLY) ; U: os.open('x',os.O_RDONLY) > 0 ; U: os.access('x',os.W_OK)
os.mkfifo('p') ; os.open('p',os.O_WRONLY|os.O_NONBLOCK)
make('x') ; make('y') ; os.rename('x','y') ; os.listdir('.') ; os.rename('none','y') ; os.rename('y','none/y') ; os.rename('y',LONG+'n')
os.mkdir('d') ; os.mkdir('d/e') ; os.rename('d','d/e/f') ; os.rename('d/e','d') ; os.mkdir('f') ; os.rename('f','d') ; os.rename('d','f') ; os.listdir('.')
make('x') ; os.mkdir('d') ; os.rename('x','d') ; os.rename('d','x') ; os.rename('x','x') ; os.rename('x','x/y') ; os.rename('d','d')
make('x') ; os.link('x','y') ; os.rename('x','y') ; sorted(os.listdir('.'))
os.mkdir('t') ; os.chmod('t',0o1777) ; make('t/x') ; U: os.unlink('t/x') ; U: os.rename('t/x','t/y') ; U: make('t/mine') ; U: os.rename('t/mine','t/x') ; U: os.unlink('t/mine')
os.mkdir('t') ; os.chmod('t',0o1777) ; os.mkdir('t/d') ; U: os.rmdir('t/d') ; U: os.rename('t/d','t/e') ; os.chown('t',65534,65534) ; U: os.rmdir('t/d')
os.mkdir('d',0o755) ; make('d/x') ; U: os.unlink('d/x') ; U: os.rename('d/x','d/y') ; os.chmod('d',0o700) ; U: os.stat('d/x') ; U: os.listdir('d')
os.rmdir('none') ; make('x') ; os.rmdir('x') ; os.rmdir('x/y') ; os.mkdir('d') ; os.rmdir('d/.') ; os.rmdir('d/..') ; os.unlink('none') ; os.unlink('x/y')
os.symlink('x','l') ; os.symlink('x','l') ; os.symlink('x','none/l') ; os.symlink('','m') ; os.symlink('n'*4000,'long') ; len(os.readlink('long')) ; os.lstat('l').st_size
make('x') ; os.truncate('x',1234567) ; os.stat('x').st_size ; os.truncate('x',567) ; os.stat('x').st_size ; os.truncate('x',-1) ; os.truncate('none',1) ; os.mkdir('d') ; os.truncate('d',1)
make('x') ; U: os.truncate('x',0) ; U: os.utime('x') ; U: os.utime('x',(1,1)) ; os.chmod('x',0o666) ; U: os.utime('x') ; U: os.utime('x',(1,1))
make('x') ; os.utime('x',ns=(1234567890123456789,987654321012345678)) ; times('x') ; os.utime('x',ns=(-1,-2)) ; times('x') ; os.utime('none')
os.symlink('none','l') ; os.utime('l',ns=(5,7),follow_symlinks=False) ; os.lstat('l').st_mtime_ns
make('x') ; os.utime('x',(1,1)) ; append('x') ; os.stat('x').st_mtime > 1 ; os.utime('x',(1,1)) ; os.chmod('x',0o600) ; os.stat('x').st_mtime ; os.stat('x').st_ctime > 1
os.mkdir('d') ; os.utime('d',(1,1)) ; make('d/x') ; os.stat('d').st_mtime > 1 ; os.utime('d',(1,1)) ; os.unlink('d/x') ; os.stat('d').st_mtime > 1
flocks('x') ; fcntls('x')
fallocates('x')
holes('x')
attributes('x')
make('x') ; os.setxattr('x','user.a',b'1') ; os.setxattr('x','user.a',b'2',os.XATTR_CREATE) ; os.setxattr('x','user.b',b'2',os.XATTR_REPLACE) ; os.getxattr('x','user.none') ; os.removexattr('x','user.none') ; os.removexattr('x','user.a') ; os.listxattr('x')
make('x') ; os.chmod('x',0o644) ; U: os.setxattr('x','user.a',b'1') ; os.setxattr('x','trusted.a',b'1') ; U: os.listxattr('x') ; U: os.getxattr('x','trusted.a') ; os.getxattr('x','trusted.a')
make('x') ; os.setxattr('x','user.big',b'v'*3000) ; len(os.getxattr('x','user.big')) ; os.setxattr('x','user.'+LONG,b'') ; os.setxattr('x','nothing.a',b'') ; os.getxattr('none','user.a')
os.mkdir('d') ; os.setxattr('d','user.a',b'1') ; os.getxattr('d','user.a') ; os.symlink('d','l') ; os.setxattr('l','user.b',b'',follow_symlinks=False) ; sorted(os.listxattr('l'))
unlinked('x')
capabilities('x')
make('x') ; make('y') ; rename2('x','y',NOREPLACE) ; rename2('x','z',NOREPLACE) ; sorted(os.listdir('.')) ; rename2('none','z',NOREPLACE) ; rename2('z','y',4+2)
os.mkdir('d') ; make('d/x') ; append('y') ; rename2('d','y',EXCHANGE) ; os.listdir('y') ; open('d').read() ; rename2('d','none',EXCHANGE) ; rename2('y','y/z',EXCHANGE)
copied('x','y')
removed_folder('d')
removed_cwd('d')
each(lambda n: (os.chmod(n, 0o111), mode(n)))
each(lambda n: (os.lchown(n, 1, 2), owner(n)))
each(lambda n: (os.link(n, 'm', follow_symlinks=False), links(n), os.unlink(n), links('m'), kind('m')))
each(lambda n: (os.rename(n, 'm'), kind('m')))
each(lambda n: (os.unlink(n), links(n)))
each(os.rmdir)
each(lambda n: os.truncate(n, 3))
each(lambda n: (os.utime(n, ns=(5, 7), follow_symlinks=False), os.lstat(n).st_mtime_ns))
each(os.mkdir) ; each(os.mkfifo) ; each(lambda n: os.symlink('x', n)) ; each(lambda n: (make('x'), os.link('x', n))) ; each(lambda n: os.open(n, os.O_CREAT | os.O_EXCL))
[replaced(one, other) for one in KINDS for other in KINDS]
calls('none/y') ; make('x') ; calls('x/y') ; os.symlink('l','l') ; calls('l/y') ; calls('l')
calls(LONG+'n') ; calls('./'*2048+'x') ; make('./'*2047+'x') ; os.listdir('.')
calls('ü'*128) ; make('ü'*127+'n') ; os.listdir('.') ; os.statvfs('.').f_namemax
os.mkdir('d',0o700) ; make('d/x') ; U: calls('d/x') ; os.chmod('d',0o755) ; U: calls('d/x') ; U: calls('d/new')
os.mkdir('d') ; calls('.') ; calls('d/.') ; calls('d/..') ; calls('') ; calls('d/') ; calls('none/')
os.mkdir('d') ; os.rename('d','.') ; os.rename('.','e') ; os.rename('d/..','e') ; os.rename('d','d/.') ; os.unlink('d/') ; os.rmdir('d/')
make('x') ; os.link('x','/dev/shm/of-another-disk') ; os.rename('x','/dev/shm/of-another-disk')
os.mkdir('a') ; os.mkdir('b') ; os.mkdir('a/d',0o755) ; os.chmod('a',0o777) ; os.chmod('b',0o777) ; U: os.rename('a/d','b/d') ; U: os.rename('a/d','a/e') ; os.chown('a/e',65534,0) ; U: os.rename('a/e','b/d') ; links('a') ; links('b')
os.mkdir('a') ; os.mkdir('a/d') ; os.mkdir('b') ; os.mkdir('b/d') ; os.rename('a/d','b/d') ; links('a') ; links('b')
make('x') ; os.link('x','y') ; moved(lambda: os.unlink('y'), 'x', '.') ; moved(lambda: os.link('x','y'), 'x', '.') ; moved(lambda: os.rename('y','z'), 'x', '.') ; links('z')
moved(lambda: os.mkdir('d'), '.') ; moved(lambda: os.mkfifo('p'), '.') ; moved(lambda: os.symlink('x','l'), '.') ; moved(lambda: make('x'), '.') ; moved(lambda: make('x'), '.') ; moved(lambda: os.rmdir('d'), '.')
os.mkdir('a') ; os.mkdir('b') ; make('a/x') ; moved(lambda: os.rename('a/x','b/x'), 'a', 'b', '.') ; moved(lambda: os.rename('a','b/a'), 'b', '.')
make('x') ; moved(lambda: os.chmod('x',0o600), 'x') ; moved(lambda: os.chown('x',1,1), 'x') ; moved(lambda: os.truncate('x',9), 'x') ; moved(lambda: os.truncate('x',9), 'x') ; moved(lambda: append('x'), 'x') ; moved(lambda: make('x'), 'x')
make('x') ; moved(lambda: os.truncate('x',-1), 'x') ; moved(lambda: os.link('x','x'), 'x', '.') ; moved(lambda: os.mkdir('x'), 'x', '.') ; moved(lambda: os.rename('x','x'), 'x', '.') ; moved(lambda: os.setxattr('x','user.a',b''), 'x')
make('x') ; os.chown('x',65534,65534) ; os.chmod('x',0o6777) ; U: os.chown('x',-1,-1) ; mode('x')
make('x') ; os.chown('x',65534,65534) ; U: os.chmod('x',0o1644) ; mode('x') ; U: os.chown('x',-1,65534) ; U: os.chown('x',-1,1) ; U: os.chown('x',65534,-1)
make('x') ; os.chown('x',0,65534) ; os.chmod('x',0o640) ; U: len(open('x').read()) ; U: append('x') ; os.chown('x',65534,0) ; os.chmod('x',0o077) ; U: open('x').read()
os.mkdir('d') ; os.chown('d',0,12) ; os.chmod('d',0o2777) ; U: os.open('d/x',os.O_CREAT,0o2775) > 0 ; mode('d/x') ; U: os.mkdir('d/e',0o2775) ; mode('d/e') ; os.mkfifo('d/p') ; owner('d/p')
(os.umask(0o27), os.mkdir('d',0o777), os.mkfifo('p',0o777), os.open('x',os.O_CREAT,0o777)) and (mode('d'), mode('p'), mode('x'))
make('x') ; utimens('x',(5,6),(7,8)) ; utimens('x',(0,OMIT),(9,1)) ; times('x') ; utimens('x',(0,OMIT),(0,OMIT)) ; times('x') ; utimens('x',(2,3),(0,NOW)) ; times('x')[1] > 9 ; utimens('x',(2,10**9),(2,3))
make('x') ; U: utimens('x',(0,NOW),(0,NOW)) ; U: utimens('x',(0,OMIT),(0,OMIT)) ; os.chmod('x',0o666) ; U: utimens('x',(0,NOW),(0,NOW)) ; U: utimens('x',(0,OMIT),(0,NOW)) ; U: utimens('x',(1,0),(1,0))
make('x') ; os.utime('x',ns=(2**32*10**9+5,2**33*10**9+7)) ; times('x')
make('x') ; os.truncate('x',1<<62) ; limited('x') ; os.stat('x').st_size
running('x')
make('x') ; os.open('x',os.O_RDONLY|os.O_TRUNC) > 0 ; os.open('d',os.O_CREAT|os.O_DIRECTORY) ; os.listdir('.') ; os.open('.',os.O_RDWR)
os.symlink('n'*4095,'l') ; len(os.readlink('l')) ; os.symlink('n'*4096,'m')
fallocate('x',0,0,0) ; fallocate('x',0,-1,5) ; fallocate('x',1,0,9000) ; fallocate('x',3,0,4096) ; fallocate('x',16,100,9000) ; fallocate('x',2,0,4096)
os.mkfifo('p') ; through('p')
bound('s') ; kind('s') ; os.open('s',os.O_RDONLY)
unnamed('.')
collapsed('x')
raw()
deep()
"""

KINDS = ("file", "folder", "pipe", "socket", "device", "link")
NOW, OMIT = (1 << 30) - 1, (1 << 30) - 2
LIBC = ctypes.CDLL(None, use_errno=True)

# Case and why its answer differs from the disk's. docs/posix.md tells what that means.
EXCEPTIONS = {
    "make('x') ; os.chown('x',65534,65534) ; os.chmod('x',0o6777) ; U: os.chown('x',-1,-1) ; mode('x')": "the kernel does not ask",
    "unnamed('.')": "no file begins without a name",
    "collapsed('x')": "the kernel does not ask",
    "raw()": "names are UTF-8",
    "capabilities('x')": "access control lists are refused",
    "deep()": "the binding names a file by its whole path, of at most 4,096 bytes",
}


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


def moved(call, *names):
    """Of which of the names the time of modification and the time of change are others after it."""
    before = [os.stat(name) for name in names]
    # The disk's clock goes by steps of some milliseconds.
    time.sleep(0.02)
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


def done(step):
    as_user = step.startswith("U: ")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.umask(0)
        if as_user:
            os.setgroups([])
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
        try:
            answer = repr(eval(step.removeprefix("U: ")))
        except OSError as refused:
            answer = errno.errorcode[refused.errno]
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        answer = said.read()
    os.waitpid(child, 0)
    return answer


def answers(root, number, steps):
    home = os.path.join(root, f"case-{number}")
    os.mkdir(home)
    os.chmod(home, 0o777)
    back = os.open(".", os.O_RDONLY)
    os.chdir(home)
    try:
        return [done(step) for step in steps]
    finally:
        os.fchdir(back)
        os.close(back)
        shutil.rmtree(home, ignore_errors=True)


def main(folder, oracle):
    folder, oracle = os.path.abspath(folder), os.path.abspath(oracle)
    cases = CASES.strip().splitlines()
    for number, case in enumerate(cases):
        steps = case.split(" ; ")
        got, expected = answers(folder, number, steps), answers(oracle, number, steps)
        if "" in expected:
            print(f"{case}\n  is no case: {expected}")
        elif (got != expected) != (case in EXCEPTIONS):
            print(f"{case}\n  got      {got}\n  expected {expected}")
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    os.umask(0)
    main(*sys.argv[1:])
