package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files an agent sees, as arguments of bubblewrap: the system's programs, the interpreter,
 * its own files and the SDK, all of them read-only; its workspace; and three folders in memory.
 */
final class FileView {
  /** Path of the folder in which the sandbox finds the sockets that ports lead to. */
  static final String SOCKETS = "/run/concert";

  static final String HOME = "/home/agent";

  /** Of what {@code /tmp} holds, {@code /dev/shm} holds this part. */
  private static final long SHARED_MEMORY_PART = 8;

  private static final long LEAST_BYTES = 4096;

  /** Everybody may write, but remove only his own. */
  private static final String SHARED = "1777";

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
          "/etc/localtime",
          "/etc/timezone",
          "/etc/mime.types");

  /** {@code /etc/passwd} and {@code /etc/group} of the sandbox: no name of the host's users. */
  static final String USERS =
      """
      root:x:0:0:root:/root:/bin/sh
      agent:x:1000:1000:agent:/home/agent:/bin/sh
      nobody:x:65534:65534:nobody:/nonexistent:/bin/false
      """;

  static final String GROUPS =
      """
      root:x:0:
      agent:x:1000:
      nogroup:x:65534:
      """;

  static final String USERS_DESCRIPTOR = "8";
  static final String GROUPS_DESCRIPTOR = "7";

  private final List<String> arguments = new ArrayList<>();

  private FileView() {}

  /**
   * What every sandbox has.
   *
   * @param scratchBytes size of {@code /tmp}
   */
  static FileView system(long scratchBytes) {
    long sharedBytes = Math.max(LEAST_BYTES, scratchBytes / SHARED_MEMORY_PART);
    FileView view = new FileView();
    SYSTEM.forEach(folder -> view.add("--ro-bind", folder, folder));
    LINKED_SYSTEM.forEach(folder -> view.linked(Path.of(folder)));
    view.add("--dir", "/etc");
    SETTINGS.forEach(file -> view.add("--ro-bind-try", file, file));
    view.add("--perms", "0644", "--ro-bind-data", USERS_DESCRIPTOR, "/etc/passwd");
    view.add("--perms", "0644", "--ro-bind-data", GROUPS_DESCRIPTOR, "/etc/group");
    view.add("--proc", "/proc");
    view.add("--dev", "/dev", "--remount-ro", "/dev");
    view.add("--size", Long.toString(sharedBytes), "--perms", SHARED, "--tmpfs", "/dev/shm");
    view.add("--size", Long.toString(scratchBytes), "--perms", SHARED, "--tmpfs", "/tmp");
    view.add("--dir", HOME);
    return view;
  }

  /** The same for one agent. */
  static FileView of(LaunchSpec launch) {
    FileView view = system(launch.scratchBytes());
    launch.runtime().folders().forEach(view::readable);
    launch.readable().forEach(view::readable);
    launch.toolchains().folders().forEach(view::readable);
    launch.toolchains().hidden().forEach(view::hidden);
    view.bind(launch.workspace(), launch.workspace().toString());
    view.bind(launch.socket(), launch.socket().toString());
    launch.ports().forEach(port -> view.bind(port.socket(), SOCKETS + "/" + port.port()));
    return view;
  }

  /** The arguments. The root that holds all of it is read-only, too. */
  List<String> arguments() {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--remount-ro", "/"));
    return all;
  }

  private void readable(Path folder) {
    if (!folder.startsWith("/usr")) {
      open(folder.getParent());
      add("--ro-bind", folder.toString(), folder.toString());
    }
  }

  /** An empty folder or file is in its place. */
  private void hidden(Path place) {
    if (Files.isDirectory(place)) {
      add("--perms", "0555", "--tmpfs", place.toString(), "--remount-ro", place.toString());
    } else {
      add("--dev-bind", "/dev/null", place.toString());
    }
  }

  private void bind(Path source, String target) {
    open(Path.of(target).getParent());
    add("--bind", source.toString(), target);
  }

  /** Bubblewrap makes the folders above a bind for root alone, unless they are there. */
  private void open(Path folder) {
    add("--dir", folder.toString());
  }

  private void linked(Path folder) {
    if (!Files.isSymbolicLink(folder)) {
      add("--ro-bind-try", folder.toString(), folder.toString());
      return;
    }
    try {
      add("--symlink", Files.readSymbolicLink(folder).toString(), folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the link " + folder, e);
    }
  }

  private void add(String... more) {
    arguments.addAll(List.of(more));
  }
}
