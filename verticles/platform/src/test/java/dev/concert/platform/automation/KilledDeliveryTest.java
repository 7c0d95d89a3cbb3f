package dev.concert.platform.automation;

import static dev.concert.platform.automation.AutomationCalls.manual;
import static dev.concert.platform.automation.AutomationCalls.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code kill -9} while an item of the inbox is delivered. It arrives, and where it arrives twice
 * the receiver knows it: by the id of a webhook, and by the topic of a push, by which a push
 * service replaces what the browser does not have yet. With {@code -Dconcert.automation.kills=true}
 * at each point.
 */
class KilledDeliveryTest {
  private static final byte[] AUTH = new byte[16];

  @TempDir Path data;
  private final List<HttpExchange> arrived = new CopyOnWriteArrayList<>();
  private HttpServer receiver;
  private volatile boolean isAnswering;

  /** Where the process dies. */
  private enum Point {
    /** The run is queued, and its item is not there yet. */
    BEFORE_THE_ITEM(1, 1),
    /** The receiver has it and does not answer. */
    UNANSWERED(2, 2),
    /** The receiver has answered. */
    ANSWERED(1, 2);

    private final int least;
    private final int most;

    /** How often the receiver gets the message. */
    Point(int least, int most) {
      this.least = least;
      this.most = most;
    }
  }

  /** What the receiver knows a message by. */
  private enum Channel {
    WEBHOOK("webhook-id"),
    PUSH("Topic");

    private final String header;

    Channel(String header) {
      this.header = header;
    }

    private String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Stream<Arguments> points() {
    Set<Point> points =
        Boolean.getBoolean("concert.automation.kills")
            ? EnumSet.allOf(Point.class)
            : EnumSet.of(Point.UNANSWERED);
    return Arrays.stream(Channel.values())
        .flatMap(channel -> points.stream().map(point -> Arguments.of(channel, point)));
  }

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    receiver.createContext("/", this::take);
    receiver.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    if (isAnswering) {
      exchange.sendResponseHeaders(201, -1);
      exchange.close();
    }
    arrived.add(exchange);
  }

  @AfterEach
  void close() {
    receiver.stop(0);
  }

  @ParameterizedTest
  @MethodSource("points")
  void anItemArrivesAndTheReceiverKnowsItWhereItComesAgain(Channel channel, Point point)
      throws Exception {
    isAnswering = point == Point.ANSWERED;
    Path config =
        Files.writeString(
            data.resolve("c.yaml"),
            "automations: {delivery: {privateTargets: ['%s']}}".formatted(target()));
    try (ServerProcess server = start(config)) {
      AutomationCalls calls = new AutomationCalls(server.url());
      subscribe(calls, channel);
      calls.run(calls.create("Told", manual(), task("good morning"), null));
      if (point != Point.BEFORE_THE_ITEM) {
        Await.until("the message", () -> arrived.size() == 1);
      }
      server.kill();
    }
    isAnswering = true;
    try (ServerProcess server = start(config)) {
      AutomationCalls calls = new AutomationCalls(server.url());
      Await.until("the item", () -> calls.inbox("all").size() == 1);
      Await.until("nothing waits", () -> waiting(calls) == 0);
      assertThat(arrived).hasSizeBetween(point.least, point.most);
      assertThat(arrived)
          .extracting(one -> one.getRequestHeaders().getFirst(channel.header))
          .doesNotContainNull()
          .containsOnly(arrived.getFirst().getRequestHeaders().getFirst(channel.header));
      assertThat(calls.inbox("all")).hasSize(1);
    }
  }

  private static int waiting(AutomationCalls calls) {
    return calls.get("/api/inbox/delivery").getJsonArray("channels").stream()
        .mapToInt(channel -> ((JsonObject) channel).getInteger("waiting"))
        .sum();
  }

  private String target() {
    return "127.0.0.1:" + receiver.getAddress().getPort();
  }

  private void subscribe(AutomationCalls calls, Channel channel) throws GeneralSecurityException {
    JsonObject wish = new JsonObject().put("from", "info");
    if (channel == Channel.WEBHOOK) {
      wish.put("url", "http://" + target() + "/");
    } else {
      calls.ok(
          "POST",
          "/api/inbox/push-devices",
          new JsonObject()
              .put("endpoint", "http://" + target() + "/browser")
              .put("p256dh", base64(browserKey()))
              .put("auth", base64(AUTH)));
    }
    calls.ok("PUT", "/api/inbox/delivery/" + channel.wireName(), wish);
  }

  /** A point of P-256 in its uncompressed form, which ends the key that Java encodes. */
  private static byte[] browserKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    byte[] encoded = ((ECPublicKey) generator.generateKeyPair().getPublic()).getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private ServerProcess start(Path config) {
    return ServerProcess.start("up", data.resolve("data"), Map.of(), "--config", config.toString());
  }
}
