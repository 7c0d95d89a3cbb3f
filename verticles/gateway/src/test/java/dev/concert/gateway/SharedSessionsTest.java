package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that are private, visible to the tenant, or shared with some of its members. */
class SharedSessionsTest {
  @TempDir Path data;
  private TenantTokens tokens;
  private RunningGateway gateway;
  private final List<TestClient> clients = new ArrayList<>();

  @BeforeEach
  void start() {
    tokens = new TenantTokens(data);
    tokens.createTenant("acme", "developer", "viewer", "guest");
    gateway = RunningGateway.start(data, tokens);
  }

  @AfterEach
  void stop() {
    clients.forEach(TestClient::close);
    gateway.close();
    tokens.close();
  }

  private TestClient as(String user) {
    TestClient client = TestClient.connectAs(gateway.port, token("acme", user));
    clients.add(client);
    return client;
  }

  private static String code(JsonNode reply) {
    return reply.path("code").asText(reply.path("type").asText());
  }

  private String createSession(TestClient client, String visibility) {
    return client
        .request("{'type':'create_session','agentType':'echo','visibility':'" + visibility + "'}")
        .path("session")
        .path("id")
        .asText();
  }

  private static List<String> sessions(TestClient client) {
    List<String> ids = new ArrayList<>();
    client
        .request("{'type':'list_sessions'}")
        .path("sessions")
        .forEach(session -> ids.add(session.path("id").asText()));
    return ids;
  }

  private static String run(String session) {
    return "{'type':'run_turn','sessionId':'" + session + "','text':'hi'}";
  }

  private static void share(TestClient client, String session, String user, String access) {
    JsonNode shared =
        client.request(
            "{'type':'share_session','sessionId':'%s','userId':'%s','access':'%s'}"
                .formatted(session, user, access));
    assertThat(shared.path("members").findValuesAsText("userId")).contains(user);
  }

  @Test
  void aGuestReadsAndWritesOnlyWhatIsSharedWithThem() {
    TestClient developer = as("developer");
    TestClient guest = as("guest");
    String read = createSession(developer, "tenant");
    String write = createSession(developer, "private");
    String hidden = createSession(developer, "tenant");
    share(developer, read, "guest", "read");
    share(developer, write, "guest", "write");

    assertThat(sessions(guest)).containsExactlyInAnyOrder(read, write);
    guest.join(read);
    guest.join(write);
    assertThat(code(guest.request(run(write)))).isEqualTo("turn_started");
    assertThat(code(guest.request(run(read)))).isEqualTo("FORBIDDEN");
    assertThat(code(guest.request(run(hidden)))).isEqualTo("SESSION_NOT_FOUND");
    for (String refused :
        List.of(
            "{'type':'create_session','agentType':'echo'}",
            "{'type':'delete_session','sessionId':'" + write + "'}",
            "{'type':'share_session','sessionId':'%s','userId':'viewer','access':'read'}"
                .formatted(write),
            "{'type':'set_session_visibility','sessionId':'%s','visibility':'tenant'}"
                .formatted(write),
            "{'type':'manage_members','action':'list'}")) {
      assertThat(code(guest.request(refused))).isEqualTo("FORBIDDEN");
    }
    assertThat(guest.everything()).doesNotContain(hidden + "\",\"tenantId");
  }

  @Test
  void whatIsNotSharedAnyMoreIsLeft() {
    TestClient developer = as("developer");
    TestClient guest = as("guest");
    TestClient viewer = as("viewer");
    String session = createSession(developer, "tenant");
    share(developer, session, "guest", "read");
    guest.join(session);
    viewer.join(session);

    developer.request(
        "{'type':'unshare_session','sessionId':'%s','userId':'guest'}".formatted(session));
    assertThat(guest.next("session_left").path("sessionId").asText()).isEqualTo(session);
    developer.request(
        "{'type':'set_session_visibility','sessionId':'%s','visibility':'private'}"
            .formatted(session));
    assertThat(viewer.next("session_left").path("sessionId").asText()).isEqualTo(session);
    developer.join(session);
    developer.request(run(session));

    for (TestClient other : List.of(guest, viewer)) {
      assertThat(code(other.request("{'type':'join_session','sessionId':'" + session + "'}")))
          .isEqualTo("SESSION_NOT_FOUND");
      assertThat(other.everything()).doesNotContain("turn_started");
      assertThat(sessions(other)).isEmpty();
    }
  }

  @Test
  void aKeyThatIsLimitedToSessionsIsNotToldWithWhomOthersAreShared() {
    TestClient owner = as("owner");
    TestClient developer = as("developer");
    String own = createSession(owner, "private");
    String other = createSession(owner, "private");
    share(owner, own, "developer", "write");
    TestClient key =
        TestClient.connectAs(
            gateway.port,
            developer
                .request("{'type':'create_key','name':'k','sessions':['" + own + "']}")
                .path("secret")
                .asText());
    clients.add(key);

    share(owner, other, "developer", "read");
    share(owner, own, "developer", "read");

    assertThat(key.next("session_members").path("sessionId").asText()).isEqualTo(own);
  }

  @Test
  void aPrivateSessionIsNotifiedToItsCreatorOnly() {
    TestClient developer = as("developer");
    TestClient again = as("developer");
    TestClient owner = as("owner");
    String session = createSession(developer, "private");

    assertThat(again.next("session_created").path("session").path("id").asText())
        .isEqualTo(session);
    developer.request(
        "{'type':'rename_session','sessionId':'" + session + "','name':'secret plans'}");
    assertThat(again.next("session_updated").path("session").path("name").asText())
        .isEqualTo("secret plans");
    assertThat(sessions(owner)).isEmpty();
    assertThat(owner.everything()).doesNotContain(session);
  }
}
