"""What the pjdfstest suite is about, case by case, below two folders: the answers have to be alike.

    posix_cases FOLDER ORACLE BINDING

A case is a line of steps. A step is Python, done as root or, after "U:", as an ordinary user; its
answer is its value or the name of its errno. Needs root.
"""

import errno
import os
import shutil
import sys

import steps
from cases import CASES, EXCEPTIONS, LIBFUSE_EXCEPTIONS


def done(step):
    as_user = step.startswith("U: ")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.umask(0)
        if as_user:
            os.setgroups([])
            os.setresgid(*[steps.USER] * 3)
            os.setresuid(*[steps.USER] * 3)
        try:
            answer = repr(eval(step.removeprefix("U: "), vars(steps)))
        except OSError as refused:
            answer = errno.errorcode[refused.errno]
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        answer = said.read()
    os.waitpid(child, 0)
    return answer


def answers(root, number, todo):
    home = os.path.join(root, f"case-{number}")
    os.mkdir(home)
    os.chmod(home, 0o777)
    back = os.open(".", os.O_RDONLY)
    os.chdir(home)
    try:
        return [done(step) for step in todo]
    finally:
        os.fchdir(back)
        os.close(back)
        shutil.rmtree(home, ignore_errors=True)


def main(folder, oracle, binding):
    exceptions = LIBFUSE_EXCEPTIONS if binding == "jnr-fuse" else EXCEPTIONS
    folder, oracle = os.path.abspath(folder), os.path.abspath(oracle)
    cases = CASES.strip().splitlines()
    for number, case in enumerate(cases):
        todo = case.split(" ; ")
        got, expected = answers(folder, number, todo), answers(oracle, number, todo)
        if "" in expected:
            print(f"{case}\n  is no case: {expected}")
        elif (got != expected) != (case in exceptions):
            print(f"{case}\n  got      {got}\n  expected {expected}")
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    os.umask(0)
    main(*sys.argv[1:])
