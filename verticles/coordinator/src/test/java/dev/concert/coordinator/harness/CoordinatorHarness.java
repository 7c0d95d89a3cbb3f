package dev.concert.coordinator.harness;

import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.coordinator.CoordinatorVerticle;
import dev.concert.coordinator.config.CoordinatorLimits;
import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.coordinator.config.CoordinatorTimeouts;
import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.egress.policy.EgressOptions;
import dev.concert.coordinator.profile.AgentProfiles;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.coordinator.sandbox.UserRange;
import dev.concert.error.ConcertException;
import dev.concert.foundation.config.ByteSize;
import dev.concert.foundation.config.DeploymentMode;
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
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A coordinator with real processes, between a Chronicle and an Ensemble that are played. */
public final class CoordinatorHarness implements AutoCloseable {
  /** The agents of src/test/resources. */
  public static final Path AGENTS = Path.of("src/test/resources/agents").toAbsolutePath();

  /** Small enough to be passed by a test in no time. */
  public static final ResourceLimits LIMITS =
      new ResourceLimits(ByteSize.mib(256), 2, 64, 256, ByteSize.mib(16), ByteSize.mib(64), 1000);

  private final Path root;
  private final Vertx vertx;
  private final ConcertBus bus;
  private final BlockedThreads blocked = BlockedThreads.watch();
  private final CoordinatorOptions options;
  private final FakeChronicle chronicle;
  private final FakeEnsemble ensemble;
  private String deployment = "";

  private CoordinatorHarness(Path root, CoordinatorOptions options) {
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
    this.chronicle = new FakeChronicle(bus, root.resolve("workspaces"));
    this.ensemble = new FakeEnsemble(bus);
  }

  /** An agent has two minutes until it is ready: a busy machine must not trip it. */
  public static CoordinatorOptions options(Path root, SandboxMode sandbox) {
    return options(root, sandbox, Duration.ofMinutes(2));
  }

  /**
   * Timeouts are short enough for tests of them, and long enough for a busy machine.
   *
   * @param ready for an agent to become ready
   */
  public static CoordinatorOptions options(Path root, SandboxMode sandbox, Duration ready) {
    return new CoordinatorOptions(
        root.resolve("instances"),
        AGENTS,
        DeploymentMode.DEVELOPMENT,
        sandbox,
        UserRange.DEFAULT,
        8192,
        new AgentProfiles(Optional.of(root.resolve("profiles")), Optional.empty()),
        EgressOptions.DEFAULT,
        new CoordinatorLimits(2, LIMITS, 200, 1 << 20),
        new CoordinatorTimeouts(
            ready,
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5)));
  }

  /** Writes a file of the profile of the user whose agents run here. */
  public void writeProfile(String name, String content) {
    try {
      Path folder = Files.createDirectories(root.resolve("profiles/tenant/user"));
      Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static CoordinatorHarness open(Path root, SandboxMode sandbox) {
    return open(root, options(root, sandbox));
  }

  public static CoordinatorHarness open(Path root, CoordinatorOptions options) {
    CoordinatorHarness coordinator = new CoordinatorHarness(root, options);
    coordinator.deploy();
    return coordinator;
  }

  /** Everything but the coordinator itself. */
  public static CoordinatorHarness empty(Path root, CoordinatorOptions options) {
    return new CoordinatorHarness(root, options);
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
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
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
    return await(bus.request(address, message, Duration.ofMinutes(2)));
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
    return new StartInstance(
        instanceId,
        "tenant",
        "user",
        "session",
        agentType,
        null,
        EventRecorder.address(instanceId));
  }

  public Accepted tell(String instanceId, String messageId, String text) {
    return ask(Addresses.DELIVER_MESSAGE, message(instanceId, messageId, text));
  }

  public static DeliverMessage message(String instanceId, String messageId, String text) {
    return new DeliverMessage(
        instanceId,
        "",
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

  public FakeChronicle chronicle() {
    return chronicle;
  }

  public FakeEnsemble ensemble() {
    return ensemble;
  }

  /** Below it is everything that this harness writes. */
  public Path root() {
    return root;
  }

  public Path folder(String instanceId) {
    return options.instances().resolve(instanceId);
  }

  /** Command lines of processes that have to do with this coordinator. */
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
