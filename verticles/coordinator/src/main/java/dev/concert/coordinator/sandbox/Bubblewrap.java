package dev.concert.coordinator.sandbox;

import dev.concert.coordinator.sandbox.seccomp.SeccompFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Shuts an agent in with bubblewrap: namespaces of its own for users, mounts, processes, IPC, host
 * name and network, no capability, a seccomp filter, and the files of {@link FileView}. Of the
 * host's data it sees its workspace and its sockets, and the network only through those.
 *
 * <p>Started by root, the agent is a user of its own on the host: an outer bubblewrap makes the
 * namespaces and mounts, {@code setpriv} gives up root for good, and an inner one makes the user
 * namespace, in which the agent has id 1000. A user namespace that root makes would not do: its
 * user is root again for the host. Started by somebody else, the agent is that user, and the outer
 * one makes a user namespace, too.
 *
 * <p>{@code --die-with-parent} follows the thread that started the process: see {@code
 * ProcessStarter}.
 *
 * @param bwrap its path
 * @param setpriv its path where this process is root, and each agent a user of its own
 * @param relays forward the ports of agents
 * @param setsid its path, where the host has it
 */
public record Bubblewrap(
    String bwrap, Optional<String> setpriv, PortRelays relays, Optional<String> setsid)
    implements Sandbox {
  private static final Optional<byte[]> FILTER = SeccompFilter.forThisMachine();

  private static final String FILTER_DESCRIPTOR = "9";
  private static final long TRIAL_BYTES = 1 << 20;

  /**
   * Opens what bubblewrap reads: the filter, which comes through standard input, and small files.
   * Bubblewrap closes all of them.
   */
  private static final String DESCRIPTORS =
      """
      exec %s<&0 0</dev/null %s<<'USERS' %s<<'GROUPS'
      %sUSERS
      %sGROUPS
      """
          .formatted(
              FILTER_DESCRIPTOR,
              FileView.USERS_DESCRIPTOR,
              FileView.GROUPS_DESCRIPTOR,
              FileView.USERS,
              FileView.GROUPS);

  private static final String RUN = "exec \"$@\"";

  /**
   * Makes the device nodes read-only: anybody may set the times of a node that he may write to.
   * Bubblewrap's own way would make them unusable. This happens inside its namespace: one around
   * bubblewrap would keep the mounts of other agents alive for as long as this agent runs.
   */
  private static final String LOCK_DEVICES =
      """
      for node in null zero full random urandom tty; do
        mount -o remount,bind,ro "/dev/$node" || exit
      done
      exec "$@"
      """;

  /** The agent's user and group, in its own eyes. */
  private static final String USER_INSIDE = "1000";

  @Override
  public String name() {
    return "bubblewrap";
  }

  @Override
  public boolean givesUsers() {
    return setpriv.isPresent();
  }

  @Override
  public List<String> missing() {
    return FILTER.isPresent()
        ? List.of()
        : List.of("no seccomp filter is known for this kind of processor");
  }

  @Override
  public boolean isolatesNetwork() {
    return true;
  }

  @Override
  public List<String> command(LaunchSpec launch) {
    return command(
        FileView.of(launch),
        launch.user(),
        launch.workspace().toString(),
        launch.scratchBytes(),
        launch.environment(FileView.HOME, "/tmp"),
        relays.before(launch.ports(), launch.command()));
  }

  /**
   * Runs a shell script without any agent: shows whether bubblewrap works on this host.
   *
   * @param user whom the script runs as
   */
  List<String> trial(String script, OptionalInt user) {
    return command(
        FileView.system(TRIAL_BYTES),
        user,
        "/",
        TRIAL_BYTES,
        Map.of("PATH", "/usr/bin:/bin"),
        List.of("/bin/sh", "-c", script));
  }

  private List<String> command(
      FileView files,
      OptionalInt user,
      String folder,
      long scratchBytes,
      Map<String, String> environment,
      List<String> inside) {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    command.addAll(List.of("/bin/sh", "-c", DESCRIPTORS + RUN, "sandbox", bwrap));
    command.addAll(namespaces());
    environment.forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
    if (user.isPresent()) {
      // What locks the devices, and what setpriv needs to give up the rest.
      for (String capability :
          List.of("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")) {
        command.addAll(List.of("--cap-add", capability));
      }
      command.addAll(files.arguments());
      command.addAll(List.of("--", "/bin/sh", "-c", LOCK_DEVICES, "devices"));
      command.addAll(asUser(user.getAsInt()));
    } else {
      // Else the agent could trace the outer one, which has no filter.
      command.addAll(userNamespace());
      command.addAll(files.arguments());
      command.add("--");
    }
    command.addAll(List.of(bwrap, "--die-with-parent", "--dev-bind", "/", "/"));
    command.addAll(userNamespace());
    command.addAll(List.of("--disable-userns", "--cap-drop", "ALL"));
    // Only user 0 of the host may write these, who is not in here: one lock more.
    command.addAll(List.of("--ro-bind", "/proc/sys", "/proc/sys"));
    command.addAll(List.of("--size", Long.toString(scratchBytes), "--tmpfs", FileView.HOME));
    command.addAll(List.of("--chdir", folder));
    command.addAll(FILTER.isPresent() ? List.of("--seccomp", FILTER_DESCRIPTOR) : List.of());
    command.add("--");
    command.addAll(inside);
    return command;
  }

  private static List<String> namespaces() {
    return List.of(
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-net",
        "--unshare-cgroup-try",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--cap-drop",
        "ALL");
  }

  private List<String> asUser(int user) {
    String id = Integer.toString(user);
    return List.of(
        setpriv.orElseThrow(),
        "--reuid",
        id,
        "--regid",
        id,
        "--clear-groups",
        "--bounding-set=-all",
        "--inh-caps=-all",
        "--no-new-privs");
  }

  private static List<String> userNamespace() {
    return List.of("--unshare-user", "--uid", USER_INSIDE, "--gid", USER_INSIDE);
  }

  /** The seccomp filter: no file holds it, so none can be missing when an agent starts. */
  @Override
  public byte[] input() {
    return FILTER.orElse(new byte[0]);
  }

  /** The root: bubblewrap's own process must not keep the workspace mounted. */
  @Override
  public Path folder(LaunchSpec launch) {
    return Path.of("/");
  }

  @Override
  public Map<String, String> environment(LaunchSpec launch) {
    return Map.of("PATH", "/usr/bin:/bin");
  }
}
