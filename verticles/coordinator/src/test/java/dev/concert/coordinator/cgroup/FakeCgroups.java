package dev.concert.coordinator.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tree of control groups of version 2 in an ordinary folder: a new group has the files that the
 * kernel gives it for the controllers that its parent passes on.
 */
public final class FakeCgroups implements CgroupFolders {
  private final Path root;
  private final Path process;

  /**
   * @param place the group of this process, such as {@code /system.slice/concert.service}
   */
  public FakeCgroups(Path folder, String place, String controllers) throws IOException {
    this.root = Files.createDirectories(folder.resolve("fs"));
    this.process = Files.createDirectories(folder.resolve("self"));
    Path own = Files.createDirectories(root.resolve(place.substring(1)));
    for (Path group = own; group.startsWith(root); group = group.getParent()) {
      Files.writeString(group.resolve("cgroup.controllers"), controllers + "\n");
      Files.writeString(group.resolve("cgroup.subtree_control"), "\n");
      Files.writeString(group.resolve("cgroup.procs"), "");
    }
    Files.writeString(own.resolve("cgroup.type"), "domain\n");
    Files.writeString(own.resolve("cgroup.procs"), ProcessHandle.current().pid() + "\n");
    Files.writeString(process.resolve("cgroup"), "0::" + place + "\n");
    Files.writeString(
        process.resolve("mountinfo"),
        "30 24 0:26 / %s rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n".formatted(root));
  }

  public Path root() {
    return root;
  }

  /** What {@code /proc/self} is on this host. */
  public Path process() {
    return process;
  }

  @Override
  public void make(Path folder) throws IOException {
    Files.createDirectory(folder);
    Path above = folder.getParent();
    List<String> files = new ArrayList<>(List.of("cgroup.procs", "cgroup.type", "cgroup.kill"));
    String passed = Files.readString(above.resolve("cgroup.subtree_control"));
    Files.writeString(folder.resolve("cgroup.controllers"), passed.replace("+", ""));
    Files.writeString(folder.resolve("cgroup.subtree_control"), "");
    if (passed.contains("memory")) {
      files.addAll(List.of("memory.max", "memory.swap.max", "memory.oom.group"));
      Files.writeString(folder.resolve("memory.events"), "low 0\nmax 0\noom 0\noom_kill 0\n");
    }
    if (passed.contains("cpu")) {
      files.add("cpu.max");
    }
    if (passed.contains("pids")) {
      files.add("pids.max");
    }
    for (String file : files) {
      Files.writeString(folder.resolve(file), "");
    }
  }

  @Override
  public void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> children = Files.list(folder)) {
      List<Path> files = children.toList();
      if (files.stream().anyMatch(Files::isDirectory)) {
        throw new IOException("Device or resource busy");
      }
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
