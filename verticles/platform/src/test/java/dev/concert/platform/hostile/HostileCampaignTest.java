package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The campaign of {@link HostileClientTest}: the real program under all attacks at once, and what
 * becomes of others' answers and of its memory. {@code -Dconcert.hostile.frames=100000} runs it.
 */
@EnabledIfSystemProperty(named = "concert.hostile.frames", matches = "\\d+")
class HostileCampaignTest {
  /** Of the heap's parts, whichever collector it has. */
  private static final Pattern USED = Pattern.compile("(?:total|committed) \\d+K, used (\\d+)K");

  private static final int FRAMES = Integer.getInteger("concert.hostile.frames", 100_000);
  private static final long SEED = Long.getLong("concert.hostile.seed", 1);

  /** As on a user's machine; tests that end soon have less of the program compiled. */
  private static final Map<String, String> COMPILED =
      Map.of("_JAVA_OPTIONS", "-XX:TieredStopAtLevel=4");

  @TempDir Path data;

  @Test
  void allAttacksAtOnceHarmNobodyElseAndLeaveNothing() throws Exception {
    try (ServerProcess server = ServerProcess.start(data, COMPILED);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      int port = URI.create(server.url()).getPort();
      List<String> sessions =
          List.of(TestClient.echo(client).sessionId(), TestClient.echo(client).sessionId());
      // The first attack makes the JVM compile and its heap grow; a leak grows with each.
      attack(server, port, sessions, FRAMES / 2, SEED - 1);
      try (BareServer bare = BareServer.start();
          LatencyProbe load = new LatencyProbe(bare.port());
          LatencyProbe others = new LatencyProbe(port)) {
        rest(20);
        double quiet = others.percentile(0, 0.99);
        double bareQuiet = load.percentile(0, 0.99);
        long before = memory(server);
        int mark = others.answered();
        int bareMark = load.answered();
        long peak = attack(server, port, sessions, FRAMES, SEED);
        double attacked = others.percentile(mark, 0.99);
        double bareAttacked = load.percentile(bareMark, 0.99);
        rest(60);
        long after = memory(server);
        System.out.printf(
            "%,d frames; others' ping p99 %.1f ms before, %.1f ms meanwhile (p50 %.1f ms), of a"
                + " bare server beside it %.1f and %.1f ms; memory %d MiB before, %d at most, %d a"
                + " minute later%n",
            FRAMES,
            quiet,
            attacked,
            others.percentile(mark, 0.5),
            bareQuiet,
            bareAttacked,
            before,
            peak,
            after);
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

  /** What is still used after a collection, in MiB: the rest is free for whoever comes next. */
  private static long memory(ServerProcess server) throws IOException {
    tell(server, "GC.run");
    Matcher used = USED.matcher(tell(server, "GC.heap_info"));
    return used.results().mapToLong(part -> Long.parseLong(part.group(1))).sum() >> 10;
  }

  private static String tell(ServerProcess server, String command) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(server.pid()), command)
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
