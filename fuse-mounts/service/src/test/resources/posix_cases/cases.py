"""The cases, a line each, and those that a mount answers in another way."""

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
mapped('x')
linked_raw('x')
make('x') ; make('y') ; rename2('x','y',4) ; sorted(os.listdir('.'))
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

# Case and why its answer differs from the disk's. docs/posix.md tells what that means.
EXCEPTIONS = {
    "make('x') ; os.chown('x',65534,65534) ; os.chmod('x',0o6777) ; U: os.chown('x',-1,-1) ; mode('x')": "the kernel does not ask",
    "unnamed('.')": "no file begins without a name",
    "collapsed('x')": "the kernel does not ask",
    "raw()": "names are UTF-8",
    "make('x') ; make('y') ; rename2('x','y',4) ; sorted(os.listdir('.'))": "the kernel offers RENAME_WHITEOUT to no FUSE filesystem",
    "capabilities('x')": "access control lists are refused",
    "deep()": "the binding names a file by its whole path, of at most 4,096 bytes",
}

# The same for the binding over libfuse 2.
LINKS = "the kernel has a file with attributes of its own for each name, for up to a second"
RENAMES = "libfuse 2 has no flags of renameat2"
FOLDERS = "libfuse 2 asks about folders by name"
LIBFUSE_EXCEPTIONS = {
    "unnamed('.')": EXCEPTIONS["unnamed('.')"],
    "collapsed('x')": EXCEPTIONS["collapsed('x')"],
    "raw()": EXCEPTIONS["raw()"],
    "make('x') ; make('y') ; rename2('x','y',4) ; sorted(os.listdir('.'))": RENAMES,
    "mapped('x')": "libfuse 2 has no SEEK_DATA and SEEK_HOLE",
    "linked_raw('x')": "the binding takes a target as text",
    "capabilities('x')": EXCEPTIONS["capabilities('x')"],
    "deep()": EXCEPTIONS["deep()"],
    "holes('x')": "libfuse 2 has no SEEK_DATA and SEEK_HOLE",
    "open('x','w').close() ; os.link('x','y') ; links('x') ; links('y') ; os.unlink('x') ; links('y')": LINKS,
    "each(lambda n: (os.link(n, 'm', follow_symlinks=False), links(n), os.unlink(n), links('m'), kind('m')))": LINKS,
    "make('x') ; os.link('x','y') ; moved(lambda: os.unlink('y'), 'x', '.') ; moved(lambda: os.link('x','y'), 'x', '.') ; moved(lambda: os.rename('y','z'), 'x', '.') ; links('z')": LINKS,
    "make('x') ; make('y') ; rename2('x','y',NOREPLACE) ; rename2('x','z',NOREPLACE) ; sorted(os.listdir('.')) ; rename2('none','z',NOREPLACE) ; rename2('z','y',4+2)": RENAMES,
    "os.mkdir('d') ; make('d/x') ; append('y') ; rename2('d','y',EXCHANGE) ; os.listdir('y') ; open('d').read() ; rename2('d','none',EXCHANGE) ; rename2('y','y/z',EXCHANGE)": RENAMES,
    "removed_folder('d')": FOLDERS,
    "removed_cwd('d')": FOLDERS,
}
