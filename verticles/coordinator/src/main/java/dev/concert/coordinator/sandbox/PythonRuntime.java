package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Python that agents run on.
 *
 * @param executable the interpreter itself, not a shim in front of it
 * @param folders where its files are
 */
public record PythonRuntime(Path executable, Set<Path> folders) {
  private static final String WHERE =
      "import sys;print(sys.executable);print(sys.prefix);print(sys.base_prefix)";

  /**
   * Asks the {@code python3} on the path where it really is. Blocks.
   *
   * @throws IOException when there is none, or it does not answer within 10 s
   */
  public static PythonRuntime find() throws IOException {
    ShortProcess answer = ShortProcess.run(List.of("python3", "-c", WHERE));
    List<String> said = answer.output().lines().toList();
    if (answer.exitCode() != 0 || said.size() < 3) {
      throw new IOException("python3 does not say where it is: " + answer.output());
    }
    List<String> lines = said.subList(said.size() - 3, said.size()); // a shim may warn before
    Path executable = Path.of(lines.get(0));
    return new PythonRuntime(
        executable,
        Stream.of(
                executable.toRealPath().getParent().getParent(),
                Path.of(lines.get(1)),
                Path.of(lines.get(2)))
            .collect(Collectors.toUnmodifiableSet()));
  }
}
