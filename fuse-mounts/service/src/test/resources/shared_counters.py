"""Lets processes count in files that they share, each step under a lock, and looks at every total.

    shared_counters.py FOLDER PROCESSES ROUNDS STEPS

A lost update, or a lock that two had at once, makes a total too small. What is counted in is written
in another way by each step, so that each has to see what another process did in another way.
"""

import fcntl
import mmap
import multiprocessing
import os
import random
import sys

COUNTERS = ("x", "y", "z")
SIZE = 8192


def by_descriptor(name):
    with open(name, "r+b", buffering=0) as file:
        count = int.from_bytes(os.pread(file.fileno(), 8, 0), "little")
        os.pwrite(file.fileno(), (count + 1).to_bytes(8, "little"), 0)


def by_mapping(name):
    with open(name, "r+b") as file, mmap.mmap(file.fileno(), SIZE) as memory:
        count = int.from_bytes(memory[:8], "little")
        memory[:8] = (count + 1).to_bytes(8, "little")


def by_kept_mapping(name):
    """One that all processes have had since they began, and that nobody writes back."""
    memory = KEPT[name]
    count = int.from_bytes(memory[:8], "little")
    memory[:8] = (count + 1).to_bytes(8, "little")


def by_emptying(name):
    with open(name, "rb") as file:
        count = int.from_bytes(file.read(8), "little")
    os.truncate(name, 8)
    with open(name, "r+b") as file:
        file.write((count + 1).to_bytes(8, "little"))
        file.truncate(SIZE)


WAYS = (by_descriptor, by_mapping, by_kept_mapping, by_emptying)
KEPT = {}


def keep(name):
    with open(name, "r+b") as file:
        return mmap.mmap(file.fileno(), SIZE)


def step(draw):
    name = draw.choice(COUNTERS)
    with open(name + ".lock", "wb") as lock:
        # The two kinds do not know of each other, so each counter has one.
        locking = fcntl.flock if name == COUNTERS[0] else fcntl.lockf
        locking(lock, fcntl.LOCK_EX)
        draw.choice(WAYS)(name)


def work(seed, steps):
    draw = random.Random(seed)
    for _ in range(steps):
        step(draw)


def count_in(name):
    with open(name, "rb") as file:
        return int.from_bytes(file.read(8), "little")


def main(folder, processes, rounds, steps):
    os.chdir(folder)
    for name in COUNTERS:
        with open(name, "wb") as file:
            file.truncate(SIZE)
        KEPT[name] = keep(name)
    for number in range(rounds):
        working = [
            multiprocessing.Process(target=work, args=(f"{number}.{one}", steps))
            for one in range(processes)
        ]
        for one in working:
            one.start()
        for one in working:
            one.join()
        counted, expected = sum(map(count_in, COUNTERS)), (number + 1) * processes * steps
        if counted != expected or any(one.exitcode for one in working):
            print(f"round {number}: {counted} instead of {expected}")
            return 1
    print(f"{rounds} rounds of {processes} processes lost nothing")
    return 0


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
