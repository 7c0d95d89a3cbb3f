package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shuts an agent in with bubblewrap: namespaces of its own for mounts, processes, IPC and host
 * name, no capability, a read-only root that holds the system's programs, the interpreter, the
 * agent's own files and the SDK. Writable are the workspace and three small folders in memory:
 * {@code /tmp}, {@code HOME} and {@code /dev/shm}. Of the host's data it sees its workspace and its
 * socket.
 *
 * <p>The network is the host's: Ensemble listens on the loopback interface, and the agent has to
 * reach it. So the agent reaches whatever else listens there; abstract Unix sockets included.
 *
 * <p>{@code --die-with-parent} follows the thread that started the process: see {@link
 * ProcessStarter}.
 *
 * @param executable path of {@code bwrap}
 * @param setsid path of {@code setsid}, where the host has it: with a session of its own bubblewrap
 *     does not get the Ctrl-C that a person types at the server's terminal
 */
public record Bubblewrap(String executable, Optional<String> setsid) implements Sandbox {
  private static final String HOME = "/home/agent";
  private static final String SCRATCH_BYTES = Long.toString(512L << 20);
  private static final String SHARED_MEMORY_BYTES = Long.toString(64L << 20);
  private static final List<String> SYSTEM = List.of("/usr");
  private static final List<String> LINKED_SYSTEM =
      List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

  /** Of /etc only what programs need to find libraries, names and certificates. */
  private static final List<String> SETTINGS =
      List.of(
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/alternatives",
          "/etc/ssl",
          "/etc/pki",
          "/etc/ca-certificates",
          "/etc/resolv.conf",
          "/etc/hosts",
          "/etc/nsswitch.conf",
          "/etc/host.conf",
          "/etc/gai.conf",
          "/etc/services",
          "/etc/protocols",
          "/etc/passwd",
          "/etc/group",
          "/etc/localtime",
          "/etc/timezone",
          "/etc/mime.types");

  @Override
  public String name() {
    return "bubblewrap";
  }

  @Override
  public List<String> command(AgentLaunch launch) {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    command.add(executable);
    command.addAll(isolation());
    command.addAll(system());
    bind(command, launch.runtime().folders());
    bind(command, launch.readable());
    command.addAll(List.of("--bind", launch.workspace().toString(), launch.workspace().toString()));
    command.addAll(List.of("--bind", launch.socket().toString(), launch.socket().toString()));
    command.addAll(List.of("--remount-ro", "/", "--chdir", launch.workspace().toString()));
    launch
        .environment(HOME, "/tmp")
        .forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
    command.add("--");
    command.addAll(launch.command());
    return command;
  }

  /** What holds without any agent: used to try whether bubblewrap works on this host. */
  List<String> trial() {
    List<String> command = new ArrayList<>();
    command.add(executable);
    command.addAll(isolation());
    command.addAll(system());
    command.addAll(List.of("--remount-ro", "/", "--", "/bin/sh", "-c", "exit 0"));
    return command;
  }

  /** The root: bubblewrap's own process must not keep the workspace mounted. */
  @Override
  public Path folder(AgentLaunch launch) {
    return Path.of("/");
  }

  @Override
  public Map<String, String> environment(AgentLaunch launch) {
    return Map.of("PATH", "/usr/bin:/bin");
  }

  private static List<String> isolation() {
    return List.of(
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--cap-drop",
        "ALL");
  }

  private static List<String> system() {
    List<String> arguments = new ArrayList<>();
    SYSTEM.forEach(folder -> arguments.addAll(List.of("--ro-bind", folder, folder)));
    LINKED_SYSTEM.forEach(folder -> arguments.addAll(linked(Path.of(folder))));
    SETTINGS.forEach(file -> arguments.addAll(List.of("--ro-bind-try", file, file)));
    arguments.addAll(List.of("--proc", "/proc"));
    // User 0 may write to /proc/sys even without capabilities, and core_pattern runs programs on
    // the host. bubblewrap shuts it only where it has to by itself.
    arguments.addAll(List.of("--ro-bind-try", "/proc/sys", "/proc/sys"));
    arguments.addAll(List.of("--ro-bind-try", "/proc/sysrq-trigger", "/proc/sysrq-trigger"));
    arguments.addAll(List.of("--dev", "/dev", "--remount-ro", "/dev"));
    arguments.addAll(List.of("--size", SHARED_MEMORY_BYTES, "--tmpfs", "/dev/shm"));
    arguments.addAll(List.of("--size", SCRATCH_BYTES, "--perms", "1777", "--tmpfs", "/tmp"));
    arguments.addAll(List.of("--size", SCRATCH_BYTES, "--tmpfs", HOME));
    return arguments;
  }

  private static List<String> linked(Path folder) {
    if (Files.isSymbolicLink(folder)) {
      try {
        return List.of("--symlink", Files.readSymbolicLink(folder).toString(), folder.toString());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the link " + folder, e);
      }
    }
    return List.of("--ro-bind-try", folder.toString(), folder.toString());
  }

  private static void bind(List<String> command, Collection<Path> folders) {
    folders.stream()
        .filter(folder -> !folder.startsWith("/usr"))
        .forEach(
            folder -> command.addAll(List.of("--ro-bind", folder.toString(), folder.toString())));
  }
}
