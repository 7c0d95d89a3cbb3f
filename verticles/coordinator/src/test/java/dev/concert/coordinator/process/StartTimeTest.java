package dev.concert.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import org.junit.jupiter.api.Test;

/** A time of this JVM as the kernel counts the starts of processes. */
class StartTimeTest {
  @Test
  void itIsNeverLaterThanAProcessThatStartedAfterIt() throws Exception {
    for (int round = 0; round < 20; round++) {
      long before = System.nanoTime();
      Process process = new ProcessBuilder("sleep", "60").start();
      try {
        assertThat(StartTime.at(before).isNotAfter(entry(process))).isTrue();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void itIsLaterThanAProcessThatStartedLongBefore() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      ProcessTable.Entry entry = entry(process);
      Await.until(
          "a time after the start", () -> !StartTime.at(System.nanoTime()).isNotAfter(entry));
    } finally {
      process.destroyForcibly();
    }
  }

  private static ProcessTable.Entry entry(Process process) {
    return ProcessTable.read().family(process.pid()).stream()
        .filter(one -> one.pid() == process.pid())
        .findFirst()
        .orElseThrow();
  }
}
