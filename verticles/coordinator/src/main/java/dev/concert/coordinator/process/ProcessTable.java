package dev.concert.coordinator.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The host's processes as {@code /proc} shows them; empty on a host without it. Reads files: not
 * for event loops.
 */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  /**
   * @param threads how many threads it has
   * @param startTicks when it started, in clock ticks since the host's boot
   */
  record Entry(long pid, long parent, long session, long threads, long startTicks) {
    Identity identity() {
      return new Identity(pid, startTicks);
    }
  }

  /** What stays the same while a process runs, and is never given again. */
  record Identity(long pid, long startTicks) {}

  private final List<Entry> entries;

  private ProcessTable(List<Entry> entries) {
    this.entries = entries;
  }

  static ProcessTable read() {
    List<Entry> entries = new ArrayList<>();
    if (Files.isDirectory(PROC)) {
      try (Stream<Path> children = Files.list(PROC)) {
        children
            .map(child -> child.getFileName().toString())
            .filter(name -> name.chars().allMatch(Character::isDigit))
            .forEach(name -> entry(Long.parseLong(name)).ifPresent(entries::add));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot list " + PROC, e);
      }
    }
    return new ProcessTable(entries);
  }

  /** The process with this id, unless it is gone. */
  static Optional<Entry> entry(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      // The second field is the program's name in brackets, and may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
      return zombie
          ? Optional.empty()
          : Optional.of(
              new Entry(
                  pid,
                  Long.parseLong(fields[1]),
                  Long.parseLong(fields[3]),
                  Long.parseLong(fields[17]),
                  Long.parseLong(fields[19])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The process, everything that descends from it, and everything in its session. */
  Set<Entry> family(long pid) {
    Set<Long> ids = new HashSet<>(Set.of(pid));
    Set<Entry> members = new HashSet<>();
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Entry entry : entries) {
        if ((ids.contains(entry.pid()) || ids.contains(entry.parent()) || entry.session() == pid)
            && members.add(entry)) {
          ids.add(entry.pid());
          grown = true;
        }
      }
    }
    return members;
  }

  /** The processes that were started with an environment variable of which this holds. */
  List<Entry> withVariable(String name, Predicate<String> value) {
    String prefix = name + "=";
    return entries.stream()
        .filter(
            entry ->
                environment(entry.pid())
                    .anyMatch(
                        variable ->
                            variable.startsWith(prefix)
                                && value.test(variable.substring(prefix.length()))))
        .toList();
  }

  private static Stream<String> environment(long pid) {
    try {
      return Stream.of(
          Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1)
              .split("\0"));
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  /** Kills what still is the process of this entry. */
  static void kill(Entry entry) {
    if (entry(entry.pid()).filter(now -> now.startTicks() == entry.startTicks()).isPresent()) {
      ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
