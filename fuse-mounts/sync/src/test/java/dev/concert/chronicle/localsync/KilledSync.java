package dev.concert.chronicle.localsync;

import dev.concert.chronicle.replication.transport.UnixTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A sync in a process of its own, for a test that kills it. */
final class KilledSync {
  private KilledSync() {}

  static Process start(Path folder, Path state, Path socket) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledSync.class.getName()));
    command.addAll(List.of(folder.toString(), state.toString(), socket.toString()));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Syncs until it is killed, or its input is closed. */
  public static void main(String[] arguments) throws IOException {
    SyncOptions options =
        new SyncOptions(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            "s1",
            ConflictPolicy.KEEP_LOCAL,
            Duration.ofMillis(20),
            true);
    try (LocalSync _ =
        LocalSync.open(
            options,
            () -> UnixTransport.connect(Path.of(arguments[2])),
            sentence -> System.err.println(sentence))) {
      while (System.in.read() >= 0) {
        // Waits for the end.
      }
    }
  }
}
