package dev.concert.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.clock.SteadyClock;
import dev.concert.gateway.agent.AgentInboxes;
import dev.concert.gateway.billing.BillingOptions;
import dev.concert.gateway.billing.CreditService;
import dev.concert.gateway.eventlog.EventJournal;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.health.ServingState;
import dev.concert.gateway.inference.NamingOptions;
import dev.concert.gateway.inference.SessionNamer;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.ClientMessage.Attachment;
import dev.concert.protocol.ClientMessage.RunTurn;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExpectedLog(
    logger = "dev.concert.gateway.session.SessionDeletion",
    message = "is not removed yet: Podium is not running",
    required = false)
@ExpectedLog(
    logger = "dev.concert.bus.Endpoint",
    message = "Request files.read to chronicle.* failed",
    required = false)
class SessionDirectoryTest {
  private static final Identity OWNER = Identity.of("u", "u@example.com", "t", Role.OWNER);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private EventJournal journal;
  private SessionDatabases databases;
  private Registries registries;
  private CreditService credit;
  private SessionDirectory directory;

  @BeforeEach
  void open() {
    BusCodecs.register(vertx);
    ConcertBus bus = new ConcertBus(vertx);
    List<Context> contexts = List.of(vertx.getOrCreateContext());
    journal = new EventJournal(folder.resolve("journal.db"), new SimpleMeterRegistry());
    journal.start();
    databases = new SessionDatabases(vertx, folder.resolve("sessions"), 2);
    registries = new Registries(vertx, folder.resolve("tenants"));
    credit =
        new CreditService(
            vertx,
            bus,
            folder.resolve("tenants"),
            BillingOptions.DEFAULT,
            Session::instanceOf,
            (_, _) -> {});
    directory =
        new SessionDirectory(
            new SessionServices(
                vertx,
                bus,
                get(AgentInboxes.open(bus, contexts)),
                journal,
                databases,
                registries,
                SessionTimeouts.DEFAULT,
                new ServingState(),
                credit.turns(),
                SessionNamer.of(vertx, bus, NamingOptions.DEFAULT, _ -> {})),
            contexts);
  }

  @AfterEach
  void close() {
    get(databases.close());
    get(registries.close());
    get(credit.close());
    journal.close();
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static SessionMeta session() {
    return session("s");
  }

  private static SessionMeta session(String id) {
    return new SessionMeta(
        id,
        "t",
        "before",
        "echo",
        null,
        null,
        SessionState.INACTIVE,
        false,
        "u",
        1,
        1,
        0,
        JsonNodeFactory.instance.objectNode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rename", "archive", "unarchive"})
  void whoFoundASessionBeforeItWasDeletedCannotChangeItAfterwards(String change) {
    get(registries.insert(session()));
    Session found = get(directory.find(OWNER, "s", Permission.THREADS_READ));
    get(directory.delete(OWNER, "s"));

    Future<SessionMeta> late =
        on(
            found,
            session ->
                switch (change) {
                  case "rename" -> session.lifecycle().rename("after");
                  case "archive" -> session.lifecycle().archive();
                  default -> session.lifecycle().unarchive();
                });

    assertThat(code(late)).isEqualTo(ErrorCode.SESSION_NOT_FOUND);
  }

  @Test
  void aSessionWhoseTurnWaitsForItsAttachmentsStaysInMemory() {
    get(registries.insert(session()));
    Promise<FileContent> file = Promise.promise();
    new ConcertBus(vertx).serve(Addresses.READ_FILE, _ -> file.future());
    Session found = get(directory.find(OWNER, "s", Permission.THREADS_READ));
    long later = SteadyClock.millis() + 3_600_000;
    RunTurn message =
        new RunTurn("s", "go", null, List.of(new Attachment("a", null, null, "a.txt")));

    Promise<SessionEvent> started = Promise.promise();
    boolean dispensable =
        get(
            on(
                found,
                session -> {
                  assertThat(session.dispensable(later)).isTrue();
                  session.runTurn(OWNER, message).onComplete(started);
                  return Future.succeededFuture(session.dispensable(later));
                }));

    assertThat(dispensable).isFalse();
    file.fail("gone");
    get(started.future().otherwiseEmpty());
    dispensable = get(on(found, session -> Future.succeededFuture(session.dispensable(later))));
    assertThat(dispensable).isTrue();
  }

  @Test
  void aSessionThatSomebodyJustFoundStaysInMemory() {
    get(registries.insert(session()));
    Session found = get(directory.find(OWNER, "s", Permission.THREADS_READ));
    long soon = SteadyClock.millis() + 30_000;
    long later = SteadyClock.millis() + 90_000;

    Function<Long, Boolean> isDispensable =
        when -> get(on(found, session -> Future.succeededFuture(session.dispensable(when))));

    assertThat(isDispensable.apply(soon)).isFalse();
    assertThat(isDispensable.apply(later)).isTrue();
    assertThat(get(directory.find(OWNER, "s", Permission.THREADS_READ))).isSameAs(found);
  }

  @Test
  void aServerThatStopsOpensNoSessionAndSavesNoneAnyMore() {
    get(registries.insert(session()));
    Session found = get(directory.find(OWNER, "s", Permission.THREADS_READ));
    get(directory.close());

    RunTurn message = new RunTurn("s", "go", null, List.of());
    get(on(found, session -> session.runTurn(OWNER, message)).otherwiseEmpty());
    get(on(found, session -> session.log().settle()));

    assertThat(get(registries.find("t", "s")).orElseThrow().state())
        .isEqualTo(SessionState.INACTIVE);
    assertThat(code(directory.open(session("unopened")))).isEqualTo(ErrorCode.SERVER_DRAINING);
  }

  private static ErrorCode code(Future<?> future) {
    return get(future.map(_ -> (ErrorCode) null).otherwise(why -> Problem.of(why).code()));
  }

  private static <T> Future<T> on(Session session, Function<Session, Future<T>> work) {
    return session.call(() -> work.apply(session));
  }
}
