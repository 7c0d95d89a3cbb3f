package dev.concert.platform.backup;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long the copies of a Litestream process are behind their databases. Litestream keeps the end
 * of each write-ahead log in a folder of its own, and its metrics say how much of that is in the
 * bucket. Used on one thread, but for {@link #failed}; blocks.
 */
final class ReplicaLag {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Within this time of a failure Litestream has not tried everything again. */
  private static final Duration RETRIED = Duration.ofSeconds(3);

  private static final Pattern LINE =
      Pattern.compile("litestream_replica_wal_(index|offset)\\{db=\"(.*?)\".*} (\\S+)");

  /** A place in a log that has several files. */
  private record Position(long index, long offset) {
    private boolean isAtLeast(Position other) {
      return index > other.index || index == other.index && offset >= other.offset;
    }
  }

  private final URI metrics;
  private final Map<Path, Path> metaByDatabase;
  private final Instant started = Instant.now();
  private volatile long failedAt = System.nanoTime();
  private long copiedAt = System.nanoTime();

  /**
   * @param port of Litestream's metrics
   * @param metaByDatabase Litestream's own folder for each database
   */
  ReplicaLag(int port, Map<Path, Path> metaByDatabase) {
    this.metrics = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
    this.metaByDatabase = Map.copyOf(metaByDatabase);
  }

  /** Litestream said that something failed. Any thread. */
  void failed() {
    failedAt = System.nanoTime();
  }

  /** Looks how far it is; returns whether everything is copied. */
  boolean look(HttpClient http) {
    if (System.nanoTime() - failedAt < RETRIED.toNanos()) {
      return false;
    }
    try {
      Map<String, Position> copied =
          positions(
              http.send(
                      HttpRequest.newBuilder(metrics).timeout(TIMEOUT).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body());
      for (Map.Entry<Path, Path> one : metaByDatabase.entrySet()) {
        if (!isCopied(one.getValue(), Optional.ofNullable(copied.get(one.getKey().toString())))) {
          return false;
        }
      }
      copiedAt = System.nanoTime();
      return true;
    } catch (IOException startsOrEnds) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Without a position, nothing had to be copied since the start, if nothing was written. */
  private boolean isCopied(Path meta, Optional<Position> copied) throws IOException {
    Optional<Path> log = lastLog(meta);
    if (log.isEmpty()) {
      return false;
    }
    if (copied.isEmpty()) {
      return Files.getLastModifiedTime(log.get()).toInstant().isBefore(started);
    }
    String name = log.get().getFileName().toString();
    long index = Long.parseLong(name.substring(0, name.indexOf('.')), 16);
    return copied.get().isAtLeast(new Position(index, Files.size(log.get())));
  }

  private static Optional<Path> lastLog(Path meta) throws IOException {
    Path generation = meta.resolve("generation");
    if (!Files.isRegularFile(generation)) {
      return Optional.empty();
    }
    Path logs =
        meta.resolve("generations").resolve(Files.readString(generation).strip()).resolve("wal");
    if (!Files.isDirectory(logs)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(logs)) {
      List<Path> sorted = files.filter(file -> file.toString().endsWith(".wal")).sorted().toList();
      return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.getLast());
    }
  }

  /** How much of each database is in the bucket, by the database's path. */
  private static Map<String, Position> positions(String body) {
    Map<String, Position> found = new HashMap<>();
    Matcher line = LINE.matcher(body);
    while (line.find()) {
      long value = (long) Double.parseDouble(line.group(3));
      boolean isIndex = line.group(1).equals("index");
      found.merge(
          line.group(2),
          isIndex ? new Position(value, 0) : new Position(0, value),
          (one, other) ->
              new Position(
                  Math.max(one.index(), other.index()), Math.max(one.offset(), other.offset())));
    }
    return found;
  }

  /** Since everything was copied. */
  Duration behind() {
    return Duration.ofNanos(System.nanoTime() - copiedAt);
  }
}
