package dev.concert.platform.hostile;

import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients that mean harm: whatever they send is answered or ends their connection, and others are
 * served meanwhile. {@link HostileCampaignTest} is the long form, with figures.
 */
class HostileClientTest {
  private static final int FRAMES = 4_000;

  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private static int port() {
    return URI.create(PLATFORM.url()).getPort();
  }

  @Test
  void everyFrameOfAHostileClientIsAnsweredOrEndsItsConnection() throws Exception {
    List<String> sessions = List.of(session(), session());
    try (LatencyProbe others = new LatencyProbe(port());
        HostileClients hostile = new HostileClients(port())) {
      hostile.frames(FRAMES, 4, new Random().nextLong(), sessions);
      awaitMore(others);
    }
  }

  @Test
  void silentHalfOpenAndNeverReadingClientsKeepNobodyFromAnAnswer() throws Exception {
    String session = session();
    try (LatencyProbe others = new LatencyProbe(port());
        HostileClients hostile = new HostileClients(port())) {
      hostile.silent(300);
      hostile.halfOpen(200);
      hostile.neverReading(4);
      hostile.drippingUploads(20, session);
      awaitMore(others);
      PLATFORM.connect().ask("list_sessions", java.util.Map.of());
    }
  }

  private static String session() {
    return TestClient.echo(PLATFORM.connect()).sessionId();
  }

  private static void awaitMore(LatencyProbe others) {
    int mark = others.answered();
    Await.until("pings that are answered", () -> others.answered() >= mark + 10);
  }
}
