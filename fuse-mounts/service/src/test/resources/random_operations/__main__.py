"""Does the same random operations below two folders and compares each answer and what is left.

    random_operations FOLDER ORACLE SEED COUNT GROUPS [history]

Groups of processes work at once, each below a folder of its own: every other one is a process by
itself, the others are processes that share files and take turns, so that a seed says all that
happens. At a difference the operations are shrunk to a few that still show it; these are printed,
and the exit code is 1. With "history", FOLDER is a mounted workspace whose history of many moments is
compared, too.
"""

import multiprocessing
import os
import sys

from comparing import difference, shrink
from drawing import operations

SHARING = 3
ROUND = 2_000


def work(folder, oracle, seed, count, actors, history):
    for number, begin in enumerate(range(0, count, ROUND)):
        todo = operations(f"{seed}/{number}", min(count - begin, ROUND), actors)
        found = difference(folder, oracle, actors, todo, history)
        if found:
            print(f"seed {seed}, round {number}: {found}", flush=True)
            todo = shrink(folder, oracle, actors, todo[: found[0]], history)
            print(f"shrunk: {difference(folder, oracle, actors, todo, history) or 'not seen again'}")
            print(*todo, sep="\n", flush=True)
            sys.exit(1)


def main(folder, oracle, seed, count, groups, *options):
    working = [
        multiprocessing.Process(
            target=work,
            args=(
                os.path.join(folder, f"p{number}"),
                os.path.join(oracle, f"p{number}"),
                f"{seed}.{number}",
                int(count) // int(groups),
                SHARING if number % 2 else 1,
                "history" in options,
            ),
        )
        for number in range(int(groups))
    ]
    for group in working:
        group.start()
    for group in working:
        group.join()
    failed = sum(group.exitcode != 0 for group in working)
    print(f"{count} operations, {failed} of {groups} failed")
    return int(failed > 0)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    sys.exit(main(*sys.argv[1:]))
