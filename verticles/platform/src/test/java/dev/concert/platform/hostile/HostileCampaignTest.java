package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The campaign of {@link HostileClientTest}: the real program under all attacks at once, and what
 * becomes of others' answers and of its memory. {@code -Dconcert.hostile.frames=100000} runs it.
 */
@EnabledIfSystemProperty(named = "concert.hostile.frames", matches = "\\d+")
class HostileCampaignTest {
  private static final int FRAMES = Integer.getInteger("concert.hostile.frames", 100_000);
  private static final long SEED = Long.getLong("concert.hostile.seed", 1);

  @TempDir Path data;

  @Test
  void allAttacksAtOnceHarmNobodyElseAndLeaveNothing() throws Exception {
    try (ServerProcess server = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      int port = URI.create(server.url()).getPort();
      List<String> sessions =
          List.of(TestClient.echo(client).sessionId(), TestClient.echo(client).sessionId());
      // The first attack makes the JVM compile and its heap grow; a leak grows with each.
      attack(server, port, sessions, FRAMES / 2, SEED - 1);
      try (LatencyProbe others = new LatencyProbe(port)) {
        rest(20);
        double quiet = others.percentile(0, 0.99);
        long before = memory(server);
        int mark = others.answered();
        long peak = attack(server, port, sessions, FRAMES, SEED);
        double attacked = others.percentile(mark, 0.99);
        rest(60);
        long after = memory(server);
        System.out.printf(
            "%,d frames; others' ping p99 %.1f ms before, %.1f ms meanwhile (p50 %.1f ms);"
                + " memory %d MiB before, %d at most, %d a minute later%n",
            FRAMES, quiet, attacked, others.percentile(mark, 0.5), before, peak, after);
        assertThat(after).isLessThan(before + before / 10);
      }
      assertThat(server.complaints()).doesNotContain("\tat ", "OutOfMemory");
    }
  }

  private static long attack(
      ServerProcess server, int port, List<String> sessions, int frames, long seed)
      throws Exception {
    long peak;
    try (HostileClients hostile = new HostileClients(port)) {
      hostile.silent(2_000);
      hostile.halfOpen(500);
      hostile.neverReading(4);
      hostile.drippingUploads(50, sessions.getFirst());
      hostile.frames(frames, 2, seed, sessions);
      peak = memory(server);
    }
    return peak;
  }

  /** Measures, for so long, what others get. */
  private static void rest(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** Resident memory, in MiB. */
  private static long memory(ServerProcess server) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]) >> 10)
        .findFirst()
        .orElseThrow();
  }
}
