package dev.concert.platform.bridge;

import static dev.concert.platform.bridge.SlackTeam.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import dev.concert.testing.chat.FakeSlack;
import dev.concert.testing.chat.FakeSlack.Fault;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while messages of Slack wait and answers are under way. */
class KilledBridgeTest {
  @TempDir Path folder;

  @Test
  void noMessageIsLostAndNoAnswerIsDoubled() throws IOException {
    Path data = folder.resolve("data");
    try (SlackTeam team = new SlackTeam()) {
      Path config = Files.writeString(folder.resolve("c.yaml"), team.config().encode());
      String one = team.newChannel();
      String other = team.newChannel();
      String first;
      String second;
      try (ServerProcess server = start(data, config)) {
        team.use(server.url());
        team.join();
        // Slack has the message, and Concert does not know.
        team.slack.fail("chat.postMessage", Fault.HELD);
        first = team.mention(one, "", "the first");
        team.awaitMessage(sent -> sent.thread().equals(first));
        Await.until("the answer", () -> isAnswered(team, "the first"));
        second = team.mention(other, "", "the second");
        server.kill();
      }
      try (ServerProcess server = start(data, config)) {
        team.use(server.url());
        String bot = "<@" + FakeSlack.BOT + "> ";
        team.deliver(one, first, "", ANNE, bot + "the first");
        team.deliver(other, second, "", ANNE, bot + "the second");
        Await.until("the first answer", () -> team.thread(first).equals(List.of("the first")));
        // The turn itself may have been killed: then the thread says so.
        Await.until(
            "the second answer",
            () ->
                team.thread(second).size() == 1
                    && Stream.of("the second", "⚠️ The server was restarted")
                        .anyMatch(team.thread(second).getFirst()::startsWith));
        String third = team.mention(one, first, "the third");
        team.awaitText("the third"::equals);
        assertThat(third).isNotEmpty();
        assertThat(team.thread(first)).containsExactly("the first", "the third");
        assertThat(team.thread(second)).hasSize(1);
        assertThat(server.complaints()).doesNotContain(FakeSlack.TOKEN, FakeSlack.SIGNING_SECRET);
      }
      verifyNoSecretIn(data);
    }
  }

  private static ServerProcess start(Path data, Path config) {
    return ServerProcess.start("up", data, Map.of(), "--config", config.toString());
  }

  private static boolean isAnswered(SlackTeam team, String text) {
    JsonObject sessions =
        new JsonObject(team.call("GET", "/api/sessions", new JsonObject()).body());
    return sessions.getJsonArray("sessions").stream()
        .map(one -> ((JsonObject) one).getString("id"))
        .map(id -> team.call("GET", "/api/sessions/" + id + "/messages", new JsonObject()).body())
        .anyMatch(messages -> messages.contains("\"assistant\"") && messages.contains(text));
  }

  private static void verifyNoSecretIn(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(FakeSlack.TOKEN, FakeSlack.SIGNING_SECRET);
      }
    }
  }
}
