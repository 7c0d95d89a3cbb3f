package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.AutomationNews;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.EventMessages.WriteAccess;
import dev.concert.automations.AutomationsOptions;
import dev.concert.automations.AutomationsVerticle;
import dev.concert.automations.delivery.DeliveryOptions;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.foundation.lease.LeaseOptions;
import dev.concert.foundation.secret.SecretOptions;
import dev.concert.testing.Await;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceForked;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A deployed engine; its clock stands still until the test moves it. */
final class Engine implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);
  static final Caller ANNE = new Caller("t1", "anne", false);

  private final Vertx vertx = Vertx.vertx();
  private final ConcertBus bus;
  private final AtomicReference<Instant> now;
  private final String deployment;
  private final FakeGateway gateway;

  Engine(Path data, FakeGateway gateway, Instant start) {
    this(data, gateway, start, 1000);
  }

  Engine(Path data, FakeGateway gateway, Instant start, int caps) {
    this(data, gateway, start, caps, DeliveryOptions.DEFAULT);
  }

  Engine(Path data, FakeGateway gateway, Instant start, int caps, DeliveryOptions delivery) {
    this.gateway = gateway;
    now = new AtomicReference<>(start);
    InstantSource clock = now::get;
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
    gateway.serve(bus);
    AutomationsOptions options =
        new AutomationsOptions(
            data.resolve("automations"),
            data.resolve("tenants"),
            false,
            LeaseOptions.FILES,
            SecretOptions.of(
                data.resolve("automations").resolve("secrets.db"), Map.of(), "CONCERT_MASTER_KEY"),
            "echo",
            caps,
            caps,
            data.resolve("blueprints"),
            delivery);
    deployment = get(vertx.deployVerticle(new AutomationsVerticle(options, clock, LOOK)));
  }

  /** Plays Chronicle. */
  void serveChanges(Function<ChangesSince, FileChanges> changes) {
    bus.serve(Addresses.CHANGES_SINCE, wanted -> Future.succeededFuture(changes.apply(wanted)));
  }

  /** Plays Chronicle; what is copied from now on. */
  List<ForkWorkspace> serveCopies() {
    List<ForkWorkspace> copies = Collections.synchronizedList(new ArrayList<>());
    bus.serve(
        Addresses.FORK_WORKSPACE,
        wanted -> {
          copies.add(wanted);
          return Future.succeededFuture(new WorkspaceForked(1, 7));
        });
    return copies;
  }

  /** Plays GitHub: these may write in its repositories. */
  void serveWriters(String... logins) {
    bus.serve(
        GitHubAddresses.ASK_WRITE_ACCESS,
        asked -> Future.succeededFuture(new WriteAccess(List.of(logins).contains(asked.login()))));
  }

  /** Plays another service. */
  <Q extends Record, R extends Record> void serve(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    bus.serve(address, handler);
  }

  /** What is told to the gateways from now on; grows. */
  List<AutomationNews> news() {
    List<AutomationNews> news = Collections.synchronizedList(new ArrayList<>());
    get(bus.listen(AutomationAddresses.NEWS, news::add).completion());
    return news;
  }

  void moveTo(Instant instant) {
    now.set(instant);
  }

  void advance(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q request) {
    return get(bus.request(address, request, Duration.ofSeconds(60)));
  }

  Automation create(Caller caller, String name, String every, AutomationPolicy policy) {
    return ask(
        AutomationAddresses.CREATE_AUTOMATION,
        new AutomationMessages.CreateAutomation(
            caller,
            name,
            new AutomationTrigger(AutomationTrigger.Kind.INTERVAL, every, null),
            new AutomationTask(name, null, null, null, null, null),
            policy,
            false));
  }

  /** The slots of an automation, the newest first. */
  List<Slot> slots(String automation) {
    return ask(
            AutomationAddresses.LIST_SLOTS,
            new AutomationMessages.ListSlots(ANNE, automation, null, 500))
        .slots();
  }

  List<String> states(String automation) {
    return slots(automation).stream().map(Slot::state).toList();
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the engine; this happens meanwhile. */
  void closeWhile(Runnable happens) {
    Future<Void> ended = vertx.undeploy(deployment);
    Await.until("the end begins", this::hasBegunToEnd);
    happens.run();
    close(ended);
  }

  private boolean hasBegunToEnd() {
    return get(
        bus.request(
                AutomationAddresses.LIST_BLUEPRINTS,
                new AutomationMessages.ListBlueprints(ANNE),
                Duration.ofSeconds(60))
            .map(false)
            .otherwise(true));
  }

  @Override
  public void close() {
    close(vertx.undeploy(deployment));
  }

  private void close(Future<Void> ended) {
    get(ended);
    Await.until("the last answers", () -> !gateway.isWaitedFor());
    get(vertx.close());
  }
}
