"""Which simple commands a shell command consists of, as far as that is beyond doubt.

The words come from the grammar of bash where its library is installed, else from `shlex` of the standard library. What is
not plain (substitutions, redirections to files, groups, keywords) makes a command one that nothing can be said about: it is
asked for each time.
"""

from __future__ import annotations

import re
import shlex
from typing import List, Optional

from coding import shell_grammar

# Each of these means more to a shell than to shlex. Harmless ones in quotes are refused with the others.
_UNKNOWN = re.compile(r"[$`\\\n\r<>(){}#!\0]")
_OPERATORS = frozenset({"&&", "||", ";", "|"})
_PLAIN_WORD = re.compile(r"[A-Za-z0-9._/+@:-]+\Z")
_KEYWORDS = frozenset({
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "select", "function",
    "time", "coproc", "in", "[["})
# What they run is in their arguments, or in the shell itself.
_WRAPPERS = frozenset({
    "env", "xargs", "sh", "bash", "dash", "zsh", "ksh", "fish", "busybox", "sudo", "doas", "su", "runuser", "nohup",
    "nice", "ionice", "timeout", "stdbuf", "setsid", "watch", "parallel", "flock", "chroot", "unshare", "nsenter",
    "strace", "ltrace", "gdb", "script", "ssh", "npx", "bunx", "uvx", "pipx", "corepack", "tmux", "screen", "at",
    "eval", "exec", "source", ".", "command", "builtin", "trap", "alias", "set", "export", "declare", "typeset",
    "local", "sed", "enable", "shopt", "unset", "hash", "awk", "gawk", "mawk", "nawk", "vi", "vim", "ed", "ex", "expect"})
_INTERPRETERS = re.compile(r"(python|pypy|node|nodejs|ruby|perl|php|lua|java|tclsh|Rscript)[0-9.]*\Z")
_WITH_SUBCOMMANDS = frozenset({
    "git", "gh", "hg", "npm", "pnpm", "yarn", "cargo", "rustup", "go", "docker", "podman", "kubectl", "helm", "terraform",
    "mvn", "mvnw", "gradle", "gradlew", "make", "just", "rake", "bundle", "composer", "pip", "pip3", "poetry", "uv",
    "conda", "bun", "deno", "tox", "nox", "dotnet", "brew", "apt", "apt-get", "systemctl", "concert"})
_RUN = frozenset({"run", "run-script"})
_RUN_ANYTHING = frozenset({"exec", "x", "dlx", "config", "create", "init", "alias", "rebase", "bisect", "filter-branch", "submodule"})
_RISKY_ARGUMENTS = {
    "find": re.compile(r"-(exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls)\Z"),
    "rg": re.compile(r"--(pre|hostname-bin)\b"),
    "sort": re.compile(r"-o|-T|--(output|compress-program)"),
    "tar": re.compile(r"-I|-F|--(to-command|use-compress-program|checkpoint-action|info-script|new-volume-script|rsh-command)"),
    "rsync": re.compile(r"-[a-zA-Z]*e|--rsh"),
    "git": re.compile(r"--(upload-pack|receive-pack|exec|ext-diff|open-files-in-pager|output|textconv)|-O"),
    "go": re.compile(r"-(exec|toolexec|vettool)"),
    "cargo": re.compile(r"--config"),
    "make": re.compile(r"-f|--(file|makefile|eval)|.*="),
}


def likes_of(command: str) -> Optional[List[str]]:
    """What "commands like this" are, one for each simple command, such as `ls` or `npm run lint`. None where it
    cannot be said what the command does."""
    grammar = shell_grammar.is_installed()
    simple = shell_grammar.simple_commands(command) if grammar else _by_shlex(command)
    if not simple:
        return None
    likes = [_like(words) for words in simple]
    return None if None in likes else sorted(set(likes))


def _by_shlex(command: str) -> Optional[List[List[str]]]:
    if _UNKNOWN.search(command):
        return None
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError:
        return None
    commands: List[List[str]] = [[]]
    for word in words:
        if word in _OPERATORS:
            commands.append([])
        elif word and set(word) <= set(";&|"):
            return None
        else:
            commands[-1].append(word)
    return commands if all(commands) else None


def _like(words: List[str]) -> Optional[str]:
    program, arguments = words[0], words[1:]
    name = program.rpartition("/")[2]
    if not _PLAIN_WORD.match(program) or name in _KEYWORDS or name in _WRAPPERS:
        return None
    risky = _RISKY_ARGUMENTS.get(name)
    if risky is not None and any(risky.match(argument) for argument in arguments):
        return None
    if _INTERPRETERS.match(name):
        size = 2 if arguments[:1] == ["-m"] else 1
        # What stands behind the name of a script is the script's own.
        return _first(program, arguments, size) if size == 2 or _is_name(arguments) else None
    if name not in _WITH_SUBCOMMANDS:
        return program
    if not arguments:
        return program
    if not _is_name(arguments) or arguments[0] in _RUN_ANYTHING:
        return None
    return _first(program, arguments, 2 if arguments[0] in _RUN else 1)


def _is_name(arguments: List[str]) -> bool:
    return bool(arguments) and not arguments[0].startswith("-") and bool(_PLAIN_WORD.match(arguments[0]))


def _first(program: str, arguments: List[str], size: int) -> Optional[str]:
    taken = arguments[:size]
    if len(taken) < size or not all(_PLAIN_WORD.match(word) for word in taken):
        return None
    return " ".join([program, *taken]) if not taken[-1].startswith("-") else None
