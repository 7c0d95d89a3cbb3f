package dev.concert.foundation.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.outbox.OutboxMessage.State;
import dev.concert.foundation.outbox.OutboxSender.LookUp;
import dev.concert.foundation.retry.Backoff;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Crashes are take-overs: from then on the fence lets nothing of the earlier owner through. */
@ExpectedLog(
    logger = "dev.concert.foundation.outbox.OutboxDelivery",
    message = "A message to slack is given up",
    required = false)
class OutboxDeliveryTest {
  private static final List<String> SCHEMA = List.of(FencedDatabase.SCHEMA, DurableOutbox.SCHEMA);
  private static final Backoff QUICK = Backoff.of(Duration.ofMillis(1), Duration.ofMillis(5));

  /** Longer than a busy machine needs for anything. */
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Service service = new Service();
  private JdbcDatabases databases;
  private long epoch;

  /** Stands still unless it is set: pauses are real ones. */
  private volatile Instant now = Instant.now();

  /** Where an owner dies. */
  enum Step {
    BEFORE_IT_IS_MARKED,
    BEFORE_THE_REQUEST,
    AFTER_THE_REQUEST,
    WHILE_IT_LOOKS
  }

  /** Somebody else's service: it keeps messages by id, and can be asked where it has a look-up. */
  private final class Service {
    private final Map<String, String> messages = new LinkedHashMap<>();
    private final Deque<SendOutcome> refusals = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private boolean canLookUp = true;

    private synchronized SendOutcome take(OutboxMessage message) {
      requests.add(message.content());
      if (!refusals.isEmpty()) {
        return refusals.poll();
      }
      String id = message.remoteId().orElseGet(() -> "id-" + (messages.size() + 1));
      messages.put(id, message.key() + "=" + message.content());
      return new SendOutcome.Sent(id);
    }

    private synchronized LookUp find(OutboxMessage message) {
      if (!canLookUp) {
        return new LookUp.Impossible();
      }
      return messages.entrySet().stream()
          .filter(entry -> entry.getValue().startsWith(message.key() + "="))
          .<LookUp>map(entry -> new LookUp.Found(entry.getKey()))
          .findFirst()
          .orElseGet(LookUp.Absent::new);
    }

    private synchronized List<String> contents() {
      return List.copyOf(messages.values());
    }
  }

  /** An owner whose process ends at a step, once. */
  private class Sender implements OutboxSender {
    private final Promise<Void> died = Promise.promise();
    private final Step death;

    private Sender(Step death) {
      this.death = death;
    }

    private <T> Future<T> at(Step step, Future<T> result) {
      if (step == death) {
        died.tryComplete();
      }
      return died.future().isComplete() ? Promise.<T>promise().future() : result;
    }

    @Override
    public Future<Void> permit(OutboxMessage message) {
      return at(Step.BEFORE_IT_IS_MARKED, Future.succeededFuture());
    }

    @Override
    public Future<SendOutcome> send(OutboxMessage message) {
      Future<SendOutcome> before = at(Step.BEFORE_THE_REQUEST, Future.succeededFuture());
      return before.isComplete()
          ? at(Step.AFTER_THE_REQUEST, Future.succeededFuture(service.take(message)))
          : before;
    }

    @Override
    public Future<LookUp> lookUp(OutboxMessage message) {
      return at(Step.WHILE_IT_LOOKS, Future.succeededFuture(service.find(message)));
    }
  }

  private final class Owner {
    private final DurableOutbox outbox;
    private final OutboxDelivery delivery;

    private Owner(String tenant, OutboxSender sender) {
      this(tenant, sender, LONG);
    }

    private Owner(String tenant, OutboxSender sender, Duration stopTimeout) {
      if (databases == null) {
        databases = new JdbcDatabases(vertx, key -> folder.resolve(key + ".db"), SCHEMA, 4);
      }
      epoch++;
      outbox = new DurableOutbox(new FencedDatabase(databases, tenant, epoch), () -> now);
      delivery = new OutboxDelivery(vertx, outbox, sender, QUICK, stopTimeout);
      get(delivery.start());
    }

    private void put(String conversation, String key, String content) {
      get(outbox.put("slack", conversation, key, content));
      delivery.wake(conversation);
    }

    private void awaitState(String conversation, State state) {
      Await.until(
          () ->
              get(outbox.messages(conversation)).stream()
                  .allMatch(message -> message.state() == state));
    }
  }

  /** The service takes each message at once; its answer comes when the test gives it. */
  private final class Slow extends Sender {
    private final Promise<Void> taken = Promise.promise();
    private final Promise<Void> answer = Promise.promise();

    private Slow() {
      super(null);
    }

    @Override
    public Future<SendOutcome> send(OutboxMessage message) {
      SendOutcome outcome = service.take(message);
      taken.tryComplete();
      return answer.future().map(outcome);
    }
  }

  private Owner owner() {
    return new Owner("acme", new Sender(null));
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @Test
  void messagesOfAConversationGoInOrderAndAKeyIsSentOnce() {
    Owner owner = owner();
    for (int i = 0; i < 10; i++) {
      owner.put("C1", "k" + i, "text");
      owner.put("C1", "k" + i, "text");
    }
    owner.awaitState("C1", State.SENT);
    assertThat(service.contents())
        .containsExactlyElementsOf(
            Stream.iterate(0, i -> i + 1).limit(10).map(i -> "k" + i + "=text").toList());
  }

  @Test
  void aTextThatChangesIsEditedWhereItIs() {
    Owner owner = owner();
    owner.put("C1", "answer", "Hel");
    owner.awaitState("C1", State.SENT);
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", State.SENT);
    assertThat(service.contents()).containsExactly("answer=Hello");
    assertThat(get(owner.outbox.messages("C1")).getFirst().remoteId()).contains("id-1");
  }

  @Test
  void editsThatAreStaleAreNeverSent() {
    Promise<Void> gate = Promise.promise();
    Sender sender =
        new Sender(null) {
          @Override
          public Future<Void> permit(OutboxMessage message) {
            return gate.future();
          }
        };
    Owner owner = new Owner("acme", sender);
    for (int i = 0; i < 50; i++) {
      owner.put("C1", "answer", "text " + i);
    }
    gate.complete();
    owner.awaitState("C1", State.SENT);
    assertThat(service.requests).containsExactly("text 49");
  }

  static Stream<Arguments> deaths() {
    return Stream.of(Step.values())
        .flatMap(step -> Stream.of(true, false).map(look -> Arguments.of(step, look)));
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void anOwnerThatDiesLosesNothingAndDoublesNothingThatCanBeLookedUp(Step step, boolean canLookUp)
      throws Exception {
    service.canLookUp = canLookUp;
    if (step == Step.WHILE_IT_LOOKS) {
      service.refusals.add(new SendOutcome.Unknown("cut"));
    }
    Sender dying = new Sender(step);
    Owner first = new Owner("acme", dying);
    first.put("C1", "answer", "Hello");
    first.put("C1", "end", "Bye");
    get(dying.died.future());

    Owner next = owner();
    next.delivery.wake("C1");
    next.awaitState("C1", State.SENT);
    boolean unknown = !canLookUp && step == Step.AFTER_THE_REQUEST;
    assertThat(service.contents())
        .containsExactlyElementsOf(
            unknown
                ? List.of("answer=Hello", "answer=Hello", "end=Bye")
                : List.of("answer=Hello", "end=Bye"));
    if (unknown) {
      assertThat(get(next.outbox.messages("C1")).getFirst().sentAgain()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClockThatJumpsBackAnHourHoldsUpNothing(boolean isUnknown) {
    service.refusals.add(
        isUnknown ? new SendOutcome.Unknown("cut") : new SendOutcome.Failed("busy"));
    service.refusals.add(new SendOutcome.Wait(Duration.ofMillis(20)));
    Sender jumping =
        new Sender(null) {
          @Override
          public Future<SendOutcome> send(OutboxMessage message) {
            return super.send(message).onSuccess(_ -> now = now.minus(Duration.ofHours(1)));
          }
        };
    Owner owner = new Owner("acme", jumping);
    owner.put("C1", "answer", "Hello");
    now = now.minus(Duration.ofHours(1));
    owner.awaitState("C1", State.SENT);
    assertThat(service.contents()).containsExactly("answer=Hello");
  }

  @Test
  void whatWaitedBeforeARestartIsSentThoughTheClockIsAnHourBehind() {
    service.refusals.add(new SendOutcome.Wait(Duration.ofHours(2)));
    Owner first = owner();
    first.put("C1", "answer", "Hello");
    Await.until(
        "the refusal", () -> get(first.outbox.next("C1")).orElseThrow().pause().isPositive());
    first.delivery.stop();
    now = now.minus(Duration.ofHours(1));

    owner().awaitState("C1", State.SENT);
    assertThat(service.contents()).containsExactly("answer=Hello");
  }

  @Test
  void aStopWaitsForTheAnswerToWhatIsBeingSentAndSendsNothingMore() {
    service.canLookUp = false;
    Slow slow = new Slow();
    Owner first = new Owner("acme", slow);
    first.put("C1", "answer", "Hello");
    get(slow.taken.future());
    first.put("C1", "end", "Bye");
    Future<Void> stopped = first.delivery.stop();
    first.put("C2", "other", "Hi");
    assertThat(stopped.isComplete()).isFalse();
    slow.answer.complete();
    get(stopped);
    assertThat(get(first.outbox.messages("C1")))
        .extracting(OutboxMessage::state)
        .containsExactly(State.SENT, State.PENDING);
    assertThat(service.contents()).containsExactly("answer=Hello");

    Owner next = owner();
    next.awaitState("C1", State.SENT);
    next.awaitState("C2", State.SENT);
    assertThat(service.contents()).containsExactlyInAnyOrder("answer=Hello", "end=Bye", "other=Hi");
  }

  @Test
  void aServiceThatNeverAnswersHoldsUpAStopForAWhileOnly() {
    service.canLookUp = false;
    Slow slow = new Slow();
    Owner first = new Owner("acme", slow, Duration.ofMillis(50));
    first.put("C1", "answer", "Hello");
    get(slow.taken.future());
    get(first.delivery.stop());

    Owner next = owner();
    next.awaitState("C1", State.SENT);
    assertThat(service.contents()).containsExactly("answer=Hello", "answer=Hello");
    assertThat(get(next.outbox.messages("C1")).getFirst().sentAgain()).isTrue();
  }

  @Test
  void aStopDoesNotWaitForAPermissionAndWhatGetsItLaterIsNotSent() {
    Promise<Void> asked = Promise.promise();
    Promise<Void> permission = Promise.promise();
    Owner first =
        new Owner(
            "acme",
            new Sender(null) {
              @Override
              public Future<Void> permit(OutboxMessage message) {
                asked.tryComplete();
                return permission.future();
              }
            });
    first.put("C1", "answer", "Hello");
    get(asked.future());
    get(first.delivery.stop());
    permission.complete();
    get(first.delivery.stop());
    assertThat(service.contents()).isEmpty();

    owner().awaitState("C1", State.SENT);
    assertThat(service.contents()).containsExactly("answer=Hello");
  }

  @Test
  void aPauseThatAServiceAsksForIsKept() {
    service.refusals.add(new SendOutcome.Wait(Duration.ofMillis(300)));
    long since = System.nanoTime();
    Owner owner = owner();
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", State.SENT);
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void anOwnerThatWasPausedSendsNothingMoreAfterItWasReplaced() {
    Promise<Void> paused = Promise.promise();
    Owner first =
        new Owner(
            "acme",
            new Sender(null) {
              @Override
              public Future<Void> permit(OutboxMessage message) {
                return paused.future();
              }
            });
    first.put("C1", "answer", "Hello");
    Owner next = owner();
    next.awaitState("C1", State.SENT);
    paused.complete();
    next.put("C1", "end", "Bye");
    next.awaitState("C1", State.SENT);
    assertThat(service.contents()).containsExactly("answer=Hello", "end=Bye");
  }

  @Test
  void tenantsDoNotSeeEachOthersMessages() {
    Owner acme = owner();
    Owner zeta = new Owner("zeta", new Sender(null));
    acme.put("C1", "answer", "Hello");
    acme.awaitState("C1", State.SENT);
    assertThat(get(zeta.outbox.messages("C1"))).isEmpty();
    assertThat(get(zeta.outbox.openConversations())).isEmpty();
  }

  /**
   * What a service may answer before it takes a message, and how often the message is then there.
   */
  enum Fault {
    WAIT(new SendOutcome.Wait(Duration.ofMillis(5)), State.SENT, 1),
    FAILED(new SendOutcome.Failed("503"), State.SENT, 1),
    UNKNOWN(new SendOutcome.Unknown("cut before it was taken"), State.SENT, 1),
    VANISHED(new SendOutcome.Vanished(), State.SENT, 1),
    REFUSED(new SendOutcome.Refused("channel_not_found"), State.FAILED, 0);

    private final SendOutcome outcome;
    private final State end;
    private final int times;

    Fault(SendOutcome outcome, State end, int times) {
      this.outcome = outcome;
      this.end = end;
      this.times = times;
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachFaultEndsAsItShould(Fault fault) {
    service.refusals.add(fault.outcome);
    Owner owner = owner();
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", fault.end);
    assertThat(service.contents()).hasSize(fault.times);
  }

  @Test
  void aMessageThatIsRefusedDoesNotHoldUpTheNext() {
    service.refusals.add(new SendOutcome.Refused("msg_too_long"));
    Owner owner = owner();
    owner.put("C1", "long", "…");
    owner.put("C1", "short", "Hello");
    Await.until(() -> service.contents().equals(List.of("short=Hello")));
  }

  @Test
  void whatNeverSucceedsIsGivenUp() {
    for (int i = 0; i < OutboxDelivery.MAX_ATTEMPTS; i++) {
      service.refusals.add(new SendOutcome.Failed("503"));
    }
    Owner owner = owner();
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", State.FAILED);
    assertThat(service.contents()).isEmpty();
  }
}
