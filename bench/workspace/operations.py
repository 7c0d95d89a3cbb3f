"""What is measured: each operation works in a folder and is timed from its begin to its end.

Run as `operations.py NAME FOLDER FIXTURES`; prints the seconds it took. A process of its own, so that
every place is measured from the same fresh start.
"""

import multiprocessing
import os
import subprocess
import sys
import time

FILES = 10_000
FOLDERS = 100
PIECE = bytes(range(256)) * 4096
GIGABYTE = 1 << 30


def path(folder, number):
    return os.path.join(folder, "small", str(number % FOLDERS), "file-%d.txt" % number)


def content(number):
    line = b"line %d of a small source file\n" % number
    return line * (1 + number % 120)


def create(folder, numbers):
    for number in numbers:
        descriptor = os.open(path(folder, number), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        os.write(descriptor, content(number))
        os.close(descriptor)


def folders(folder):
    for number in range(FOLDERS):
        os.makedirs(os.path.join(folder, "small", str(number)), exist_ok=True)


def create_small(folder, fixtures):
    folders(folder)
    yield
    create(folder, range(FILES))


def stat_small(folder, fixtures):
    yield
    for number in range(FILES):
        os.stat(path(folder, number))


def read_small(folder, fixtures):
    yield
    for number in range(FILES):
        descriptor = os.open(path(folder, number), os.O_RDONLY)
        os.read(descriptor, 65536)
        os.close(descriptor)


def delete_small(folder, fixtures):
    yield
    for number in range(FILES):
        os.unlink(path(folder, number))


def four_writers(folder, fixtures):
    folders(folder)
    writers = [
        multiprocessing.Process(target=create, args=(folder, range(first, FILES, 4)))
        for first in range(4)
    ]
    yield
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def write_gigabyte(folder, fixtures):
    yield
    descriptor = os.open(os.path.join(folder, "big"), os.O_CREAT | os.O_WRONLY, 0o644)
    for _ in range(GIGABYTE // len(PIECE)):
        os.write(descriptor, PIECE)
    os.close(descriptor)


def read_gigabyte(folder, fixtures):
    yield
    descriptor = os.open(os.path.join(folder, "big"), os.O_RDONLY)
    while os.read(descriptor, len(PIECE)):
        pass
    os.close(descriptor)


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def git_clone(folder, fixtures):
    yield
    run("git", "clone", "-q", "--no-hardlinks", fixtures + "/repository", folder + "/clone")


def git_status(folder, fixtures):
    yield
    run("git", "-C", folder + "/clone", "status", "--porcelain")


def unpack(folder, fixtures):
    yield
    run("tar", "xf", fixtures + "/source.tar", "-C", folder)


def npm_ci(folder, fixtures):
    os.makedirs(folder + "/npm")
    run("cp", fixtures + "/npm/package.json", fixtures + "/npm/package-lock.json", folder + "/npm")
    yield
    run(
        *("npm", "ci", "--prefix", folder + "/npm", "--cache", fixtures + "/npm-cache"),
        *("--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
    )


def main():
    name, folder, fixtures = sys.argv[1:]
    steps = globals()[name](folder, fixtures)
    next(steps)
    begin = time.monotonic()
    for _ in steps:
        pass
    print(time.monotonic() - begin)


if __name__ == "__main__":
    main()
