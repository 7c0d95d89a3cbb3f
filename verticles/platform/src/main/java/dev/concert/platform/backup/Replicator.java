package dev.concert.platform.backup;

import dev.concert.foundation.files.PrivateFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process of Litestream and the databases that it copies. Used on one thread; blocks. */
final class Replicator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);

  /** It copies what is left before it ends. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  /**
   * Litestream ends with this command, also where the server was killed: two of them must not copy
   * the same databases.
   */
  private static final String UNTIL_THE_SERVER_ENDS =
      "sh -c 'while kill -0 %d 2>/dev/null; do sleep 0.2; done'"
          .formatted(ProcessHandle.current().pid());

  private final BackupOptions options;
  private final Path data;
  private final Path config;
  private final SortedSet<Path> databases = new TreeSet<>();
  private Optional<Process> process = Optional.empty();
  private Optional<ReplicaLag> lag = Optional.empty();

  Replicator(BackupOptions options, Path data, int number) {
    this.options = options;
    this.data = data;
    this.config = data.resolve(Backup.FOLDER).resolve("litestream-" + number + ".yml");
  }

  SortedSet<Path> databases() {
    return databases;
  }

  boolean isRunning() {
    return process.filter(Process::isAlive).isPresent();
  }

  /** How far its copies are behind; empty before it was started. */
  Optional<ReplicaLag> lag() {
    return lag;
  }

  /** Starts it with its databases, in the place of a process that runs. */
  void start() throws IOException {
    close();
    if (databases.isEmpty()) {
      return;
    }
    int port = freePort();
    Path meta = config.resolveSibling("litestream");
    PrivateFiles.write(
        config,
        LitestreamConfig.of(options, data, databases, meta, OptionalInt.of(port))
            .getBytes(StandardCharsets.UTF_8));
    Process started =
        new ProcessBuilder(
                options.litestream(),
                "replicate",
                "-exec",
                UNTIL_THE_SERVER_ENDS,
                "-no-expand-env",
                "-config",
                config.toString())
            .redirectErrorStream(true)
            .start();
    ReplicaLag fresh = new ReplicaLag(port, metaByDatabase(meta));
    Thread.ofVirtual().name("litestream-log").start(() -> log(started, fresh));
    process = Optional.of(started);
    lag = Optional.of(fresh);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private Map<Path, Path> metaByDatabase(Path meta) {
    Map<Path, Path> folders = new HashMap<>();
    databases.forEach(database -> folders.put(data.resolve(database), meta.resolve(database)));
    return folders;
  }

  /** It repeats a failure every second: the health shows it, and the log at DEBUG. */
  private static void log(Process of, ReplicaLag lag) {
    try (BufferedReader lines = of.inputReader()) {
      lines
          .lines()
          .forEach(
              line -> {
                if (line.contains("level=ERROR")) {
                  lag.failed();
                }
                LOG.debug("Litestream: {}", line);
              });
    } catch (IOException | RuntimeException e) {
      LOG.debug("What Litestream says ended", e);
    }
  }

  /** Ends it; what was written before is in the bucket then, if that can be reached. */
  @Override
  public void close() {
    process.ifPresent(Replicator::end);
    process = Optional.empty();
  }

  private static void end(Process running) {
    running.destroy();
    try {
      if (!running.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Litestream did not end in time; the bucket may lack the last changes");
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
