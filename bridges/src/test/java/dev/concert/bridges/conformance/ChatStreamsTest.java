package dev.concert.bridges.conformance;

import static dev.concert.bridges.conformance.ChatPeople.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeSlack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that grow, where a platform has a form of its own for them. */
@Execution(ExecutionMode.CONCURRENT)
class ChatStreamsTest {
  @TempDir Path data;
  private ChatPeople people;
  private ChatWorld world;
  private FakeGateway gateway;
  private String place;

  private void open(PlayedPlatform platform) {
    people = new ChatPeople(platform, data);
    world = people.world;
    gateway = people.bridges.gateway;
    place = world.newStreamPlace();
  }

  @AfterEach
  void close() {
    people.close();
  }

  static Set<PlayedPlatform> platforms() {
    Set<PlayedPlatform> platforms = CapabilityTable.platforms("a text that grows", "stream");
    platforms.removeAll(EnumSet.of(PlayedPlatform.SLACK_SOCKET, PlayedPlatform.TELEGRAM_FETCHED));
    return platforms;
  }

  private void ask(String text) {
    assertThat(people.bridges.deliver(world.message(1, people.connection, place, ANNE, text, true)))
        .isEqualTo(200);
  }

  private void begin() {
    ask("hold on");
    people.awaitText(place, "_Working …_");
  }

  private void awaitOnly(String text) {
    Await.until(
        "nothing but '" + text + "' in " + place,
        () -> !world.isStreaming(place) && people.texts(place).equals(List.of(text)));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void aTextThatGrowsIsAStreamUntilItIsWhole(PlayedPlatform platform) {
    open(platform);
    begin();
    assertThat(world.isStreaming(place)).isTrue();
    gateway.speak("One");
    people.awaitText(place, "One");
    gateway.speak(" two");
    people.awaitText(place, "One two");
    assertThat(world.isStreaming(place)).isTrue();
    gateway.speak(" three");
    gateway.finish();
    awaitOnly("One two three");
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void aCrashInTheMiddleOfAStreamEndsInOneWholeAnswer(PlayedPlatform platform) {
    open(platform);
    begin();
    gateway.speak("One");
    people.awaitText(place, "One");
    people.bridges.restartAfter(Duration.ofMinutes(1));
    gateway.speak(" two");
    people.awaitText(place, "One two");
    gateway.speak(" three");
    gateway.finish();
    awaitOnly("One two three");
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void whatPeopleSeeStaysUntilABridgeThatBeginsAgainHasReadAllOfTheTurn(PlayedPlatform platform) {
    open(platform);
    begin();
    gateway.speak("One");
    gateway.speak(" two");
    gateway.speak(" three");
    people.awaitText(place, "One two three");
    int longest = 2;
    people.bridges.restartWhile(() -> gateway.limitPages(longest, longest));
    Await.until("the second page is asked for twice", () -> gateway.refusedPages() >= 2);
    assertThat(people.texts(place)).containsExactly("One two three");
    gateway.limitPages(longest, Long.MAX_VALUE);
    gateway.speak(" four");
    gateway.finish();
    awaitOnly("One two three four");
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void whatThePlatformEndsGoesOnAsAMessage(PlayedPlatform platform) {
    open(platform);
    begin();
    gateway.speak("One");
    people.awaitText(place, "One");
    world.endStreams();
    gateway.speak(" two");
    people.awaitText(place, "One two");
    gateway.speak(" three");
    gateway.finish();
    awaitOnly("One two three");
    ask("next");
    people.awaitText(place, "answer to next");
    assertThat(people.texts(place)).containsExactly("One two three", "answer to next");
  }

  static Set<PlayedPlatform> refusing() {
    return EnumSet.of(PlayedPlatform.SLACK, PlayedPlatform.TELEGRAM);
  }

  @ParameterizedTest
  @MethodSource("refusing")
  void whereThePlatformTakesNoStreamTheMessageIsChanged(PlayedPlatform platform) {
    open(platform);
    world.refuseStreams(place);
    begin();
    assertThat(world.isStreaming(place)).isFalse();
    gateway.speak("One");
    people.awaitText(place, "One");
    gateway.use("bash");
    people.awaitText(place, "One\n\n_Using bash …_");
    gateway.finish();
    awaitOnly("One");
  }

  /** Slack takes ten times more in a new message than in a change of one. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerThatOutgrowsAMessageWhileItIsShownGoesOnInTheNext(boolean isStream) {
    open(PlayedPlatform.SLACK);
    place = isStream ? place : world.newPlace(true);
    begin();
    for (int words = 800; words <= 2400; words += 800) {
      gateway.speak("word ".repeat(800));
      int said = words;
      Await.until(words + " words", () -> joined().length() == 4 * said);
    }
    gateway.finish();
    Await.until("no status", () -> !world.isStreaming(place) && !joined().contains("_"));
    assertThat(joined()).isEqualTo("word".repeat(2400));
    assertThat(people.texts(place)).allMatch(part -> part.length() <= world.maxLength());
  }

  private String joined() {
    return String.join("", people.texts(place)).replaceAll("\\s", "");
  }

  /** Of Slack, whose streams take three methods. */
  @ParameterizedTest
  @CsvSource({
    "chat.startStream, CUT_BEFORE",
    "chat.startStream, CUT_AFTER",
    "chat.startStream, RATE_LIMITED",
    "chat.appendStream, CUT_BEFORE",
    "chat.appendStream, CUT_AFTER",
    "chat.appendStream, RATE_LIMITED",
    "chat.appendStream, HELD",
    "chat.stopStream, CUT_BEFORE",
    "chat.stopStream, CUT_AFTER",
    "chat.stopStream, SERVER_ERROR",
    "chat.stopStream, HELD"
  })
  void whateverGoesWrongWithACallThereIsOneWholeAnswer(String method, FakeSlack.Fault fault) {
    open(PlayedPlatform.SLACK);
    FakeSlack slack = ((SlackWorld) world).slack();
    slack.fail(method, fault);
    begin();
    gateway.speak("One");
    gateway.use("bash");
    boolean isHeldNow = fault == FakeSlack.Fault.HELD && method.equals("chat.appendStream");
    Await.until(
        "the first part",
        () -> isHeldNow ? slack.isHeld() : people.texts(place).contains("One\n\n_Using bash …_"));
    gateway.speak(" two");
    gateway.finish();
    if (fault == FakeSlack.Fault.HELD) {
      Await.until("a call that is held", slack::isHeld);
      people.bridges.restartAfter(Duration.ofMinutes(1));
    }
    awaitOnly("One two");
  }
}
