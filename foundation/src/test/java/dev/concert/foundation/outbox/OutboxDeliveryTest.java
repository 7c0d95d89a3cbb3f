package dev.concert.foundation.outbox;

import static dev.concert.foundation.outbox.OutboxUnderTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.outbox.OutboxMessage.State;
import dev.concert.foundation.outbox.OutboxUnderTest.Owner;
import dev.concert.foundation.outbox.OutboxUnderTest.Sender;
import dev.concert.foundation.outbox.OutboxUnderTest.Step;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an outbox sends, in which order, and how often. */
@ExpectedLog(
    logger = "dev.concert.foundation.outbox.OutboxDelivery",
    message = "A message to slack is given up",
    required = false)
class OutboxDeliveryTest {
  @TempDir Path folder;
  private OutboxUnderTest outbox;

  @BeforeEach
  void open() {
    outbox = new OutboxUnderTest(folder);
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  @Test
  void messagesOfAConversationGoInOrderAndAKeyIsSentOnce() {
    Owner owner = outbox.owner();
    for (int i = 0; i < 10; i++) {
      owner.put("C1", "k" + i, "text");
      owner.put("C1", "k" + i, "text");
    }
    owner.awaitState("C1", State.SENT);
    assertThat(outbox.service.contents())
        .containsExactlyElementsOf(
            Stream.iterate(0, i -> i + 1).limit(10).map(i -> "k" + i + "=text").toList());
  }

  @Test
  void aTextThatChangesIsEditedWhereItIs() {
    Owner owner = outbox.owner();
    owner.put("C1", "answer", "Hel");
    owner.awaitState("C1", State.SENT);
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", State.SENT);
    assertThat(outbox.service.contents()).containsExactly("answer=Hello");
    assertThat(get(owner.outbox.messages("C1")).getFirst().remoteId()).contains("id-1");
  }

  @Test
  void editsThatAreStaleAreNeverSent() {
    Promise<Void> gate = Promise.promise();
    Sender sender =
        new Sender(outbox.service, null) {
          @Override
          public Future<Void> permit(OutboxMessage message) {
            return gate.future();
          }
        };
    Owner owner = outbox.owner(sender);
    for (int i = 0; i < 50; i++) {
      owner.put("C1", "answer", "text " + i);
    }
    gate.complete();
    owner.awaitState("C1", State.SENT);
    assertThat(outbox.service.requests).containsExactly("text 49");
  }

  static Stream<Arguments> deaths() {
    return Stream.of(Step.values())
        .flatMap(step -> Stream.of(true, false).map(look -> Arguments.of(step, look)));
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void anOwnerThatDiesLosesNothingAndDoublesNothingThatCanBeLookedUp(Step step, boolean canLookUp)
      throws Exception {
    outbox.service.canLookUp = canLookUp;
    if (step == Step.WHILE_IT_LOOKS) {
      outbox.service.refusals.add(new SendOutcome.Unknown("cut"));
    }
    Sender dying = new Sender(outbox.service, step);
    Owner first = outbox.owner(dying);
    first.put("C1", "answer", "Hello");
    first.put("C1", "end", "Bye");
    get(dying.died.future());

    Owner next = outbox.owner();
    next.delivery.wake("C1");
    next.awaitState("C1", State.SENT);
    boolean unknown = !canLookUp && step == Step.AFTER_THE_REQUEST;
    assertThat(outbox.service.contents())
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
    outbox.service.refusals.add(
        isUnknown ? new SendOutcome.Unknown("cut") : new SendOutcome.Failed("busy"));
    outbox.service.refusals.add(new SendOutcome.Wait(Duration.ofMillis(20)));
    Sender jumping =
        new Sender(outbox.service, null) {
          @Override
          public Future<SendOutcome> send(OutboxMessage message) {
            return super.send(message)
                .onSuccess(_ -> outbox.now = outbox.now.minus(Duration.ofHours(1)));
          }
        };
    Owner owner = outbox.owner(jumping);
    owner.put("C1", "answer", "Hello");
    outbox.now = outbox.now.minus(Duration.ofHours(1));
    owner.awaitState("C1", State.SENT);
    assertThat(outbox.service.contents()).containsExactly("answer=Hello");
  }

  @Test
  void whatWaitedBeforeARestartIsSentThoughTheClockIsAnHourBehind() {
    outbox.service.refusals.add(new SendOutcome.Wait(Duration.ofHours(2)));
    Owner first = outbox.owner();
    first.put("C1", "answer", "Hello");
    Await.until(
        "the refusal", () -> get(first.outbox.next("C1")).orElseThrow().pause().isPositive());
    first.delivery.stop();
    outbox.now = outbox.now.minus(Duration.ofHours(1));

    outbox.owner().awaitState("C1", State.SENT);
    assertThat(outbox.service.contents()).containsExactly("answer=Hello");
  }

  @Test
  void aPauseThatAServiceAsksForIsKept() {
    outbox.service.refusals.add(new SendOutcome.Wait(Duration.ofMillis(300)));
    long since = System.nanoTime();
    Owner owner = outbox.owner();
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", State.SENT);
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void anOwnerThatWasPausedSendsNothingMoreAfterItWasReplaced() {
    Promise<Void> paused = Promise.promise();
    Owner first =
        outbox.owner(
            new Sender(outbox.service, null) {
              @Override
              public Future<Void> permit(OutboxMessage message) {
                return paused.future();
              }
            });
    first.put("C1", "answer", "Hello");
    Owner next = outbox.owner();
    next.awaitState("C1", State.SENT);
    paused.complete();
    next.put("C1", "end", "Bye");
    next.awaitState("C1", State.SENT);
    assertThat(outbox.service.contents()).containsExactly("answer=Hello", "end=Bye");
  }

  @Test
  void tenantsDoNotSeeEachOthersMessages() {
    Owner acme = outbox.owner();
    Owner zeta = outbox.new Owner("zeta", new Sender(outbox.service, null));
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
    outbox.service.refusals.add(fault.outcome);
    Owner owner = outbox.owner();
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", fault.end);
    assertThat(outbox.service.contents()).hasSize(fault.times);
  }

  @Test
  void aMessageThatIsRefusedDoesNotHoldUpTheNext() {
    outbox.service.refusals.add(new SendOutcome.Refused("msg_too_long"));
    Owner owner = outbox.owner();
    owner.put("C1", "long", "…");
    owner.put("C1", "short", "Hello");
    Await.until(() -> outbox.service.contents().equals(List.of("short=Hello")));
  }

  @Test
  void whatNeverSucceedsIsGivenUp() {
    for (int i = 0; i < OutboxDelivery.MAX_ATTEMPTS; i++) {
      outbox.service.refusals.add(new SendOutcome.Failed("503"));
    }
    Owner owner = outbox.owner();
    owner.put("C1", "answer", "Hello");
    owner.awaitState("C1", State.FAILED);
    assertThat(outbox.service.contents()).isEmpty();
  }
}
