package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridges.conformance.ChatWorld.Fault;
import dev.concert.bridges.conformance.ChatWorld.Seen;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every chat platform has to do. */
@Execution(ExecutionMode.CONCURRENT)
class ChatConformanceTest {
  private static final String ANNE = "U0ANNE";
  private static final String BOB = "U0BOB";

  @TempDir Path data;
  private BridgesUnderTest bridges;
  private ChatWorld world;
  private String connection;

  private void open(PlayedPlatform platform) {
    assumeTrue(platform.isInstalled(), () -> "The server of " + platform + " is not installed");
    bridges = new BridgesUnderTest(platform, data);
    world = bridges.world;
    connection = bridges.connect("acme", 1);
    if (world.pairs()) {
      pair(ANNE, "anne");
    }
  }

  @AfterEach
  void close() {
    if (bridges != null) {
      bridges.close();
    }
  }

  private void pair(String sender, String user) {
    String place = world.newPlace(true);
    String code = bridges.pairingCode("acme", user);
    bridges.deliver(world.message(1, connection, place, sender, "pair " + code, false));
    awaitText(place, "I know you now. Write to me what you want done.");
  }

  private DeliverWebhook say(String place, String sender, String text, boolean mention) {
    DeliverWebhook message = world.message(1, connection, place, sender, text, mention);
    assertThat(bridges.deliver(message)).isEqualTo(200);
    return message;
  }

  private List<String> texts(String place) {
    return world.seen(place).stream().map(Seen::text).toList();
  }

  private void awaitText(String place, String text) {
    Await.until("'" + text + "' in " + place, () -> texts(place).contains(text));
  }

  private void awaitWork(String place) {
    if (world.showsWork()) {
      awaitText(place, "_Working …_");
    } else {
      Await.until("a turn", () -> !bridges.gateway.texts().isEmpty());
    }
  }

  private Seen awaitBeginning(String place, String text) {
    Await.until(
        "'" + text + "…' in " + place,
        () -> texts(place).stream().anyMatch(one -> one.startsWith(text)));
    return world.seen(place).stream().filter(one -> one.text().startsWith(text)).findFirst().get();
  }

  @ParameterizedTest
  @EnumSource
  void aDirectMessageIsATurnAndTheNextOneGoesOnInTheSameSession(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, ANNE, "one", false);
    awaitText(place, "answer to one");
    say(place, ANNE, "two", false);
    awaitText(place, "answer to two");
    assertThat(bridges.gateway.sessions()).isEqualTo(1);
    assertThat(texts(place)).hasSize(world.keepsAnswers() ? 2 : 1);
  }

  static Set<PlayedPlatform> beginningAnew() {
    return CapabilityTable.platforms("`new`, `model NAME`", "yes");
  }

  @ParameterizedTest
  @MethodSource("beginningAnew")
  void aNewSessionBeginsByASingleWord(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, ANNE, "one", false);
    awaitText(place, "answer to one");
    say(place, ANNE, "new", false);
    awaitText(place, "Your next message begins a new session.");
    say(place, ANNE, "three", false);
    awaitText(place, "answer to three");
    assertThat(bridges.gateway.sessions()).isEqualTo(2);
    assertThat(texts(place)).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void inAChannelAMentionCountsAndReplicesInItsThreadAndNothingElse(PlayedPlatform platform) {
    open(platform);
    String channel = world.newPlace(false);
    if (world.hearsEverything()) {
      say(channel, ANNE, "talk among people", false);
    }
    String thread = world.threadOf(say(channel, ANNE, "do it", true));
    // An issue comes along with the first mention on it.
    Await.until("a turn", () -> texts(thread).stream().anyMatch(one -> one.endsWith("do it")));
    say(thread, ANNE, "go on", !world.hearsEverything());
    awaitText(thread, "answer to go on");
    assertThat(bridges.gateway.texts()).hasSize(2).last().isEqualTo("go on");
    assertThat(bridges.gateway.texts().getFirst()).endsWith("do it");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "IRC|XMPP")
  void anEventThatComesAgainAlsoAfterARestartIsOneTurn(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook message = say(place, ANNE, "once", false);
    assertThat(bridges.deliver(message)).isEqualTo(200);
    awaitText(place, "answer to once");
    bridges.restart();
    assertThat(bridges.deliver(message)).isEqualTo(200);
    say(place, ANNE, "then", false);
    awaitText(place, "answer to then");
    assertThat(bridges.gateway.texts()).containsExactly("once", "then");
    assertThat(texts(place)).hasSize(world.keepsAnswers() ? 2 : 1).endsWith("answer to then");
  }

  @ParameterizedTest
  @EnumSource
  void aTurnIsShownToItsEndAlsoAfterARestart(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, ANNE, "hold on", false);
    awaitWork(place);
    bridges.restart();
    say(place, ANNE, "faster", false);
    awaitText(place, "steered");
    assertThat(bridges.gateway.steered()).containsExactly("faster");
    assertThat(texts(place)).containsExactly("steered");
  }

  @ParameterizedTest
  @EnumSource
  void whatRunsIsStoppedByASingleWord(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, ANNE, "hold on", false);
    awaitWork(place);
    say(place, ANNE, "status", false);
    awaitText(place, "I am working on it.");
    say(place, ANNE, "Stop", false);
    awaitText(place, "_Stopped._");
    say(place, ANNE, "stop", false);
    awaitText(place, "Nothing is running here.");
  }

  static Set<PlayedPlatform> pairing() {
    return CapabilityTable.platforms("who somebody is", "a code");
  }

  @ParameterizedTest
  @MethodSource("pairing")
  void strangersGetInstructionsAndACodeHoldsOnce(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, BOB, "do something", false);
    awaitBeginning(place, "I do not know who you are");
    String code = bridges.pairingCode("acme", "bob");
    say(place, BOB, "pair " + code.toLowerCase(java.util.Locale.ROOT), false);
    awaitBeginning(place, "I know you now");
    say(world.newPlace(true), "U0EVE", "pair " + code, false);
    String other = world.newPlace(true);
    say(other, "U0EVE", "pair " + code, false);
    awaitBeginning(other, "This code is not valid");
    assertThat(bridges.gateway.texts()).isEmpty();
    String channel = world.newPlace(false);
    String thread =
        world.threadOf(say(channel, "U0EVE", "pair " + bridges.pairingCode("acme", "x"), true));
    assertThat(awaitBeginning(thread, "Send the code in a direct message").onlyFor())
        .isEqualTo(world.hasPrivateReplies() ? "U0EVE" : "");
  }

  @ParameterizedTest
  @EnumSource
  void aPermissionIsGivenByAButtonThatOnlyMembersMayPress(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, ANNE, "permit it", false);
    Await.until(
        "buttons", () -> world.seen(place).stream().anyMatch(one -> !one.buttons().isEmpty()));
    String allow =
        world.seen(place).stream().flatMap(one -> one.buttons().stream()).findFirst().orElseThrow();
    bridges.deliver(world.press(1, connection, place, BOB, allow, "1"));
    if (world.pairs()) {
      awaitBeginning(place, "I do not know who you are");
    }
    bridges.deliver(world.press(1, connection, place, ANNE, allow, "2"));
    awaitText(place, "thank you");
    Await.until(
        "no buttons", () -> world.seen(place).stream().allMatch(one -> one.buttons().isEmpty()));
  }

  @ParameterizedTest
  @EnumSource
  void aLongAnswerComesInPartsEachOnce(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, ANNE, "long please", false);
    Await.until(
        "all parts",
        () -> String.join("", texts(place)).replace(" ", "").length() >= FakeGateway.LONG / 5 * 4);
    assertThat(texts(place)).allMatch(part -> part.length() <= world.maxLength());
    assertThat(String.join("", texts(place)).replace(" ", ""))
        .isEqualTo("word".repeat(FakeGateway.LONG / 5));
  }

  static Set<PlayedPlatform> tellingOfChanges() {
    return CapabilityTable.platforms("changed messages", "yes");
  }

  @ParameterizedTest
  @MethodSource("tellingOfChanges")
  void aMessageThatIsChangedReachesTheTurnThatItBegan(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook message = say(place, ANNE, "hold on", false);
    awaitWork(place);
    assertThat(bridges.deliver(world.edited(message, "hold it"))).isEqualTo(200);
    awaitText(place, "steered");
    assertThat(bridges.gateway.steered())
        .containsExactly("I have changed my message. It says now:\nhold it");
    say(place, ANNE, "then", false);
    awaitText(place, "answer to then");
    assertThat(bridges.gateway.texts()).containsExactly("hold on", "then");
  }

  static Set<PlayedPlatform> tellingOfDeletions() {
    return CapabilityTable.platforms("messages taken back", "yes");
  }

  @ParameterizedTest
  @MethodSource("tellingOfDeletions")
  void aMessageThatIsTakenBackStopsTheTurnThatItBegan(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook message = say(place, ANNE, "hold on", false);
    awaitWork(place);
    assertThat(bridges.deliver(world.deleted(message).orElseThrow())).isEqualTo(200);
    awaitText(place, "_Stopped._");
  }

  @ParameterizedTest
  @MethodSource("beginningAnew")
  void anotherModelIsForTheNextSession(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    say(place, ANNE, "model huge", false);
    awaitText(place, "There is no model `huge` here.");
    say(place, ANNE, "model large", false);
    awaitText(place, "Your next message begins a new session with `large`.");
    say(place, ANNE, "hello", false);
    awaitText(place, "answer to hello");
    assertThat(bridges.gateway.models()).containsExactly("large");
  }

  static Set<PlayedPlatform> readingThreads() {
    return CapabilityTable.platforms("earlier messages of a thread", "yes");
  }

  @ParameterizedTest
  @MethodSource("readingThreads")
  void aFirstMentionInAThreadBringsWhatWasSaidThereAsTheWordsOfOthers(PlayedPlatform platform) {
    open(platform);
    String thread = world.threadOfPeople("it is broken", "since \"Monday\"").orElseThrow();
    say(thread, ANNE, "mend it", true);
    Await.until("a turn", () -> bridges.gateway.texts().size() == 1);
    assertThat(bridges.gateway.texts().getFirst())
        .startsWith("Earlier messages of this thread follow, one a line.")
        .contains(
            """
            {"author":"bob","text":"it is broken"}
            {"author":"bob","text":"since \\"Monday\\""}
            """)
        .endsWith("\nThe message to you:\nmend it");
    say(thread, ANNE, "and test it", true);
    Await.until("a second turn", () -> bridges.gateway.texts().size() == 2);
    assertThat(bridges.gateway.texts().getLast()).isEqualTo("and test it");
  }

  static Stream<Arguments> faults() {
    return PlayedPlatform.failing().stream()
        .flatMap(one -> Stream.of(Fault.values()).map(fault -> Arguments.of(one, fault)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whateverGoesWrongAtThePlatformTheAnswerIsThereOnce(PlayedPlatform platform, Fault fault) {
    open(platform);
    String place = world.newPlace(true);
    world.fail(fault);
    say(place, ANNE, "despite it", false);
    // Where nobody can say whether a message arrived, it is sent again, and says so.
    int copies = fault == Fault.CUT_AFTER && !world.canLookUp() ? 2 : 1;
    boolean mayBeDoubled =
        !world.canLookUp() && fault != Fault.LIMITED && fault != Fault.LIMITED_WITHOUT_TIME;
    String last = "answer to despite it" + (mayBeDoubled ? "\n\n_(sent again)_" : "");
    Await.until(
        "the answer", () -> texts(place).size() >= copies && texts(place).getLast().equals(last));
    assertThat(texts(place)).hasSize(copies);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsForgedOrForNobodyHasNoEffect(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook message = world.signed(1, connection, place, ANNE, "forged");
    assertThat(bridges.deliver(world.forged(message))).isEqualTo(401);
    assertThat(bridges.deliver(world.signed(1, "none", place, ANNE, "lost"))).isEqualTo(404);
    say(place, ANNE, "real", false);
    awaitText(place, "answer to real");
    assertThat(bridges.gateway.texts()).containsExactly("real");
  }

  @ParameterizedTest
  @EnumSource
  void anOutageOfTheGatewayDelaysATurnAndDoesNotLoseIt(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    bridges.gateway.failNext(2);
    say(place, ANNE, "patiently", false);
    awaitText(place, "answer to patiently");
    assertThat(bridges.gateway.texts()).containsExactly("patiently");
  }

  @ParameterizedTest
  @MethodSource("pairing")
  void whoIsNoMemberAnyMoreIsTold(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    bridges.gateway.removedMembers.add("anne");
    say(place, ANNE, "still here?", false);
    awaitBeginning(place, "⚠️ Refused: AUTH_FAILED.");
    assertThat(bridges.gateway.texts()).isEmpty();
  }
}
