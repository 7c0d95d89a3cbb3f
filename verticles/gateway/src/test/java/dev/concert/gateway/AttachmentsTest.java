package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.Attachment;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a turn are in the workspace before its agent is told of them. */
@ExpectedLog(
    logger = "dev.concert.gateway.session.Activation",
    message = "reached no agent: The attachment",
    required = false)
class AttachmentsTest {
  @TempDir Path data;
  private RunningGateway gateway;
  private FakeChronicle chronicle;
  private TestClient client;
  private String session;

  @BeforeEach
  void start() {
    gateway = RunningGateway.start(data);
    chronicle = new FakeChronicle(gateway.podium);
    client = gateway.client();
    session = client.createSession();
    client.join(session);
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  private void run(String attachments) {
    client.send(
        "{'type':'run_turn','sessionId':'%s','text':'see','requestId':'t','attachments':[%s]}"
            .formatted(session, attachments));
  }

  @Test
  void anAttachmentLandsInTheWorkspaceAndIsNamedToTheAgent() {
    chronicle.files.put("docs/plan.md", "a plan");
    run(
        "{'name':'a.txt','mediaType':'text/plain','dataBase64':'aGVsbG8='},"
            + "{'name':'plan','mediaType':'text/markdown','path':'docs/plan.md'}");
    String turn = client.next("turn_started").path("turnId").asText();
    Await.until(() -> gateway.podium.delivered.size() == 1);

    String place = "attachments/" + turn + "/a.txt";
    assertThat(gateway.podium.delivered.getFirst().attachments())
        .containsExactly(
            new Attachment("a.txt", "text/plain", null, place),
            new Attachment("plan", "text/markdown", null, "docs/plan.md"));
    assertThat(chronicle.files).containsEntry(place, "hello");
    assertThat(chronicle.writes).hasSize(1);
  }

  @Test
  void aFileThatTheWorkspaceDoesNotHaveIsRefusedBeforeTheTurnStarts() {
    run("{'name':'x','mediaType':'text/plain','path':'no/such'}");
    JsonNode refused = client.next();
    assertThat(refused.path("type").asText()).isEqualTo("error");
    assertThat(refused.path("code").asText()).isEqualTo("FILE_NOT_FOUND");
    assertThat(refused.path("message").asText()).contains("'attachments[0].path'");
    assertThat(refused.path("requestId").asText()).isEqualTo("t");
    run("");
    client.next("turn_started");
  }

  @Test
  void aTurnThatIsAskedForAgainIsAnsweredAlthoughItsAttachmentHasGone() {
    chronicle.files.put("in.txt", "read once");
    String again =
        "{'type':'run_turn','sessionId':'%s','text':'see','clientTurnId':'x','attachments':["
            + "{'name':'in','mediaType':'text/plain','path':'in.txt'}]}";
    client.send(again.formatted(session));
    JsonNode started = client.next("turn_started");
    chronicle.files.remove("in.txt");

    client.send(again.formatted(session));

    assertThat(client.next("turn_started").path("turnId")).isEqualTo(started.path("turnId"));
  }

  @Test
  void anAttachmentThatCannotBeWrittenEndsTheTurnAndTheNextOneRuns() {
    chronicle.refusedWrites = Optional.of(ErrorCode.WORKSPACE_FULL);
    run("{'name':'a.txt','mediaType':'text/plain','dataBase64':'aGVsbG8='}");
    JsonNode error = client.next("turn_error");
    assertThat(error.path("code").asText()).isEqualTo("WORKSPACE_FULL");
    assertThat(error.path("message").asText()).contains("'a.txt' could not be written");
    assertThat(gateway.podium.delivered).isEmpty();

    chronicle.refusedWrites = Optional.empty();
    run("{'name':'a.txt','mediaType':'text/plain','dataBase64':'aGVsbG8='}");
    client.next("turn_started");
    Await.until(() -> gateway.podium.delivered.size() == 1);
  }
}
