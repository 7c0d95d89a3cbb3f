package dev.concert.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.inference.InferenceMessages.OpenAccess;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ExpectedLog(
    logger = "dev.concert.bus.Endpoint",
    message = "Request access.open to ensemble failed")
class ConcertBusTest {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Access ACCESS = new Access("http://x", "secret", "demo");

  private final Vertx vertx = Vertx.vertx();
  private final List<String> forgotten = new CopyOnWriteArrayList<>();
  private volatile String owner = "here";
  private ConcertBus bus;

  @BeforeEach
  void start() {
    BusCodecs.register(
        vertx,
        new BusNode(
            "here",
            new OneOwner(),
            (_, key) -> Future.succeededFuture(!key.equals("foreign")),
            new Breakers(vertx, PAUSE),
            BusNode.MAX_MESSAGE_BYTES));
    bus = new ConcertBus(vertx);
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  /** Says {@code owner} until it has to forget, then {@code here}. */
  private final class OneOwner implements Directory {
    @Override
    public Future<String> ownerOf(Service service, String key) {
      return Future.succeededFuture(owner);
    }

    @Override
    public void forget(Service service, String key, String node) {
      forgotten.add(key);
      owner = "here";
    }

    @Override
    public Future<String> hostOf(String node) {
      return Future.succeededFuture("127.0.0.1");
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ConcertException refused ? refused : e;
    }
  }

  private Future<Access> open(Duration timeout) {
    return bus.request(Addresses.OPEN_ACCESS, new OpenAccess("agent_1", "dev", null), timeout);
  }

  private static ConcertException refusal(Future<?> future) {
    return catchThrowableOfType(ConcertException.class, () -> await(future));
  }

  private void expect(Future<?> future, ErrorCode code, String message) {
    assertThat(refusal(future))
        .hasMessage(message)
        .extracting(ConcertException::code)
        .isEqualTo(code);
  }

  @Test
  void aRequestIsAnsweredWithTheSameObjectInsideOneJvm() {
    bus.serve(Addresses.OPEN_ACCESS, request -> Future.succeededFuture(ACCESS));
    assertThat(await(open(LONG))).isSameAs(ACCESS);
  }

  @Test
  void aFailureArrivesWhole() {
    bus.serve(
        Addresses.OPEN_ACCESS,
        request ->
            Future.failedFuture(
                ConcertException.retryAfter(ErrorCode.RATE_LIMITED, "Not so fast.", 1234)));
    assertThat(refusal(open(LONG)).problem())
        .isEqualTo(new Problem(ErrorCode.RATE_LIMITED, "Not so fast.", 1234, "ensemble"));
  }

  @Test
  void aFailureOfAServiceBehindKeepsThatServicesName() {
    bus.serve(
        Addresses.OPEN_ACCESS,
        request ->
            Future.failedFuture(
                new ConcertException(ErrorCode.FORBIDDEN, "Not you.").from("podium")));
    assertThat(refusal(open(LONG)).service()).isEqualTo("podium");
  }

  @Test
  void aDefectArrivesWithoutItsText() {
    bus.serve(
        Addresses.OPEN_ACCESS,
        request -> {
          throw new IllegalStateException("password=hunter2");
        });
    expect(open(LONG), ErrorCode.INTERNAL, "Something went wrong inside Concert.");
  }

  @Test
  void silenceIsATimeout() {
    bus.serve(Addresses.OPEN_ACCESS, request -> Future.future(never -> {}));
    expect(open(SOON), ErrorCode.TIMEOUT, "Ensemble did not answer in time.");
  }

  @Test
  void aMissingServiceIsNamedWithATimeToWait() {
    ConcertException failure = refusal(open(LONG));
    assertThat(failure.problem())
        .isEqualTo(
            new Problem(
                ErrorCode.ENSEMBLE_UNAVAILABLE, "Ensemble is not running.", 1000, "ensemble"));
  }

  @Test
  void aRequestWhoseTimeIsOverIsNotExecuted() {
    AtomicInteger executed = new AtomicInteger();
    CountDownLatch timedOut = new CountDownLatch(1);
    Busy service =
        new Busy(
            request -> {
              executed.incrementAndGet();
              return Future.succeededFuture(ACCESS);
            });
    await(
        vertx.deployVerticle(
            service, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
    // The service is busy until the caller has given up.
    service.run(() -> uninterruptibly(timedOut));
    expect(open(SOON), ErrorCode.TIMEOUT, "Ensemble did not answer in time.");
    timedOut.countDown();
    assertThat(await(open(LONG))).isSameAs(ACCESS);
    assertThat(executed).hasValue(1);
  }

  /** Serves on a worker thread, which a test may keep busy. */
  private static final class Busy extends VerticleBase {
    private final Function<OpenAccess, Future<Access>> handler;

    Busy(Function<OpenAccess, Future<Access>> handler) {
      this.handler = handler;
    }

    @Override
    public Future<?> start() {
      return new ConcertBus(vertx).serve(Addresses.OPEN_ACCESS, handler).completion();
    }

    void run(Runnable work) {
      context.runOnContext(_ -> work.run());
    }
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(3, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRequestThatMayBeRepeatedFindsAServiceThatComesBack() {
    Future<?> closing =
        bus.request(Addresses.CLOSE_ACCESS, new CloseAccess("agent_1"), Duration.ofSeconds(5));
    bus.serve(Addresses.CLOSE_ACCESS, request -> Future.succeededFuture(Accepted.ACCEPTED));
    assertThat(await(closing)).isEqualTo(Accepted.ACCEPTED);
  }

  @Test
  void aStaleEntryOfTheDirectoryCostsOneMoreRequest() {
    ConcertBus there = serveForeign();
    owner = "there";
    bus.serve(Addresses.STEER, request -> Future.succeededFuture(Accepted.ACCEPTED));
    assertThat(await(bus.request(Addresses.STEER, new Steer("mine", "e", "x"), LONG)))
        .isEqualTo(Accepted.ACCEPTED);
    assertThat(forgotten).containsExactly("mine");
    assertThat(there.node()).isEqualTo("here");
  }

  /** A node that owns nothing, at the address of Podium there. */
  private ConcertBus serveForeign() {
    vertx
        .eventBus()
        .consumer(
            "podium@there",
            message ->
                message.reply(
                    new BusFailure(new Problem(ErrorCode.NOT_OWNER, "Not mine.", 0, "podium"))));
    return bus;
  }

  @Test
  void aKeyThatNobodyOwnsIsAskedForTwiceAndNotMore() {
    AtomicInteger asked = new AtomicInteger();
    bus.serve(
        Addresses.STEER,
        request -> {
          asked.incrementAndGet();
          return Future.succeededFuture(Accepted.ACCEPTED);
        });
    ConcertException failure =
        refusal(bus.request(Addresses.STEER, new Steer("foreign", "e", "x"), LONG));
    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_OWNER);
    assertThat(forgotten).containsExactly("foreign");
    assertThat(asked).hasValue(0);
  }

  @Test
  void aBreakerThatIsOpenRefusesAtOnceAndClosesOnTheFirstSuccess() {
    for (int i = 0; i < 5; i++) {
      refusal(open(LONG));
    }
    ConcertException refused = refusal(open(LONG));
    assertThat(refused.code()).isEqualTo(ErrorCode.ENSEMBLE_UNAVAILABLE);
    assertThat(refused).hasMessage("Ensemble does not answer; it gets no requests for a moment.");
    assertThat(refused.retryAfterMs()).isBetween(1L, PAUSE.toMillis());

    bus.serve(Addresses.OPEN_ACCESS, request -> Future.succeededFuture(ACCESS));
    await(vertx.timer(2 * PAUSE.toMillis()));
    assertThat(await(open(LONG))).isSameAs(ACCESS);
    assertThat(await(open(LONG))).isSameAs(ACCESS);
  }

  @Test
  void refusalsDoNotOpenABreaker() {
    bus.serve(
        Addresses.OPEN_ACCESS,
        request -> Future.failedFuture(new ConcertException(ErrorCode.FORBIDDEN, "Not you.")));
    for (int i = 0; i < 8; i++) {
      expect(open(LONG), ErrorCode.FORBIDDEN, "Not you.");
    }
  }

  @Test
  void aProbeIsSentThroughAnOpenBreaker() {
    for (int i = 0; i < 5; i++) {
      refusal(open(LONG));
    }
    HealthReport fine = new HealthReport("ok", java.util.Map.of());
    bus.serve(Addresses.ENSEMBLE_HEALTH, probe -> Future.succeededFuture(fine));
    assertThat(await(bus.request(Addresses.ENSEMBLE_HEALTH, new HealthReport.Probe(), LONG)))
        .isSameAs(fine);
  }

  @Test
  void anInboxGetsWhatIsSentToItsAddressOnly() {
    Promise<String> got = Promise.promise();
    String address = bus.newAddress(Addresses.AGENT_EVENTS);
    bus.open(Addresses.AGENT_EVENTS, address, events -> got.complete(events.instanceId()));
    bus.send(Addresses.AGENT_EVENTS, bus.newAddress(Addresses.AGENT_EVENTS), events("other"));
    bus.send(Addresses.AGENT_EVENTS, address, events("mine"));
    assertThat(await(got.future())).isEqualTo("mine");
  }

  private static dev.concert.podium.PodiumMessages.AgentEvents events(String instanceId) {
    return new dev.concert.podium.PodiumMessages.AgentEvents(instanceId, "e", 1, List.of());
  }

  @Test
  void messagesOfATopicReachTheListenerOfTheirKey() {
    KeyedListeners<CloseAccess> listeners = new KeyedListeners<>(CloseAccess::instanceId);
    List<CloseAccess> first = new ArrayList<>();
    List<CloseAccess> second = new ArrayList<>();
    Runnable removal = listeners.set("a", first::add);
    listeners.set("a", second::add);
    removal.run();
    listeners.accept(new CloseAccess("a"));
    listeners.accept(new CloseAccess("b"));
    assertThat(first).isEmpty();
    assertThat(second).containsExactly(new CloseAccess("a"));
  }

  @Test
  void everyMessageSurvivesItsWireForm() {
    RecordCodec<Access> codec = new RecordCodec<>(Access.class, 1000);
    Buffer wire = Buffer.buffer("before");
    codec.encodeToWire(wire, ACCESS);
    assertThat(codec.decodeFromWire(6, wire)).isEqualTo(ACCESS);
  }

  @Test
  void aMessageThatIsTooLargeIsNotEncoded() {
    RecordCodec<Access> codec = new RecordCodec<>(Access.class, 1000);
    Buffer wire = Buffer.buffer();
    ConcertException refused =
        catchThrowableOfType(
            ConcertException.class,
            () -> codec.encodeToWire(wire, new Access("u", "t", "x".repeat(1000))));
    assertThat(refused.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    assertThat(wire.length()).isZero();
  }

  @Test
  void aFailureSurvivesItsWireForm() {
    Problem problem = new Problem(ErrorCode.FILE_NOT_FOUND, "No file a.", 7, "chronicle");
    Buffer wire = Buffer.buffer();
    BusFailure.Codec codec = new BusFailure.Codec();
    codec.encodeToWire(wire, new BusFailure(problem));
    assertThat(codec.decodeFromWire(0, wire).problem()).isEqualTo(problem);
  }

  @Test
  void aFailureWithACodeOfALaterVersionKeepsItsSentenceAndAdvice() {
    String json =
        "{'code':'MOON_FULL','message':'The moon is full.','advice':'Wait.','service':'podium'}"
            .replace('\'', '"');
    Buffer wire = Buffer.buffer().appendInt(json.length()).appendString(json);
    assertThat(new BusFailure.Codec().decodeFromWire(0, wire).problem())
        .isEqualTo(new Problem(ErrorCode.INTERNAL, "The moon is full. Wait.", 0, "podium"));
  }

  @Test
  void aSecretIsNotInTheTextOfItsMessage() {
    assertThat(new Access("u", "hunter2", "m").toString()).doesNotContain("hunter2");
  }
}
