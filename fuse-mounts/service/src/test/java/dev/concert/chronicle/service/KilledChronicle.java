package dev.concert.chronicle.service;

import dev.concert.chronicle.workspace.ChronicleOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A Chronicle in a process of its own, for a test that kills it. */
final class KilledChronicle {
  private KilledChronicle() {}

  static Process start(Path home, ChronicleOptions.Binding binding) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dconcert.binding=" + binding.word(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledChronicle.class.getName(),
                home.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Mounts workspace "w" and says so; ends when it is killed or its input is closed. */
  public static void main(String[] arguments) throws IOException {
    Chronicle chronicle = Chronicle.fuse(Path.of(arguments[0]));
    chronicle.mount("w");
    System.out.println("mounted");
    if (System.in.read() < 0) {
      chronicle.close();
    }
  }
}
