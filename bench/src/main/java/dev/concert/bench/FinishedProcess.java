package dev.concert.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that ended well.
 *
 * @param seconds from its start to its end
 * @param cpuSeconds of it and of its children
 */
record FinishedProcess(double seconds, double cpuSeconds) {
  private static final String TIMED = "TIMEFORMAT='%R %U %S'; time \"$@\"";

  /**
   * Runs it to its end.
   *
   * @param folder for what it says
   */
  static FinishedProcess of(ProcessBuilder builder, Map<String, String> environment, Path folder)
      throws IOException, InterruptedException {
    // The shell knows what its children took, after they ended.
    List<String> command = new ArrayList<>(List.of("bash", "-c", TIMED, "bash"));
    command.addAll(builder.command());
    Path said = Files.createTempFile(folder, "bench", ".out");
    Path times = Files.createTempFile(folder, "bench", ".err");
    ProcessBuilder timed =
        new ProcessBuilder(command).redirectOutput(said.toFile()).redirectError(times.toFile());
    timed.environment().putAll(environment);
    int code = timed.start().waitFor();
    List<String> lines = Files.readAllLines(times);
    if (code != 0) {
      throw new IOException(
          "%s ended with %d: %s%n%s"
              .formatted(builder.command(), code, Files.readString(said), lines));
    }
    String[] seconds = lines.getLast().split(" ");
    Files.delete(said);
    Files.delete(times);
    return new FinishedProcess(
        Double.parseDouble(seconds[0]),
        Double.parseDouble(seconds[1]) + Double.parseDouble(seconds[2]));
  }
}
