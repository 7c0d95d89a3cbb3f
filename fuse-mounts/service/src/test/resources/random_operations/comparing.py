"""Has processes do operations below two folders, and finds the first answer that is not the same."""

import multiprocessing
import os
import shutil

from history import Moments
from world import World

# Seconds for an answer.
PATIENCE = 60

# Operations from one rest to the next.
RESTING = 200


class Actor:
    """A process that does what it is told, in both folders, and says both answers."""

    def __init__(self, folder, oracle):
        self.connection, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=act, args=(theirs, folder, oracle))
        self.process.start()
        theirs.close()

    def do(self, operation):
        try:
            self.connection.send(operation)
            if not self.connection.poll(PATIENCE):
                return "no answer", "an answer"
            return self.connection.recv()
        except (EOFError, ConnectionError):
            self.process.join()
            return f"died: {self.process.exitcode}", "an answer"

    def end(self):
        try:
            self.connection.send(None)
            self.process.join(PATIENCE)
        except ConnectionError:
            pass  # It is dead.
        self.process.kill()
        self.process.join()


def act(connection, folder, oracle):
    worlds = World(folder), World(oracle)
    while operation := connection.recv():
        connection.send(tuple(world.do(operation) for world in worlds))
    for world in worlds:
        world.end()


def difference(folder, oracle, actors, todo, history=False):
    """Number of operations up to the first difference and what it is, or None.

    With history, the processes rest now and then, and what the history says of the moment has to be
    what is there; at the end what it says of all these moments.
    """
    for root in (folder, oracle):
        shutil.rmtree(root, ignore_errors=True)
        os.makedirs(root)
    cast = [Actor(folder, oracle) for _ in range(actors)]
    one, other = World(folder), World(oracle)
    moments = Moments(folder, oracle)
    try:
        for number, (actor, operation) in enumerate(todo):
            if history and number % RESTING == RESTING - 1:
                for each in cast:
                    each.do(("rest",))
                found = moments.differs_now()
                if found:
                    return number, "the history now", found
            got, expected = cast[actor].do(operation)
            moments.done(operation, got)
            if got != expected:
                return number + 1, operation, got, expected, differences(one, other)
    finally:
        for actor in cast:
            actor.end()
    left, expected = one.shapes(), other.shapes()
    if left != expected:
        unlike = [(a, b) for a, b in zip(left, expected) if a != b]
        return len(todo), "what is left", unlike or left, expected
    found = (moments.differs_now() or moments.differs_later()) if history else None
    return (len(todo), "the history", found) if found else None


def differences(one, other):
    """What two worlds have that is not the same."""
    left = [[world.kind(at) for at in sorted(world.walk())] for world in (one, other)]
    return [entry for entry in left[0] + left[1] if (entry in left[0]) != (entry in left[1])]


def shrink(folder, oracle, actors, todo, history):
    """Leaves out what is not needed for a difference."""
    step = len(todo) // 2
    while step > 0:
        at = 0
        while at < len(todo):
            fewer = todo[:at] + todo[at + step :]
            found = difference(folder, oracle, actors, fewer, history)
            if found:
                todo = fewer[: found[0]]
            else:
                at += step
        step //= 2
    return todo
