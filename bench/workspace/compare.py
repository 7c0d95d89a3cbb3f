"""Measures a Chronicle workspace beside bindfs and the bare disk, all on the same disk, in one run.

Arguments: rounds, then the command that serves a mount for a folder (MountServer). Each round does
every operation in each place, in another order of the places; what is printed are medians. Caches
are dropped before each operation where this user may, so that a read or a stat is asked of the place.
The CPU time is that of the process that serves the place, by /proc/PID/stat, with the work it does
behind the back of who asked.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OPERATIONS = [
    ("create_small", "create 10,000 small files"),
    ("stat_small", "stat them"),
    ("read_small", "read them"),
    ("delete_small", "delete them"),
    ("four_writers", "create them, 4 writers at once"),
    ("write_gigabyte", "write 1 GiB"),
    ("read_gigabyte", "read 1 GiB"),
    ("git_clone", "git clone of 10,000 files"),
    ("git_status", "git status in it"),
    ("unpack", "unpack an archive of 10,000 files"),
    ("npm_ci", "npm ci"),
]
# Comes last in all rounds: ext4 gives no inode out again for a minute or more after its file was
# deleted, and looks past all of them for each new file, which takes longer than what is measured.
DELETING = "delete_small"
PACKAGES = {"express": "4.21.2", "eslint": "9.17.0", "webpack": "5.97.1", "typescript": "5.7.2"}


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def fixtures(folder):
    """A repository of 10,000 files, an archive of it, and the packages of a medium npm project."""
    os.makedirs(folder)
    repository = folder + "/repository"
    run("git", "init", "-q", repository)
    run(sys.executable, HERE + "/operations.py", "create_small", repository, folder)
    run("git", "-C", repository, "add", ".")
    who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    run("git", "-C", repository, *who, "commit", "-q", "-m", "files")
    run("tar", "cf", folder + "/source.tar", "-C", repository, "small")
    os.makedirs(folder + "/npm")
    with open(folder + "/npm/package.json", "w") as manifest:
        dependencies = ",".join('"%s":"%s"' % one for one in PACKAGES.items())
        manifest.write('{"name":"bench","version":"1.0.0","dependencies":{%s}}' % dependencies)
    try:
        npm = ["npm", "--prefix", folder + "/npm", "--cache", folder + "/npm-cache"]
        run(*npm, "install", "--ignore-scripts", "--no-audit", "--no-fund")
        shutil.rmtree(folder + "/npm/node_modules")
    except (subprocess.CalledProcessError, FileNotFoundError):
        print("npm cannot install here: that line is left out", file=sys.stderr)
        OPERATIONS.remove(("npm_ci", "npm ci"))


def drop_caches():
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as drop:
            drop.write("3")
    except OSError:
        pass


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Disk:
    name = "disk"
    server = None

    def cpu(self):
        return cpu_seconds(self.server.pid) if self.server else 0.0

    def __init__(self, folder):
        self.root = folder
        os.makedirs(folder)

    def settle(self):
        pass

    def close(self):
        pass


class Bindfs(Disk):
    name = "bindfs"

    def __init__(self, folder):
        super().__init__(folder)
        os.makedirs(folder + "/behind")
        self.root = folder + "/mount"
        os.makedirs(self.root)
        self.server = subprocess.Popen(["bindfs", "-f", folder + "/behind", self.root])
        while not os.path.ismount(self.root):
            assert self.server.poll() is None, "bindfs ended"
            time.sleep(0.01)

    def close(self):
        run("umount", self.root)
        self.server.wait(60)


class Chronicle(Disk):
    name = "Chronicle"

    def __init__(self, folder, command):
        super().__init__(folder)
        self.server = subprocess.Popen(
            command + [folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.root = self.server.stdout.readline().strip()

    def settle(self):
        """Waits until all is recorded: what is left of one operation must not burden the next."""
        self.server.stdin.write("\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def close(self):
        self.server.stdin.close()
        self.server.wait(60)


def measure(place, operation, round_number, source):
    folder = "%s/%d" % (place.root, round_number)
    if operation == "four_writers":
        folder += "-four"
    os.makedirs(folder, exist_ok=True)
    place.settle()
    drop_caches()
    before = place.cpu()
    took = float(run(sys.executable, HERE + "/operations.py", operation, folder, source))
    place.settle()
    return took, place.cpu() - before


def disk_of(folder):
    """Type and options of the file system that the folder is in: a disk that discards what is
    deleted at once, or has no journal, is another disk."""
    with open("/proc/mounts") as file:
        mounts = [line.split() for line in file]
    over = [one for one in mounts if os.path.commonpath([one[1], os.path.realpath(folder)]) == one[1]]
    return "%s, %s" % tuple(max(reversed(over), key=lambda one: len(one[1]))[2:4])


def in_rounds(rounds, operations):
    return [(number, operation) for number in range(rounds) for operation in operations]


def main():
    rounds, command = int(sys.argv[1]), sys.argv[2:]
    base = tempfile.mkdtemp(prefix="bench-workspace-", dir=os.environ.get("BENCH_FOLDER"))
    disk = disk_of(base)
    fixtures(base + "/fixtures")
    places = [Disk(base + "/disk"), Bindfs(base + "/bindfs"), Chronicle(base + "/chronicle", command)]
    times = {}
    kept = [operation for operation, _ in OPERATIONS if operation != DELETING]
    try:
        for number, operation in [*in_rounds(rounds, kept), *in_rounds(rounds, [DELETING])]:
            for turn in range(len(places)):
                place = places[(turn + number) % len(places)]
                took = measure(place, operation, number, base + "/fixtures")
                times.setdefault((operation, place.name), []).append(took)
    finally:
        for place in places:
            place.close()
        shutil.rmtree(base, ignore_errors=True)
    print("%d rounds on %s\n" % (rounds, disk))
    print("| operation | disk s | bindfs s | Chronicle s | bindfs / Chronicle | bindfs' CPU s | Chronicle's CPU s |")
    print("|---|---|---|---|---|---|---|")
    for operation, title in OPERATIONS:
        measured = [times[operation, place.name] for place in places]
        took = [statistics.median(one for one, _ in each) for each in measured]
        cpu = [statistics.median(one for _, one in each) for each in measured]
        print(
            "| %s | %.3f | %.3f | %.3f | %.2f | %.2f | %.2f |"
            % (title, *took, took[1] / took[2], *cpu[1:])
        )


if __name__ == "__main__":
    main()
