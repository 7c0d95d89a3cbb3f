package dev.concert.bridges.conformance;

import static dev.concert.bridges.conformance.ChatPeople.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What goes wrong at each platform. Where a fault needs minutes, the clock of the bridges is moved
 * on while they are restarted.
 */
@Execution(ExecutionMode.CONCURRENT)
class ChatFaultTableTest {
  @TempDir Path data;
  private ChatPeople people;
  private ChatWorld world;
  private BridgesUnderTest bridges;

  private void open(PlayedPlatform platform) {
    people = new ChatPeople(platform, data);
    world = people.world;
    bridges = people.bridges;
  }

  @AfterEach
  void close() {
    people.close();
  }

  static Set<PlayedPlatform> senders() {
    return PlayedPlatform.senders();
  }

  @ParameterizedTest
  @MethodSource("senders")
  void aLimitWithoutATimeIsWaitedOutAndTheAnswerIsThereOnce(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    int before = world.sent();
    world.limitWithoutTime();
    people.say(place, "patiently");
    Await.until("the refusal", () -> world.sent() > before);
    Await.until("a turn", () -> bridges.gateway.texts().contains("patiently"));
    // On a slow machine people see meanwhile that an answer is under way.
    assertThat(people.texts(place)).isSubsetOf("_Working …_");
    bridges.restartAfter(Duration.ofSeconds(40));
    // It says "sent again" where the bridges ended before they had stored the refusal.
    people.awaitBeginning(place, "answer to patiently");
    assertThat(people.texts(place)).hasSize(1);
    assertThat(world.sent()).isEqualTo(before + 2);
  }

  static Set<PlayedPlatform> failing() {
    return PlayedPlatform.failing();
  }

  @ParameterizedTest
  @MethodSource("failing")
  void aServerErrorIsFollowedByOneAnswer(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    world.failWithServerError();
    people.say(place, "despite it");
    awaitAnswer(place, "despite it");
    assertThat(people.texts(place)).hasSize(1);
  }

  /** Where nobody can say whether it is there already, it says that it was sent again. */
  private void awaitAnswer(String place, String text) {
    Await.until(
        "the answer to " + text + " in " + place,
        () -> people.texts(place).stream().anyMatch(one -> one.startsWith("answer to " + text)));
  }

  @ParameterizedTest
  @MethodSource("senders")
  void aTokenThatIsTakenAwayIsSaidOnceAskedForRarelyAndLosesNothing(PlayedPlatform platform) {
    open(platform);
    List<String> places = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      places.add(world.newPlace(true));
    }
    world.revoke(1, true);
    people.say(places.getFirst(), "number 0");
    Await.until("it is said", () -> health().health().startsWith("The platform refuses our cred"));
    assertThat(health().isConnected()).isFalse();
    assertThat(health().health()).endsWith("Add the bridge again with new ones.");
    int sent = world.sent();
    for (int i = 1; i < places.size(); i++) {
      people.say(places.get(i), "number " + i);
    }
    Await.until("the turns", () -> bridges.gateway.texts().size() == places.size());
    assertThat(world.sent()).isEqualTo(sent);

    world.revoke(1, false);
    bridges.restartAfter(Duration.ofMinutes(2));
    for (int i = 0; i < places.size(); i++) {
      awaitAnswer(places.get(i), "number " + i);
      assertThat(people.texts(places.get(i))).hasSize(1);
    }
    Await.until("it is connected", () -> health().isConnected());
  }

  private Bridge health() {
    return bridges.bridges("acme").getFirst();
  }

  /** Servers of IRC and XMPP repeat nothing. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "IRC|XMPP")
  void anEventThatComesAgainAtOnceAfterAMinuteAndAfterFiveIsOneTurn(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook message = people.say(place, "once");
    for (int seconds : new int[] {0, 60, 240}) {
      bridges.clock.move(Duration.ofSeconds(seconds));
      assertThat(bridges.deliver(world.again(message))).isEqualTo(200);
    }
    people.awaitText(place, "answer to once");
    bridges.restartAfter(Duration.ofMinutes(10));
    assertThat(bridges.deliver(world.again(message))).isEqualTo(200);
    people.say(place, "then");
    people.awaitText(place, "answer to then");
    assertThat(bridges.gateway.texts()).containsExactly("once", "then");
  }

  /** Telegram itself puts in order what is fetched, and XMPP what is said. */
  static Set<PlayedPlatform> tellingOfChangesInAnyOrder() {
    Set<PlayedPlatform> all = new HashSet<>(CapabilityTable.platforms("changed messages", "yes"));
    all.removeAll(Set.of(PlayedPlatform.TELEGRAM_FETCHED, PlayedPlatform.XMPP));
    return all;
  }

  @ParameterizedTest
  @MethodSource("tellingOfChangesInAnyOrder")
  void whatComesInAnotherOrderIsHandledAllTheSame(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook first = world.message(1, people.connection, place, ANNE, "first", false);
    DeliverWebhook second = world.message(1, people.connection, place, ANNE, "second", false);
    DeliverWebhook change = world.edited(first, "first, mended");
    for (DeliverWebhook one : List.of(change, second, first)) {
      assertThat(bridges.deliver(one)).isEqualTo(200);
    }
    people.awaitText(place, "answer to first");
    people.awaitText(place, "answer to second");
    assertThat(bridges.gateway.texts()).containsExactlyInAnyOrder("first", "second");
    assertThat(bridges.gateway.sessions()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "IRC|XMPP")
  void whatIsReplayedLateOrSignedInTheFutureHasNoEffect(PlayedPlatform platform) {
    open(platform);
    if (world.signsTime()) {
      String place = world.newPlace(true);
      DeliverWebhook now = world.signed(1, people.connection, place, ANNE, "too late");
      bridges.clock.move(Duration.ofMinutes(6));
      assertThat(bridges.deliver(now)).isEqualTo(401);
      DeliverWebhook future = world.signed(1, people.connection, place, ANNE, "too early");
      bridges.clock.move(Duration.ofMinutes(-6));
      assertThat(bridges.deliver(future)).isEqualTo(401);
      assertThat(people.texts(place)).isEmpty();
    }
    assertThat(bridges.gateway.texts()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "IRC|XMPP")
  void emojiAndEscapesArriveAsTheyWereSigned(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    String text = "caf\u00e9 \uD83E\uDD8A \u001B[31m \\u001B \"quoted\" \\ 100% \u4f60\u597d";
    people.say(place, text);
    Await.until("a turn", () -> !bridges.gateway.texts().isEmpty());
    assertThat(bridges.gateway.texts()).containsExactly(text);
    people.awaitText(place, "answer to " + text);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "IRC|XMPP")
  void aQuestionThatIsClosedIsSaidToBeClosed(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    people.say(place, "permit it");
    String allow = people.awaitButtons(place).getFirst();
    people.say(place, "stop");
    people.awaitText(place, "_Stopped._");
    assertThat(bridges.deliver(world.press(1, people.connection, place, ANNE, allow, "1")))
        .isEqualTo(200);
    people.awaitText(place, "This question is no longer open.");
    if (CapabilityTable.platforms("`new`, `model NAME`", "yes").contains(platform)) {
      people.say(place, "new");
      people.awaitText(place, "Your next message begins a new session.");
    }
    bridges.deliver(world.press(1, people.connection, place, ANNE, allow, "2"));
    Await.until(
        "the second press",
        () ->
            people.texts(place).stream().filter("This question is no longer open."::equals).count()
                == 2);
  }
}
