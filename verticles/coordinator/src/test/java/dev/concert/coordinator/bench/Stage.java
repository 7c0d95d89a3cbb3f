package dev.concert.coordinator.bench;

import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.coordinator.CoordinatorLimits;
import dev.concert.coordinator.CoordinatorOptions;
import dev.concert.coordinator.CoordinatorPatience;
import dev.concert.coordinator.CoordinatorVerticle;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.error.ConcertException;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import dev.concert.podium.PodiumMessages.HistoryEntry;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.podium.PodiumMessages.StopInstance;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A coordinator with real processes, between a Chronicle and an Ensemble that are played. */
public final class Stage implements AutoCloseable {
  /** The agents of src/test/resources. */
  public static final Path AGENTS = Path.of("src/test/resources/agents").toAbsolutePath();

  private final Path root;
  private final Vertx vertx;
  private final ConcertBus bus;
  private final BlockedThreads blocked = BlockedThreads.watch();
  private final CoordinatorOptions options;
  private final FolderChronicle chronicle;
  private final TokenEnsemble ensemble;
  private String deployment = "";

  private Stage(Path root, CoordinatorOptions options) {
    this.root = root;
    this.options = options;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setBlockedThreadCheckInterval(100)
                .setMaxEventLoopExecuteTime(1)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
    BusCodecs.register(vertx);
    this.bus = new ConcertBus(vertx);
    this.chronicle = new FolderChronicle(bus, root.resolve("workspaces"));
    this.ensemble = new TokenEnsemble(bus);
  }

  /** Options with short patience, so that tests of it do not take long. */
  public static CoordinatorOptions options(Path root, SandboxMode sandbox) {
    return new CoordinatorOptions(
        root.resolve("instances"),
        AGENTS,
        sandbox,
        8192,
        new CoordinatorLimits(2, 64, 200, 1 << 20),
        new CoordinatorPatience(
            Duration.ofSeconds(3),
            Duration.ofMillis(700),
            Duration.ofMillis(700),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1)));
  }

  public static Stage open(Path root, SandboxMode sandbox) {
    return open(root, options(root, sandbox));
  }

  public static Stage open(Path root, CoordinatorOptions options) {
    Stage stage = new Stage(root, options);
    stage.deploy();
    return stage;
  }

  /** Everything but the coordinator itself. */
  public static Stage empty(Path root, CoordinatorOptions options) {
    return new Stage(root, options);
  }

  public void deploy() {
    deployment = await(vertx.deployVerticle(new CoordinatorVerticle(options)));
  }

  public void undeploy() {
    await(vertx.undeploy(deployment));
    deployment = "";
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("No answer", e);
    }
  }

  public <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q message) {
    return await(bus.request(address, message, Duration.ofSeconds(15)));
  }

  /** The code that a request is refused with. */
  public <Q extends Record, R extends Record> ConcertException refusal(
      Address<Q, R> address, Q message) {
    try {
      R answer = ask(address, message);
      throw new AssertionError("No refusal, but " + answer);
    } catch (ConcertException refusal) {
      return refusal;
    }
  }

  public EventRecorder record(String instanceId) {
    return new EventRecorder(bus, instanceId);
  }

  public InstanceStarted start(String instanceId) {
    return start(instanceId, "scripted");
  }

  public InstanceStarted start(String instanceId, String agentType) {
    return ask(Addresses.START_INSTANCE, request(instanceId, agentType));
  }

  public static StartInstance request(String instanceId, String agentType) {
    return new StartInstance(instanceId, "tenant", "session", agentType, null);
  }

  public Accepted tell(String instanceId, String messageId, String text) {
    return ask(Addresses.DELIVER_MESSAGE, message(instanceId, messageId, text));
  }

  public static DeliverMessage message(String instanceId, String messageId, String text) {
    return new DeliverMessage(
        instanceId,
        messageId,
        text,
        List.of(),
        List.of(new HistoryEntry("user", "earlier")),
        "member");
  }

  public Accepted stop(String instanceId) {
    return ask(Addresses.STOP_INSTANCE, new StopInstance(instanceId, "test_over"));
  }

  public ConcertBus bus() {
    return bus;
  }

  public FolderChronicle chronicle() {
    return chronicle;
  }

  public TokenEnsemble ensemble() {
    return ensemble;
  }

  /** Below it is everything that this stage writes. */
  public Path root() {
    return root;
  }

  public Path folder(String instanceId) {
    return options.instances().resolve(instanceId);
  }

  /** Command lines of processes that have to do with this stage. */
  public List<String> processes() {
    return processesWith(root.toString());
  }

  /** Command lines of host processes that carry this text in their environment or arguments. */
  public static List<String> processesWith(String text) {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(
              process ->
                  read(process.resolve("environ")).contains(text)
                      || read(process.resolve("cmdline")).contains(text))
          .map(process -> process.getFileName() + " " + read(process.resolve("cmdline")))
          .filter(found -> !found.contains("surefire"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // gone meanwhile
    }
  }

  @Override
  public void close() {
    if (!deployment.isEmpty()) {
      undeploy();
    }
    await(vertx.close());
    blocked.assertNone();
  }
}
