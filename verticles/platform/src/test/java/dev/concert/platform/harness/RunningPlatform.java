package dev.concert.platform.harness;

import dev.concert.foundation.files.FolderRemoval;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A platform for all tests of a class; its clients are closed after each. It runs in this JVM, or
 * as two nodes for a class with {@link OnTwoNodes} and for all classes with {@code
 * -Dconcert.topology=two-nodes}. The class fails when a thread was blocked, or when a mount or an
 * agent is left. All classes of this JVM share the two nodes, which take long to start.
 */
public final class RunningPlatform
    implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final Namespace SPACE = Namespace.create(RunningPlatform.class);

  private final List<ProtocolClient> clients = new ArrayList<>();
  private BlockedThreads blocked;
  private Path data;
  private Optional<Platform> platform = Optional.empty();
  private Optional<TwoNodes> nodes = Optional.empty();

  /** A start that failed is tried again by the next class. */
  private static final class SharedNodes implements AutoCloseable {
    private Optional<Path> data = Optional.empty();
    private Optional<TwoNodes> nodes = Optional.empty();

    synchronized TwoNodes started() throws IOException {
      if (nodes.isEmpty()) {
        Path folder = Files.createTempDirectory("concert-nodes");
        nodes = Optional.of(TwoNodes.start(folder));
        data = Optional.of(folder);
      }
      return nodes.get();
    }

    @Override
    public synchronized void close() throws IOException {
      if (nodes.isPresent()) {
        nodes.get().close();
        new Leftovers(data.orElseThrow()).verifyNone();
        FolderRemoval.remove(data.orElseThrow());
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    blocked = BlockedThreads.watch();
    if (isOnTwoNodes(context)) {
      SharedNodes shared =
          context
              .getStore(StoreScope.LAUNCHER_SESSION, SPACE)
              .getOrComputeIfAbsent(SharedNodes.class, _ -> new SharedNodes(), SharedNodes.class);
      nodes = Optional.of(shared.started());
    } else {
      data = Files.createTempDirectory("concert-test");
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
    nodes = Optional.empty();
    if (platform.isPresent()) {
      platform.get().close();
      platform = Optional.empty();
      new Leftovers(data).verifyNone();
      FolderRemoval.remove(data);
    }
    blocked.assertNone();
  }
}
