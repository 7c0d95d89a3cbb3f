package dev.concert.platform.harness;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A platform for all tests of a class; its clients are closed after each. It runs in this JVM, or
 * as two nodes for a class with {@link OnTwoNodes} and for all classes with {@code
 * -Dconcert.topology=two-nodes}. The class fails when a thread was blocked, or when a mount or an
 * agent is left.
 */
public final class RunningPlatform
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final List<ProtocolClient> clients = new ArrayList<>();
  private BlockedThreads blocked;
  private Path data;
  private Optional<Platform> platform = Optional.empty();
  private Optional<TwoNodes> nodes = Optional.empty();

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    blocked = BlockedThreads.watch();
    data = Files.createTempDirectory("concert-test");
    if (isOnTwoNodes(context)) {
      nodes = Optional.of(TwoNodes.start(data));
    } else {
      platform =
          Optional.of(
              Platform.start(
                  new PlatformOptions("127.0.0.1", 0, data, Program.home(), configuration())));
    }
  }

  private static JsonObject configuration() {
    return new JsonObject()
        .put("coordinator", new JsonObject().put("readyTimeoutMs", Program.AGENT_READY.toMillis()));
  }

  private static boolean isOnTwoNodes(ExtensionContext context) {
    return context.getRequiredTestClass().isAnnotationPresent(OnTwoNodes.class)
        || "two-nodes".equals(System.getProperty("concert.topology"));
  }

  public String url() {
    return platform.map(Platform::url).orElseGet(() -> nodes.orElseThrow().url());
  }

  /** The data folder of the node that has the workspaces. */
  public Path data() {
    return nodes.map(TwoNodes::hostData).orElse(data);
  }

  /** A new connection, closed after the test. */
  public ProtocolClient connect() {
    ProtocolClient client = ProtocolClient.connect(url());
    clients.add(client);
    return client;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    clients.forEach(ProtocolClient::close);
    clients.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    platform.ifPresent(Platform::close);
    nodes.ifPresent(TwoNodes::close);
    platform = Optional.empty();
    nodes = Optional.empty();
    new Leftovers(data).verifyNone();
    blocked.assertNone();
    deleteAll(data);
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
