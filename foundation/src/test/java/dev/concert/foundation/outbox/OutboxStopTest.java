package dev.concert.foundation.outbox;

import static dev.concert.foundation.outbox.OutboxUnderTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.outbox.OutboxMessage.State;
import dev.concert.foundation.outbox.OutboxUnderTest.Owner;
import dev.concert.foundation.outbox.OutboxUnderTest.Sender;
import dev.concert.foundation.outbox.OutboxUnderTest.Service;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An orderly stop of a delivery, while a message is being sent. */
class OutboxStopTest {
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

  /** The service takes each message at once; its answer comes when the test gives it. */
  private static final class Slow extends Sender {
    private final Promise<Void> taken = Promise.promise();
    private final Promise<Void> answer = Promise.promise();

    private final Service service;

    private Slow(Service service) {
      super(service, null);
      this.service = service;
    }

    @Override
    public Future<SendOutcome> send(OutboxMessage message) {
      SendOutcome outcome = service.take(message);
      taken.tryComplete();
      return answer.future().map(outcome);
    }
  }

  @Test
  void aStopWaitsForTheAnswerToWhatIsBeingSentAndSendsNothingMore() {
    outbox.service.canLookUp = false;
    Slow slow = new Slow(outbox.service);
    Owner first = outbox.owner(slow);
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
    assertThat(outbox.service.contents()).containsExactly("answer=Hello");

    Owner next = outbox.owner();
    next.awaitState("C1", State.SENT);
    next.awaitState("C2", State.SENT);
    assertThat(outbox.service.contents())
        .containsExactlyInAnyOrder("answer=Hello", "end=Bye", "other=Hi");
  }

  @Test
  void aServiceThatNeverAnswersHoldsUpAStopForAWhileOnly() {
    outbox.service.canLookUp = false;
    Slow slow = new Slow(outbox.service);
    Owner first = outbox.new Owner("acme", slow, Duration.ofMillis(50));
    first.put("C1", "answer", "Hello");
    get(slow.taken.future());
    get(first.delivery.stop());

    Owner next = outbox.owner();
    next.awaitState("C1", State.SENT);
    assertThat(outbox.service.contents()).containsExactly("answer=Hello", "answer=Hello");
    assertThat(get(next.outbox.messages("C1")).getFirst().sentAgain()).isTrue();
  }

  @Test
  void aStopDoesNotWaitForAPermissionAndWhatGetsItLaterIsNotSent() {
    Promise<Void> asked = Promise.promise();
    Promise<Void> permission = Promise.promise();
    Owner first =
        outbox.owner(
            new Sender(outbox.service, null) {
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
    assertThat(outbox.service.contents()).isEmpty();

    outbox.owner().awaitState("C1", State.SENT);
    assertThat(outbox.service.contents()).containsExactly("answer=Hello");
  }
}
