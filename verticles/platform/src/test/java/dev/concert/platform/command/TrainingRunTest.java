package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM watches after a build. */
class TrainingRunTest {
  @TempDir Path folder;

  @Test
  void aTurnEndsWellAndEachModelCallIsAnswered() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Program.JVM_OPTIONS);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dconcert.home=" + Program.home()));
    command.addAll(List.of("-cp", Program.classPath(), TrainingRun.class.getName()));
    command.addAll(List.of(folder.resolve("data").toString(), "3"));
    Path said = folder.resolve("said.txt");

    Process run =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();

    assertThat(run.waitFor()).as(() -> read(said)).isZero();
    assertThat(read(said)).contains("warm up").doesNotContain("\tat ");
  }

  @Test
  void theStarterRunsItAfterABuild() throws Exception {
    assertThat(Files.readString(Program.home().resolve("concert")))
        .contains(" " + TrainingRun.class.getName() + " ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
