package dev.concert.chronicle.replication;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.chronicle.replication.transport.UnixTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A replica of a real folder in a process of its own, to be killed. */
final class ReplicaProcess implements ReplicaListener {
  private ReplicaProcess() {}

  static Process start(Path folder, Path state, Path socket) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ReplicaProcess.class.getName(),
                folder.toString(),
                state.toString(),
                socket.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Looks at its files all the time until its input is closed. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    ReplicaOptions options =
        new ReplicaOptions(
            "killed", Path.of(arguments[1]), Duration.ofSeconds(20), Duration.ofMillis(100));
    try (Replica replica =
        Replica.open(
            options,
            new FolderFiles(folder),
            () -> UnixTransport.connect(Path.of(arguments[2])),
            new ReplicaProcess())) {
      while (System.in.available() == 0) {
        replica.rescan();
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  @Override
  public Resolution conflict(Conflict conflict) {
    return Resolution.KEEP_BOTH;
  }
}
