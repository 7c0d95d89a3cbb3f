package dev.concert.platform.bridge;

import static dev.concert.platform.bridge.SlackTeam.ANNE;
import static dev.concert.platform.bridge.SlackTeam.DIRECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.PlayedFiles;
import dev.concert.testing.chat.SlackWebhooks;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed event of Slack in, a real turn, the answer in Slack. */
class SlackConversationTest {
  @TempDir static Path data;

  private static final BlockedThreads BLOCKED = BlockedThreads.watch();
  private static final SlackTeam TEAM = new SlackTeam();
  private static Platform platform;

  @BeforeAll
  static void start() {
    platform =
        Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), TEAM.config()));
    TEAM.use(platform.url());
    TEAM.join();
  }

  @AfterAll
  static void stop() {
    platform.close();
    TEAM.close();
    BLOCKED.assertNone();
  }

  @Test
  void aMentionBecomesATurnWhoseAnswerIsInItsThread() {
    String channel = TEAM.newChannel();
    String thread = TEAM.mention(channel, "", "good morning");
    FakeSlack.Message answer = TEAM.awaitText("good morning"::equals);
    assertThat(answer.thread()).isEqualTo(thread);
    assertThat(answer.channel()).isEqualTo(channel);

    TEAM.say(channel, thread, ANNE, "and without a mention");
    assertThat(TEAM.awaitText("and without a mention"::equals).thread()).isEqualTo(thread);
    assertThat(TEAM.thread(thread)).hasSize(2);
  }

  @Test
  void anEventThatComesAgainIsOneTurn() {
    String time = TEAM.slack.newTime();
    for (int i = 0; i < 5; i++) {
      TEAM.deliver(DIRECT, time, "", ANNE, "only once");
    }
    TEAM.awaitText("only once"::equals);
    TEAM.say(DIRECT, "", ANNE, "after that");
    TEAM.awaitText("after that"::equals);
    assertThat(TEAM.slack.texts()).containsOnlyOnce("only once");
  }

  @Test
  void aPermissionIsAskedForWithButtonsAndGivenByPressingOne() {
    String channel = TEAM.newChannel();
    String thread = TEAM.mention(channel, "", "!permit this");
    FakeSlack.Message asked = TEAM.awaitText(text -> text.contains("May I use `permit`?"));
    String allow =
        asked
            .blocks()
            .getJsonObject(1)
            .getJsonArray("elements")
            .getJsonObject(0)
            .getString("value");
    assertThat(asked.thread()).isEqualTo(thread);

    TEAM.webhooks().press(channel, thread, "U0STRANGER", allow, "1");
    TEAM.awaitText(text -> text.startsWith("I do not know who you are"));
    TEAM.webhooks().press(channel, thread, ANNE, allow, "2");
    TEAM.awaitText(text -> text.startsWith("approved"));
    FakeSlack.Message after = TEAM.awaitText(text -> text.endsWith("_Allowed._"));
    assertThat(after.ts()).isEqualTo(asked.ts());
    assertThat(after.blocks()).isEmpty();
  }

  @Test
  void aStrangerGetsInstructionsThatNobodyElseSeesAndNothingElse() {
    String channel = TEAM.newChannel();
    String thread = TEAM.say(channel, "", "U0BOB", "<@" + FakeSlack.BOT + "> do something");
    FakeSlack.Message told = TEAM.awaitMessage(one -> one.thread().equals(thread));
    assertThat(told.text()).startsWith("I do not know who you are");
    assertThat(told.onlyFor()).isEqualTo("U0BOB");
  }

  @Test
  void theSlashCommandHelpsAndStops() {
    String channel = TEAM.newChannel();
    TEAM.webhooks().command(channel, ANNE, "help", "t1");
    assertThat(TEAM.awaitText(text -> text.contains("what I am doing")).onlyFor()).isEqualTo(ANNE);

    String thread = TEAM.mention(channel, "", "!sleep 600");
    TEAM.awaitText(text -> text.startsWith("sleeping 600 s"));
    TEAM.webhooks().command(channel, ANNE, "stop", "t2");
    assertThat(TEAM.awaitText(text -> text.endsWith("_Stopped._")).thread()).isEqualTo(thread);
  }

  @Test
  void anotherTenantsTokenOrAWrongOneAddsNoBridge() {
    assertThat(TEAM.add("xoxb-wrong").body()).contains("BRIDGE_REFUSED", "invalid_auth");
    assertThat(TEAM.add(FakeSlack.TOKEN).body()).contains("BRIDGE_EXISTS");
    String listed = TEAM.call("GET", "/api/bridges", new JsonObject()).body();
    assertThat(listed).contains("Played").doesNotContain(FakeSlack.TOKEN, FakeSlack.SIGNING_SECRET);
  }

  @Test
  void theCommandLineListsTestsAndAdds() {
    ProgramRun listed = ProgramRun.at(platform.url(), "bridge", "list");
    assertThat(listed.out()).as(listed.err()).contains("slack  Played  Played");
    ProgramRun again =
        new ProgramRun.Setting(Program.home(), Map.of("CONCERT_URL", platform.url()))
            .with("SLACK_BOT_TOKEN", FakeSlack.TOKEN)
            .with("SLACK_SIGNING_SECRET", FakeSlack.SIGNING_SECRET)
            .run("bridge", "add", "slack");
    assertThat(again.err()).contains("connected already").doesNotContain(FakeSlack.TOKEN);
    ProgramRun tested = ProgramRun.at(platform.url(), "bridge", "test", listed.out().split(" ")[0]);
    assertThat(tested.out()).as(tested.err()).isEqualTo("Connected to Played as U0BOT.\n");
  }

  @Test
  void aFileOfAMessageIsInTheWorkspaceAndComesBackWhereItIsNamed() {
    String channel = TEAM.newChannel();
    JsonObject file = TEAM.slack.file("F0NOTES", "notes.txt", "from the chat");
    String thread = TEAM.mention(channel, "keep this", file);
    TEAM.awaitText(text -> text.contains("`from-chat/notes.txt` (13 bytes)"));

    TEAM.say(channel, thread, ANNE, "[[file: from-chat/notes.txt]]");
    PlayedFiles.Received wanted =
        new PlayedFiles.Received(channel + ":" + thread, "notes.txt", "from the chat");
    Await.until("the file", () -> TEAM.slack.files().received().contains(wanted));
    TEAM.awaitText("_Done._"::equals);
  }

  @Test
  void aBridgeOfTheCommandLineKnowsWhoPairsAndIsGoneAfterItsRemoval() {
    ProgramRun added =
        new ProgramRun.Setting(Program.home(), Map.of("CONCERT_URL", platform.url()))
            .with("SLACK_BOT_TOKEN", FakeSlack.token(2))
            .with("SLACK_SIGNING_SECRET", FakeSlack.SIGNING_SECRET)
            .run("bridge", "add", "slack");
    Matcher webhooks = Pattern.compile("/webhooks/slack/([0-9a-f]+)").matcher(added.out());
    assertThat(webhooks.find()).as(added.out() + added.err()).isTrue();
    ProgramRun paired = ProgramRun.at(platform.url(), "bridge", "pair");
    String pair = paired.out().lines().skip(1).findFirst().orElseThrow().strip();
    assertThat(pair).matches("pair [A-Z2-9]{10}");
    SlackWebhooks second = new SlackWebhooks(URI.create(platform.url() + webhooks.group()));
    String time = TEAM.slack.newTime();
    JsonObject message =
        SlackWebhooks.envelope("Ev" + time, SlackWebhooks.message("D0SECOND", time, "", ANNE, pair))
            .put("team_id", FakeSlack.team(2));
    assertThat(second.send(message).statusCode()).isEqualTo(200);
    TEAM.awaitMessage(
        one -> one.channel().equals("D0SECOND") && one.text().startsWith("I know you now"));

    ProgramRun removed = ProgramRun.at(platform.url(), "bridge", "remove", webhooks.group(1));
    assertThat(removed.out()).as(removed.err()).isEqualTo("removed " + webhooks.group(1) + "\n");
    assertThat(second.send(message).statusCode()).isEqualTo(404);
    ProgramRun again = ProgramRun.at(platform.url(), "bridge", "remove", webhooks.group(1));
    assertThat(again.err()).contains("You have no bridge of this id.");
    assertThat(ProgramRun.at(platform.url(), "bridge", "list").out())
        .doesNotContain(webhooks.group(1));
  }
}
