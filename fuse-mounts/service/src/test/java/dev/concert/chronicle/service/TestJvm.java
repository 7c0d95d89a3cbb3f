package dev.concert.chronicle.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process with the class path of the tests. */
final class TestJvm {
  private TestJvm() {}

  /** Starts it; it has said the word when this returns. */
  static Process start(Class<?> main, String word, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (!word.equals(process.inputReader().readLine())) {
      process.destroyForcibly();
      throw new IOException(main.getSimpleName() + " did not say '" + word + "'");
    }
    return process;
  }
}
