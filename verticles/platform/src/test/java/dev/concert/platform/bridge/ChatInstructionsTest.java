package dev.concert.platform.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.testing.Await;
import dev.concert.testing.chat.PlayedFiles;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model is told where the session belongs to a chat, as its vendor records it. */
class ChatInstructionsTest {
  @TempDir Path data;

  @Test
  void theAgentKnowsHowAFileGoesToTheChatAndTheLineThatItWritesBecomesTheFile() {
    SlackTeam team = new SlackTeam();
    try (FakeVendor vendor = new FakeVendor(new ChatWire("openai-compatible"));
        Platform platform = start(vendor, team)) {
      team.use(platform.url());
      team.join();
      vendor.answer(FakeAnswer.text("Here.\n[[file: from-chat/notes.txt]]\n"));
      JsonObject file = team.slack.file("F0NOTES", "notes.txt", "from the chat");
      String channel = team.newChannel();
      String thread = team.mention(channel, "give it back", file);
      assertThat(vendor.asked().body())
          .contains("This session belongs to a chat", "[[file: out/report.pdf]]");
      PlayedFiles.Received wanted =
          new PlayedFiles.Received(channel + ":" + thread, "notes.txt", "from the chat");
      Await.until("the file", () -> team.slack.files().received().contains(wanted));
      assertThat(team.awaitText(text -> text.startsWith("Here.")).text()).isEqualTo("Here.");
    } finally {
      team.close();
    }
  }

  private Platform start(FakeVendor vendor, SlackTeam team) {
    JsonObject provider =
        new JsonObject()
            .put("name", "played")
            .put("type", "openai-compatible")
            .put("baseUrl", vendor.url())
            .put("models", JsonArray.of(new JsonObject().put("id", "played")));
    JsonObject config =
        team.config().put("ensemble", new JsonObject().put("providers", JsonArray.of(provider)));
    config.getJsonObject("bridges").put("agent", "coding-agent");
    return Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), config));
  }
}
