package dev.concert.chronicle.replication.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which paths may be replicated. */
public final class SyncPath {
  private static final int MAX_PATH = 4000;
  private static final int MAX_NAME = 255;

  private SyncPath() {}

  /** Says what is wrong with a path; empty where it is a good one. */
  public static Optional<String> wrong(String path) {
    if (path.isEmpty() || path.indexOf('\0') >= 0 || bytes(path) > MAX_PATH) {
      return Optional.of("the path is empty, too long, or has a NUL in it");
    }
    String[] names = path.split("/", -1);
    for (String name : names) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return Optional.of("the path is not relative, or has empty parts, '.' or '..'");
      }
      if (bytes(name) > MAX_NAME) {
        return Optional.of("a name is longer than 255 bytes");
      }
    }
    return names[0].equals(".chronicle")
        ? Optional.of("'.chronicle' is the workspace's own")
        : Optional.empty();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
