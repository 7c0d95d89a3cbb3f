package dev.concert.chronicle.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthReporterTest {
  private final List<String> told = new ArrayList<>();
  private final HealthReporter watch =
      new HealthReporter(
          (id, what) -> told.add(id + " " + what.map(HealthProblem::code).orElse(null)));

  private void look(int times, Map<String, HealthProblem> troubled) {
    for (int i = 0; i < times; i++) {
      watch.look(troubled);
    }
  }

  @Test
  void trouble_is_told_at_once_and_now_and_then_and_its_end_a_few_times() {
    look(3, Map.of());
    assertThat(told).isEmpty();
    look(6, Map.of("w", HealthProblem.FULL));
    assertThat(told).containsExactly("w WORKSPACE_FULL", "w WORKSPACE_FULL");
    look(1, Map.of("w", HealthProblem.READ_ONLY, "v", HealthProblem.FULL));
    assertThat(told.subList(2, 4))
        .containsExactlyInAnyOrder("w WORKSPACE_READ_ONLY", "v WORKSPACE_FULL");
    told.clear();
    look(10, Map.of("v", HealthProblem.FULL));
    assertThat(told.stream().filter("w null"::equals)).hasSize(3);
    told.clear();
    look(10, Map.of());
    assertThat(told).containsExactly("v null", "v null", "v null");
  }

  @Test
  void what_the_kernel_and_the_database_say_is_understood() {
    assertThat(HealthProblem.of(new FileSystemException("/x", null, "No space left on device")))
        .isEqualTo(HealthProblem.FULL);
    assertThat(
            HealthProblem.of(
                new UncheckedIOException(
                    new IOException("[SQLITE_FULL] database or disk is full"))))
        .isEqualTo(HealthProblem.FULL);
    assertThat(HealthProblem.of(new IOException("Disk quota exceeded")))
        .isEqualTo(HealthProblem.FULL);
    assertThat(
            HealthProblem.of(
                new IllegalStateException("x", new IOException("Read-only file system"))))
        .isEqualTo(HealthProblem.READ_ONLY);
    assertThat(HealthProblem.of(new IOException())).isEqualTo(HealthProblem.UNRECORDED);
  }
}
