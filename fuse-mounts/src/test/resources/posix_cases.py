"""What the pjdfstest suite is about, case by case, below two folders: the answers have to be alike.

    posix_cases.py FOLDER ORACLE

A case is a line of steps. A step is Python, done as root or, after "U:", as an ordinary user; its
answer is its value or the name of its errno. Needs root.
"""

import ctypes
import errno
import os
import shutil
import stat
import sys

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
raw()
deep()
"""

# Case and why its answer differs from the disk's. docs/posix.md tells what that means.
EXCEPTIONS = {
    "raw()": "names are UTF-8",
    "capabilities('x')": "access control lists are refused",
    "deep()": "the binding names a file by its whole path, of at most 4,096 bytes",
}


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
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(-100, source.encode(), -100, target.encode(), flags):
        raise OSError(ctypes.get_errno(), source)


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
