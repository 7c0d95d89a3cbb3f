"""Tries to leave the sandbox. An attempt that raises an OSError was refused; one that returns got out.

Prints one line for each attempt: name, layer, "refused" or "ESCAPED", and what happened, with tabs between.
The host's side of the attempts is in the environment: ports, paths, process ids that the test made.
"""
import common  # first: it looks at what the start left open

import attempts_on_files
import attempts_on_users
import attempts_on_processes
import attempts_on_others

if __name__ == "__main__":
    for name, layer, action in common.ATTEMPTS:
        print(name, layer, common.run(action), sep="\t", flush=True)
