package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.podium.PodiumMessages.DeleteInstance;
import dev.concert.podium.PodiumMessages.StopInstance;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renaming, archiving and deleting sessions, with a played coordinator. */
@ExpectedLog(
    logger = "dev.concert.gateway.session.SessionDeletion",
    message = "is not removed yet: Podium is away",
    required = false)
class SessionLifecycleTest {
  @TempDir private Path data;

  @Test
  void aNewNameIsShownToEveryClientOfTheTenantAndKept() {
    String session;
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient author = gateway.client();
        TestClient other = gateway.client()) {
      session = author.createSession();
      other.next("session_created");
      ask(author, "rename_session", session, ",'name':'better'");

      JsonNode reply = author.next("session_updated");
      assertThat(reply.path("requestId").asText()).isEqualTo("rename_session");
      assertThat(reply.path("session").path("name").asText()).isEqualTo("better");
      JsonNode event = other.next("session_updated");
      assertThat(event.has("requestId")).isFalse();
      assertThat(event.path("session").path("name").asText()).isEqualTo("better");
      ask(author, "rename_session", session, ",'name':''");
      assertThat(author.next("error").path("code").asText()).isEqualTo("INVALID_MESSAGE");
    }
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      assertThat(list(client, false).getFirst().path("name").asText()).isEqualTo("better");
    }
  }

  @Test
  void anArchivedSessionIsReadAndRunsNoTurnUntilItIsBack() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client();
        TestClient other = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      String turn = client.runTurn(session, "one");
      gateway.podium.complete("agent_" + session, turn, "done");
      client.next("turn_complete");

      ask(client, "archive_session", session, "");
      assertThat(client.next("session_archived").path("session").path("archived").asBoolean())
          .isTrue();
      assertThat(other.next("session_archived").path("session").path("id").asText())
          .isEqualTo(session);
      assertThat(gateway.podium.stops).contains(new StopInstance("agent_" + session, "archived"));
      assertThat(list(client, false)).isEmpty();
      assertThat(list(client, true)).hasSize(1);
      assertThat(list(client, true).getFirst().path("state").asText()).isEqualTo("inactive");
      ask(client, "get_history", session, "");
      assertThat(client.next("history").path("messages")).hasSize(2);
      ask(client, "run_turn", session, ",'text':'two'");
      assertThat(client.next("error").path("code").asText()).isEqualTo("SESSION_ARCHIVED");

      ask(client, "unarchive_session", session, "");
      assertThat(client.next("session_unarchived").path("session").path("archived").asBoolean())
          .isFalse();
      other.next("session_unarchived");
      assertThat(list(client, false)).hasSize(1);
      client.runTurn(session, "two");
    }
  }

  @Test
  void aSessionWhoseDatabaseIsDamagedCanBeDeleted() throws Exception {
    String session;
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      session = client.createSession();
    }
    Path folder = Files.createDirectories(data.resolve("sessions").resolve(session));
    Files.writeString(folder.resolve("session.db"), "no database".repeat(1000));
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      ask(client, "delete_session", session, "");

      client.next("session_deleted");
      assertThat(folder).doesNotExist();
      assertThat(list(client, true)).isEmpty();
    }
  }

  @Test
  void archivingEndsTheTurnThatRuns() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      client.runTurn(session, "one");
      Await.until(() -> !gateway.podium.delivered.isEmpty());

      ask(client, "archive_session", session, "");
      assertThat(client.next("turn_complete").path("stopReason").asText()).isEqualTo("stopped");
      client.next("session_archived");
    }
  }

  @Test
  void aDeletedSessionLeavesNothing() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client();
        TestClient other = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      other.join(session);
      client.runTurn(session, "one");
      Await.until(() -> !gateway.podium.delivered.isEmpty());

      ask(client, "delete_session", session, "");
      assertThat(client.next("session_deleted").path("sessionId").asText()).isEqualTo(session);
      assertThat(other.next("session_deleted").path("sessionId").asText()).isEqualTo(session);
      assertThat(gateway.podium.deletions).contains(new DeleteInstance("agent_" + session));
      assertThat(data.resolve("sessions").resolve(session)).doesNotExist();
      assertThat(list(client, true)).isEmpty();
      for (String type :
          List.of("join_session", "get_history", "archive_session", "delete_session")) {
        ask(client, type, session, "");
        assertThat(client.next("error").path("code").asText())
            .as(type)
            .isEqualTo("SESSION_NOT_FOUND");
      }
      ask(client, "get_events", session, ",'afterSeq':0");
      assertThat(client.next("error").path("code").asText()).isEqualTo("SESSION_NOT_FOUND");
      assertThat(data.resolve("sessions").resolve(session)).doesNotExist();
    }
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      assertThat(list(client, true)).isEmpty();
      assertThat(data.resolve("sessions"))
          .satisfiesAnyOf(
              folder -> assertThat(folder).doesNotExist(),
              folder -> assertThat(folder).isEmptyDirectory());
    }
  }

  @Test
  void twoDeletionsAtOnceAreBothAnswered() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient one = gateway.client();
        TestClient two = gateway.client()) {
      String session = one.createSession();
      ask(one, "delete_session", session, "");
      ask(two, "delete_session", session, "");

      for (TestClient client : List.of(one, two)) {
        JsonNode frame = client.next();
        while (!frame.path("requestId").asText().equals("delete_session")) {
          frame = client.next();
        }
        assertThat(frame.path("type").asText() + frame.path("code").asText())
            .isIn("session_deleted", "errorSESSION_NOT_FOUND");
      }
      assertThat(list(one, true)).isEmpty();
    }
  }

  @Test
  void aDeletionThatPodiumCannotDoIsCertainAllTheSameAndFinishedByTheNextStart() {
    String session;
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      session = client.createSession();
      client.join(session);
      client.runTurn(session, "one");
      gateway.podium.refuseDeletion = true;
      ask(client, "delete_session", session, "");
      client.next("session_deleted");
      assertThat(list(client, true)).isEmpty();
    }
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      assertThat(list(client, true)).isEmpty();
      Await.until(() -> !gateway.podium.deletions.isEmpty());
      Await.until(() -> !data.resolve("sessions").resolve(session).toFile().exists());
    }
  }

  @Test
  void anotherTenantsSessionIsNotThere() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data, new ByToken())) {
      String session;
      try (TestClient owner = new Tenant(gateway, "one").client()) {
        session = owner.createSession();
        try (TestClient stranger = new Tenant(gateway, "two").client()) {
          for (String type : List.of("archive_session", "unarchive_session", "delete_session")) {
            ask(stranger, type, session, "");
            assertThat(stranger.next("error").path("code").asText())
                .as(type)
                .isEqualTo("SESSION_NOT_FOUND");
          }
          ask(stranger, "rename_session", session, ",'name':'x'");
          assertThat(stranger.next("error").path("code").asText()).isEqualTo("SESSION_NOT_FOUND");
          assertThat(new Tenant(gateway, "two").http("DELETE", session, "").statusCode())
              .isEqualTo(404);

          ask(owner, "rename_session", session, ",'name':'mine'");
          owner.next("session_updated");
          stranger.send("{'type':'ping','ts':1}");
          assertThat(stranger.next().path("type").asText()).isEqualTo("pong");
        }
      }
    }
  }

  @Test
  void theSameOverHttp() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      Tenant http = new Tenant(gateway, "");

      assertThat(http.http("PUT", session + "/name", "{\"name\":\"by http\"}").body())
          .contains("by http");
      assertThat(client.next("session_updated").path("session").path("name").asText())
          .isEqualTo("by http");
      assertThat(http.http("PUT", session + "/name", "{}").statusCode()).isEqualTo(400);
      assertThat(http.http("PUT", session + "/archived", "").statusCode()).isEqualTo(200);
      client.next("session_archived");
      assertThat(http.http("DELETE", session + "/archived", "").statusCode()).isEqualTo(200);
      client.next("session_unarchived");
      assertThat(http.http("DELETE", session, "").statusCode()).isEqualTo(200);
      client.next("session_deleted");
      assertThat(http.http("DELETE", session, "").statusCode()).isEqualTo(404);
    }
  }

  private static void ask(TestClient client, String type, String session, String more) {
    client.send(
        "{'type':'%s','requestId':'%s','sessionId':'%s'%s}".formatted(type, type, session, more));
  }

  private static List<JsonNode> list(TestClient client, boolean includeArchived) {
    client.send("{'type':'list_sessions','includeArchived':%s}".formatted(includeArchived));
    return StreamSupport.stream(client.next("session_list").path("sessions").spliterator(), false)
        .toList();
  }

  /** How a person of a tenant comes to the gateway. */
  private record Tenant(RunningGateway gateway, String token) {
    TestClient client() {
      TestClient client = TestClient.connectOnly(gateway.port);
      client.send("{'type':'authenticate','token':'" + token + "'}");
      client.next("authenticated");
      return client;
    }

    HttpResponse<String> http(String method, String route, String body) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + gateway.port + "/api/sessions/" + route))
              .method(method, BodyPublishers.ofString(body));
      if (!token.isEmpty()) {
        request.header("Authorization", "Bearer " + token);
      }
      return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
  }

  /** Takes the token for the tenant. */
  private static final class ByToken implements Authenticator {
    @Override
    public Optional<Identity> everybody() {
      return Optional.empty();
    }

    @Override
    public Future<Authentication> authenticate(String token) {
      return token.isEmpty()
          ? Future.failedFuture(new ConcertException(ErrorCode.AUTH_FAILED, "No."))
          : Future.succeededFuture(
              Authentication.lasting(
                  Identity.of("u-" + token, token + "@example.com", token, Role.OWNER)));
    }
  }
}
