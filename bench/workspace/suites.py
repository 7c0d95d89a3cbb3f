"""Runs pjdfstest, fsx and fsstress on a Chronicle workspace, on bindfs and on the bare disk.

Arguments: the command that serves a mount for a folder (MountServer). Builds the suites from their
public sources, which are cloned below target/ of the benchmarks, never committed. A variable names
another place for each of them, for example a copy on this machine:

    PJDFSTEST_SOURCE   https://github.com/pjd/pjdfstest             needs autoconf, automake, perl
    XFSTESTS_SOURCE    https://github.com/kdave/xfstests            has fsx and fsstress; needs xfslibs-dev,
                                                                    libacl1-dev, libattr1-dev, uuid-dev
    FSX_OPERATIONS     of each of the runs (20000)
    FSX_RUNS           each with a seed of its own (5)
    FSSTRESS_OPERATIONS of each of 4 processes (5000)
    SUITES             those to run (pjdfstest fsx fsstress)

Needs root and bindfs. Prints how many checks, runs or operations there were and how many failed, and
which; they gate nothing: PosixTest and RandomOperationsTest test each subject of these suites.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from compare import Bindfs, Chronicle, Disk, run

TARGET = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "target", "suites")
PJDFSTEST = os.environ.get("PJDFSTEST_SOURCE", "https://github.com/pjd/pjdfstest")
XFSTESTS = os.environ.get("XFSTESTS_SOURCE", "https://github.com/kdave/xfstests")
FSX_OPERATIONS = int(os.environ.get("FSX_OPERATIONS", "20000"))
FSX_RUNS = int(os.environ.get("FSX_RUNS", "5"))
FSSTRESS_OPERATIONS = int(os.environ.get("FSSTRESS_OPERATIONS", "5000"))
PROCESSES = 4


def clone(source, name, build, *needed):
    """The folder of a suite that is built."""
    folder = os.path.abspath(os.path.join(TARGET, name))
    if not all(os.path.exists(os.path.join(folder, one)) for one in needed):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(TARGET, exist_ok=True)
        run("git", "clone", "--quiet", "--depth", "1", source, folder)
        with open(folder + ".log", "w") as log:
            subprocess.run(build, shell=True, cwd=folder, stdout=log, stderr=log)
        missing = [one for one in needed if not os.path.exists(os.path.join(folder, one))]
        assert not missing, f"{name} has no {missing} after its build: see {folder}.log"
    return folder


def pjdfstest(root):
    suite = clone(
        PJDFSTEST, "pjdfstest", "autoreconf -ifs && ./configure && make pjdfstest", "pjdfstest"
    )
    said = subprocess.run(
        ["prove", "-r", "-v", suite + "/tests"], cwd=root, capture_output=True, text=True
    ).stdout
    failed, script = [], ""
    for line in said.splitlines():
        if line.startswith(suite):
            script = line[len(suite) + len("/tests/") :].split(" ")[0]
        if line.startswith("not ok") and "TODO" not in line:
            failed.append(script + " " + line.split(" - ")[0].removeprefix("not ok "))
    return len(re.findall("^(?:not )?ok ", said, re.MULTILINE)), failed


def xfstests():
    return clone(
        XFSTESTS,
        "xfstests",
        "make configure && ./configure && make include/builddefs; make -C lib; make -C ltp",
        "ltp/fsx",
        "ltp/fsstress",
    )


def fsx(root):
    failed = []
    for seed in range(1, FSX_RUNS + 1):
        told = subprocess.run(
            [xfstests() + "/ltp/fsx", "-q", "-S", str(seed), "-N", str(FSX_OPERATIONS), f"{root}/fsx-{seed}"],
            capture_output=True,
            text=True,
        )
        if told.returncode:
            failed.append(f"seed {seed}: {(told.stdout + told.stderr).splitlines()[-1:]}")
    return FSX_RUNS * FSX_OPERATIONS, failed


def fsstress(root):
    told = subprocess.run(
        [xfstests() + "/ltp/fsstress", "-d", root + "/fsstress", "-s", "1"]
        + ["-n", str(FSSTRESS_OPERATIONS), "-p", str(PROCESSES)],
        capture_output=True,
        text=True,
    )
    failed = [] if told.returncode == 0 else [f"exit {told.returncode}: {told.stderr[-300:]}"]
    for folder, folders, files in os.walk(root + "/fsstress"):
        for name in folders + files:
            try:
                os.lstat(os.path.join(folder, name))
            except OSError as gone:
                failed.append(str(gone))
    return PROCESSES * FSSTRESS_OPERATIONS, failed


SUITES = {"pjdfstest": pjdfstest, "fsx": fsx, "fsstress": fsstress}


def main():
    wanted = os.environ.get("SUITES", " ".join(SUITES)).split()
    base = tempfile.mkdtemp(prefix="suites-", dir=os.environ.get("BENCH_FOLDER"))
    places = [
        lambda: Disk(base + "/disk"),
        lambda: Bindfs(base + "/bindfs"),
        lambda: Chronicle(base + "/chronicle", sys.argv[1:]),
    ]
    print("| suite | place | checks or operations | failed |\n|---|---|---|---|", flush=True)
    try:
        for opening in places:
            place = opening()
            try:
                for name in wanted:
                    home = os.path.join(place.root, name)
                    os.makedirs(home)
                    os.chmod(home, 0o777)
                    count, failed = SUITES[name](home)
                    print(f"| {name} | {place.name} | {count} | {len(failed)} |", flush=True)
                    for one in failed:
                        print(f"  {one}", flush=True)
            finally:
                place.close()
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
