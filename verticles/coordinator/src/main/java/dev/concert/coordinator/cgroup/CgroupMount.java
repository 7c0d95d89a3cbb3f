package dev.concert.coordinator.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A mounted hierarchy and this process's place in it, as {@code /proc/self/cgroup} and {@code
 * mountinfo} have them.
 *
 * @param controllers those that are known here; never empty
 * @param own folder of the group that this process is in
 */
record CgroupMount(
    CgroupVersion version, Set<CgroupController> controllers, Path mountPoint, Path own) {
  private static final int ROOT = 3;
  private static final int MOUNT_POINT = 4;

  /**
   * The hierarchies that have a controller; each controller once.
   *
   * @param process folder of this process in {@code /proc}
   */
  static List<CgroupMount> read(Path process) throws IOException {
    Map<String, String> places = places(process.resolve("cgroup"));
    List<CgroupMount> mounts = new ArrayList<>();
    Set<CgroupController> left = EnumSet.allOf(CgroupController.class);
    try (Stream<String> lines = Files.lines(process.resolve("mountinfo"))) {
      for (String line : lines.filter(one -> one.contains(" - cgroup")).toList()) {
        CgroupMount mount = of(line, places);
        Set<CgroupController> fresh = EnumSet.copyOf(left);
        fresh.retainAll(mount.controllers);
        if (!fresh.isEmpty()) {
          left.removeAll(fresh);
          mounts.add(new CgroupMount(mount.version, fresh, mount.mountPoint, mount.own));
        }
      }
    }
    return mounts;
  }

  /** Paths of this process's groups by controller; the one of version 2 has an empty name. */
  private static Map<String, String> places(Path file) throws IOException {
    Map<String, String> places = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(":", 3);
      Arrays.stream(fields[1].split(",")).forEach(name -> places.put(name, fields[2]));
    }
    return places;
  }

  private static CgroupMount of(String line, Map<String, String> places) throws IOException {
    String[] fields = line.split(" ");
    String[] source = line.substring(line.indexOf(" - ") + 3).split(" ");
    Path mountPoint = Path.of(fields[MOUNT_POINT]);
    if (source[0].equals("cgroup2")) {
      Path own = below(mountPoint, fields[ROOT], places.getOrDefault("", "/"));
      return new CgroupMount(CgroupVersion.V2, available(own), mountPoint, own);
    }
    List<String> names = List.of(source[2].split(","));
    String place =
        names.stream().filter(places::containsKey).findFirst().map(places::get).orElse("/");
    return new CgroupMount(
        CgroupVersion.V1,
        CgroupController.of(names),
        mountPoint,
        below(mountPoint, fields[ROOT], place));
  }

  private static Set<CgroupController> available(Path own) throws IOException {
    Path file = own.resolve("cgroup.controllers");
    return Files.exists(file)
        ? CgroupController.of(List.of(Files.readString(file).strip().split(" ")))
        : Set.of();
  }

  /** A group that is not below what is mounted cannot be seen: then the topmost one serves. */
  private static Path below(Path mountPoint, String root, String place) {
    Path path = Path.of(place).normalize();
    Path folder =
        path.startsWith(root)
            ? mountPoint.resolve(Path.of(root).relativize(path).toString())
            : mountPoint;
    if (!Files.isDirectory(folder)) {
      return mountPoint;
    }
    // Where a server before this one moved what started it.
    return folder.endsWith(CgroupHierarchy.SERVER) ? folder.getParent() : folder;
  }

  /** Where to make groups, the best place first: limits of this process's own group hold there. */
  List<Path> bases() {
    return own.equals(mountPoint) ? List.of(own) : List.of(own, mountPoint);
  }
}
