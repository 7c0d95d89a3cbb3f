package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeTelegram;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * An orderly stop while a message is being sent. The test uses Telegram: a bot cannot look messages
 * up there, so a lost record would lead to a second message.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChatStopTest {
  /** Of a request to Telegram: a stop that waits for its end takes as long. */
  private static final Duration REQUEST = Duration.ofSeconds(20);

  @TempDir Path data;
  private ChatPeople people;
  private FakeTelegram telegram;
  private String place;

  @BeforeEach
  void open() {
    people = new ChatPeople(PlayedPlatform.TELEGRAM, data);
    telegram = ((TelegramWorld) people.world).telegram();
    place = people.world.newPlace(true);
    people.world.holdReply(true);
    people.say(place, "once");
    Await.until("a message that is taken", people.world::isHeld);
  }

  @AfterEach
  void close() {
    people.close();
  }

  @Test
  void aMessageThatIsAnsweredDuringTheStopIsThereOnceAndNotMarked() {
    people.bridges.restartWhile(telegram::answerNow);
    people.say(place, "then");
    people.awaitText(place, "answer to then");
    assertThat(people.texts(place)).containsExactly("answer to once", "answer to then");
  }

  @Test
  void aPlatformThatNeverAnswersHoldsUpTheStopForAWhileOnlyAndTheMessageIsSentAgain() {
    long since = System.nanoTime();
    people.bridges.restart();
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(REQUEST);
    people.awaitText(place, "answer to once\n\n_(sent again)_");
    assertThat(people.texts(place))
        .containsExactly("answer to once", "answer to once\n\n_(sent again)_");
  }
}
