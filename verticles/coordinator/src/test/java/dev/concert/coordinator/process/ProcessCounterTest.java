package dev.concert.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessCounterTest {
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    clock.shutdownNow();
  }

  @Test
  void aFamilyThatGrowsTooLargeIsReportedAndAllOfItIsKilled() throws Exception {
    ProcessCounter watch = new ProcessCounter(clock, 8, "/the/watched/socket");
    Process process =
        start("for n in 1 2 3 4 5 6 7 8 9 10 11 12; do setsid sleep 600 & done; sleep 600");
    CountDownLatch overrun = new CountDownLatch(1);
    watch.watch(process.pid(), overrun::countDown);
    assertThat(overrun.await(3, TimeUnit.MINUTES)).isTrue();
    watch.killAll();
    watch.close();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(
            ProcessTable.read().withVariable("CONCERT_IPC_SOCKET", "/the/watched/socket"::equals))
        .isEmpty();
  }

  @Test
  void aSmallFamilyIsLeftAlone() throws Exception {
    ProcessCounter watch = new ProcessCounter(clock, 8, "/another/socket");
    Process process = start("sleep 600 & sleep 600");
    CountDownLatch overrun = new CountDownLatch(1);
    watch.watch(process.pid(), overrun::countDown);
    assertThat(overrun.await(700, TimeUnit.MILLISECONDS)).isFalse();
    watch.killAll();
    watch.close();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
  }

  private static Process start(String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh", "-c", script);
    builder
        .environment()
        .put(
            "CONCERT_IPC_SOCKET",
            script.startsWith("for") ? "/the/watched/socket" : "/another/socket");
    return builder.start();
  }
}
