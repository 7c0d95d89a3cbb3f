package dev.concert.platform.stage;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A platform in this JVM for all tests of a class; its clients are closed after each. The class
 * fails when a thread was blocked, or when a mount or an agent is left.
 */
public final class RunningPlatform
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final List<ProtocolClient> clients = new ArrayList<>();
  private BlockedThreads blocked;
  private Path data;
  private Platform platform;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    blocked = BlockedThreads.watch();
    data = Files.createTempDirectory("concert-test");
    platform =
        Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), new JsonObject()));
  }

  public String url() {
    return platform.url();
  }

  public Path data() {
    return data;
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
    platform.close();
    new Traces(data).verifyNone();
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
