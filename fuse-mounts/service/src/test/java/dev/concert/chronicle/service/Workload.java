package dev.concert.chronicle.service;

import dev.concert.chronicle.content.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Works in a folder of a mount until that fails, and remembers what was done and answered. For one
 * thread at a time.
 */
final class Workload implements Runnable {
  /** Content that a file had when its close or fsync had returned. */
  record Closed(String path, String hash) {}

  private static final int FILES = 8;

  private final Path folder;
  private final Random random;
  private final Map<String, byte[]> there = new HashMap<>();
  private final Set<Closed> closed = ConcurrentHashMap.newKeySet();
  private Set<String> uncertain = Set.of();

  /**
   * @param folder is made where it is missing; belongs to this workload
   */
  Workload(Path folder, Random random) {
    this.folder = folder;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      Files.createDirectories(folder);
      while (true) {
        step();
      }
    } catch (IOException killed) {
      // What was being done then is uncertain; everything before is not.
    }
  }

  private void step() throws IOException {
    String name = "f" + random.nextInt(FILES);
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> write(name, false);
      case 3 -> write(name, true);
      case 4 -> replace(name);
      case 5 -> rename(name, "f" + random.nextInt(FILES));
      case 6 -> remove(name);
      default -> mode(name);
    }
    uncertain = Set.of();
  }

  private byte[] content() {
    int size =
        switch (random.nextInt(10)) {
          case 0 -> 200_000 + random.nextInt(1_500_000);
          case 1, 2 -> random.nextInt(70_000);
          default -> random.nextInt(5000);
        };
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private void write(String name, boolean sync) throws IOException {
    uncertain = Set.of(name);
    byte[] bytes = content();
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        file.write(left);
      }
      if (sync) {
        file.force(true);
        closed.add(new Closed(path(name), ContentHash.of(bytes)));
      }
    }
    closed.add(new Closed(path(name), ContentHash.of(bytes)));
    there.put(name, bytes);
  }

  /** As editors do. */
  private void replace(String name) throws IOException {
    write("f.tmp", false);
    uncertain = Set.of("f.tmp", name);
    Files.move(
        folder.resolve("f.tmp"),
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    there.put(name, there.remove("f.tmp"));
  }

  private void rename(String from, String to) throws IOException {
    if (there.containsKey(from) && !from.equals(to)) {
      uncertain = Set.of(from, to);
      Files.move(
          folder.resolve(from),
          folder.resolve(to),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      there.put(to, there.remove(from));
    }
  }

  private void remove(String name) throws IOException {
    if (there.containsKey(name)) {
      uncertain = Set.of(name);
      Files.delete(folder.resolve(name));
      there.remove(name);
    }
  }

  private void mode(String name) throws IOException {
    if (there.containsKey(name)) {
      Files.setPosixFilePermissions(
          folder.resolve(name),
          PosixFilePermissions.fromString(random.nextBoolean() ? "rw-------" : "rw-r--r--"));
    }
  }

  private String path(String name) {
    return folder.getFileName() + "/" + name;
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** What its closes and syncs have answered for. */
  Set<Closed> closed() {
    return closed;
  }

  /** Compares the folder with what must be in it; answers what is wrong. */
  List<String> differences(Path actual) throws IOException {
    Set<String> names = new HashSet<>(there.keySet());
    try (var found = Files.list(actual)) {
      found.map(file -> file.getFileName().toString()).forEach(names::add);
    }
    names.removeAll(uncertain);
    return names.stream().filter(name -> !isRight(actual.resolve(name), name)).toList();
  }

  private boolean isRight(Path file, String name) {
    try {
      return there.containsKey(name)
          ? java.util.Arrays.equals(Files.readAllBytes(file), there.get(name))
          : !Files.exists(file);
    } catch (IOException missing) {
      return false;
    }
  }
}
