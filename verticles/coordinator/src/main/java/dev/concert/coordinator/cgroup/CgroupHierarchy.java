package dev.concert.coordinator.cgroup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hierarchy in which this process may make groups. Touches files: not for event loops.
 *
 * @param folder the group {@code concert}, which has a group below it for each agent
 */
public record CgroupHierarchy(
    CgroupVersion version, Path folder, Set<CgroupController> controllers, CgroupFolders folders) {
  private static final Logger LOG = LoggerFactory.getLogger(CgroupHierarchy.class);
  private static final String NAME = "concert";

  /** For this process itself: a group of version 2 that has groups below it has no processes. */
  static final String SERVER = "concert-server";

  /**
   * The hierarchies that this host gives to this process; none on a host without control groups or
   * where this user may not make any.
   *
   * @param process folder of this process in {@code /proc}
   */
  public static List<CgroupHierarchy> find(Path process, CgroupFolders folders) {
    if (!Files.isReadable(process.resolve("cgroup"))) {
      return List.of();
    }
    try {
      List<CgroupHierarchy> found = new ArrayList<>();
      for (CgroupMount mount : CgroupMount.read(process)) {
        mount.bases().stream()
            .flatMap(base -> in(mount, base, folders).stream())
            .findFirst()
            .ifPresent(found::add);
      }
      return found;
    } catch (IOException e) {
      LOG.debug("The control groups of this process cannot be read", e);
      return List.of();
    }
  }

  private static Optional<CgroupHierarchy> in(CgroupMount mount, Path base, CgroupFolders folders) {
    CgroupHierarchy hierarchy =
        new CgroupHierarchy(mount.version(), base.resolve(NAME), mount.controllers(), folders);
    try {
      hierarchy.prepare();
      return hierarchy.tryOut() ? Optional.of(hierarchy) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("No control groups below {}", base, e);
      return Optional.empty();
    }
  }

  private void prepare() throws IOException {
    if (version == CgroupVersion.V2) {
      enable(folder.getParent());
    }
    makeUnlessThere(folder);
    if (version == CgroupVersion.V2) {
      enable(folder);
    }
  }

  private void makeUnlessThere(Path group) throws IOException {
    try {
      folders.make(group);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("Control group {} is there already", group);
    }
  }

  private boolean tryOut() throws IOException {
    Path trial = folder.resolve("trial-" + UUID.randomUUID());
    folders.make(trial);
    boolean limited =
        controllers.stream()
            .allMatch(one -> Files.isWritable(trial.resolve(one.limitFile(version))));
    folders.remove(trial);
    return limited;
  }

  /** Lets the groups below this one have the controllers. */
  private void enable(Path group) throws IOException {
    Path control = group.resolve("cgroup.subtree_control");
    if (CgroupController.of(List.of(Files.readString(control).strip().split(" ")))
        .containsAll(controllers)) {
      return;
    }
    makeWay(group);
    Files.writeString(
        control,
        controllers.stream().map(one -> "+" + one.kernelName()).collect(Collectors.joining(" ")));
  }

  /**
   * Moves this process, and what started it or was started by it, into a group of its own. Others
   * stay: then the kernel refuses the controllers, and another place is tried.
   */
  private void makeWay(Path group) throws IOException {
    if (!Files.exists(group.resolve("cgroup.type"))) {
      return; // the topmost group of the host may have both
    }
    Set<Long> mine = relatives();
    List<Long> members = Cgroup.members(group).stream().toList();
    if (members.isEmpty() || !mine.containsAll(members)) {
      return;
    }
    makeUnlessThere(group.resolve(SERVER));
    for (long pid : members) {
      Files.writeString(group.resolve(SERVER).resolve("cgroup.procs"), Long.toString(pid));
    }
  }

  private static Set<Long> relatives() {
    ProcessHandle self = ProcessHandle.current();
    Stream<ProcessHandle> above =
        Stream.iterate(
                self.parent(), Optional::isPresent, parent -> parent.flatMap(ProcessHandle::parent))
            .map(Optional::get);
    return Stream.of(Stream.of(self), above, self.descendants())
        .flatMap(handles -> handles)
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  /** Makes a group below {@code concert} and returns its folder. */
  Path make(String name) throws IOException {
    Path group = folder.resolve(name);
    try {
      makeUnlessThere(group);
    } catch (NoSuchFileException e) {
      prepare(); // another server of this host removed the group above when it stopped
      makeUnlessThere(group);
    }
    return group;
  }

  /** Removes the group {@code concert}, unless another server of this host has groups in it. */
  public void removeIfEmpty() {
    try {
      folders.remove(folder);
    } catch (IOException e) {
      LOG.debug("Control group {} is in use", folder, e);
    }
  }

  /** Names of the groups below {@code concert}. */
  List<String> names() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .toList();
    }
  }
}
