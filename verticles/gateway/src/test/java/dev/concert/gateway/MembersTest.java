package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.AutomationMessages.OwnerLost;
import dev.concert.bus.Accepted;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.gateway.audit.AuditEntry;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members, invitations, and sessions that are shared with some of them. */
class MembersTest {
  @TempDir Path data;
  private TenantTokens tokens;
  private RunningGateway gateway;
  private final List<TestClient> clients = new ArrayList<>();

  @BeforeEach
  void start() {
    tokens = new TenantTokens(data);
    tokens.createTenant("acme", "admin", "developer", "viewer", "guest");
    gateway = RunningGateway.start(data, tokens);
  }

  @AfterEach
  void stop() {
    clients.forEach(TestClient::close);
    gateway.close();
    tokens.close();
  }

  private TestClient as(String user) {
    return signIn(token("acme", user));
  }

  private TestClient signIn(String token) {
    TestClient client = TestClient.connectAs(gateway.port, token);
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

  @Test
  void membersAreListedWithTheirRolesOwnersFirst() {
    JsonNode list = as("admin").request("{'type':'manage_members','action':'list'}");

    assertThat(list.path("type").asText()).isEqualTo("member_list");
    assertThat(list.path("members").findValuesAsText("role"))
        .containsExactly("owner", "admin", "developer", "viewer", "guest");
    assertThat(list.path("members").get(1).path("email").asText()).isEqualTo("admin@acme");
  }

  @ParameterizedTest
  @CsvSource({
    "set_role, viewer, admin, member_changed",
    "set_role, owner,  admin, FORBIDDEN",
    "set_role, viewer, owner, FORBIDDEN",
    "set_role, admin,  viewer, member_changed",
    "set_role, nobody, viewer, MEMBER_NOT_FOUND",
    "remove,   owner,  viewer, FORBIDDEN",
    "remove,   guest,  viewer, member_changed",
    "remove,   nobody, viewer, MEMBER_NOT_FOUND"
  })
  void anAdminDecidesAboutNobodyAboveAdmin(String action, String user, String role, String answer) {
    JsonNode reply =
        as("admin")
            .request(
                "{'type':'manage_members','action':'%s','userId':'%s','role':'%s'}"
                    .formatted(action, user, role));

    assertThat(code(reply)).isEqualTo(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'action':'invite','role':'viewer'",
        "'action':'invite','email':'x@y'",
        "'action':'invite','email':'no address','role':'viewer'",
        "'action':'invite','email':'x@y','role':'king'",
        "'action':'set_role','role':'viewer'",
        "'action':'set_role','userId':'guest'",
        "'action':'set_role','userId':'guest','email':'x@y','role':'viewer'",
        "'action':'remove'"
      })
  void eachActionNeedsItsFields(String fields) {
    assertThat(code(as("owner").request("{'type':'manage_members'," + fields + "}")))
        .isEqualTo("INVALID_MESSAGE");
  }

  @Test
  void aChangedRoleReachesTheOpenConnectionWithoutANewSignIn() {
    TestClient viewer = as("viewer");
    assertThat(code(viewer.request("{'type':'create_session','agentType':'echo'}")))
        .isEqualTo("FORBIDDEN");

    long before = System.nanoTime();
    as("owner")
        .request(
            "{'type':'manage_members','action':'set_role','email':'Viewer@acme','role':'developer'}");
    JsonNode now = viewer.next("authenticated");

    assertThat(now.path("identity").path("role").asText()).isEqualTo("developer");
    assertThat((System.nanoTime() - before) / 1_000_000).isLessThan(10_000);
    assertThat(code(viewer.request("{'type':'create_session','agentType':'echo'}")))
        .isEqualTo("session_created");
  }

  @Test
  void whoIsRemovedLosesTheConnectionAndDoesNotComeBack() {
    TestClient developer = as("developer");
    String privateSession = createSession(developer, "private");
    TestClient owner = as("owner");
    TestClient admin = as("admin");
    assertThat(sessions(owner)).isEmpty();

    JsonNode removed =
        owner.request("{'type':'manage_members','action':'remove','userId':'developer'}");

    assertThat(removed.path("action").asText()).isEqualTo("remove");
    assertThat(developer.next("closed").path("code").asInt()).isEqualTo(4401);
    assertThat(admin.next("member_changed").path("member").path("userId").asText())
        .isEqualTo("developer");
    assertThat(tokens.authenticate(token("acme", "developer")).toCompletionStage())
        .failsWithin(java.time.Duration.ofSeconds(30));
    // Nobody could see the session otherwise.
    assertThat(sessions(owner)).containsExactly(privateSession);
    assertThat(sessions(admin)).isEmpty();
  }

  @Test
  void theAutomationsOfAMemberWhoMayNotRunThemAnyMoreArePaused() {
    List<OwnerLost> lost = new CopyOnWriteArrayList<>();
    new ConcertBus(gateway.vertx)
        .serve(
            AutomationAddresses.OWNER_LOST,
            one -> {
              lost.add(one);
              return Future.succeededFuture(Accepted.ACCEPTED);
            });
    TestClient owner = as("owner");
    owner.request(
        "{'type':'manage_members','action':'set_role','userId':'admin','role':'developer'}");
    owner.request(
        "{'type':'manage_members','action':'set_role','userId':'developer','role':'viewer'}");
    owner.request("{'type':'manage_members','action':'remove','userId':'admin'}");

    Await.until("both", () -> lost.size() == 2);
    assertThat(lost)
        .extracting(OwnerLost::userId, OwnerLost::actor)
        .containsExactly(tuple("developer", "owner"), tuple("admin", "owner"));
    assertThat(lost.getFirst().reason()).contains("as viewer");
  }

  @Test
  void theLastOwnerStaysAlsoWhereTwoDemoteEachOtherAtOnce() {
    TestClient owner = as("owner");
    String demote = "{'type':'manage_members','action':'set_role','userId':'%s','role':'viewer'}";
    assertThat(code(owner.request(demote.formatted("owner")))).isEqualTo("LAST_OWNER");
    assertThat(code(owner.request("{'type':'manage_members','action':'remove','userId':'owner'}")))
        .isEqualTo("LAST_OWNER");
    tokens.addMember("acme", "second", "owner");
    TestClient second = as("second");

    owner.send(demote.formatted("second").replace("}", ",'requestId':'x'}"));
    second.send(demote.formatted("owner").replace("}", ",'requestId':'x'}"));

    List<String> answers = List.of(answer(owner), answer(second));
    assertThat(answers).containsOnlyOnce("member_changed");
    assertThat(answers).containsAnyOf("FORBIDDEN", "LAST_OWNER");
  }

  private static String answer(TestClient client) {
    while (true) {
      JsonNode frame = client.next();
      if (frame.path("requestId").asText().equals("x")) {
        return code(frame);
      }
    }
  }

  private String invite(TestClient inviter, String email, String role, String sessions) {
    JsonNode reply =
        inviter.request(
            "{'type':'invite_member','email':'%s','role':'%s','sessions':[%s]}"
                .formatted(email, role, sessions));
    String link = reply.path("invitation").path("link").asText();
    assertThat(link).contains("/#invitation=");
    assertThat(reply.path("invitation").path("mailed").asBoolean()).isFalse();
    return link.substring(link.indexOf('=') + 1);
  }

  private JsonNode accept(String token, String invitation) {
    TestClient client = TestClient.connectOnly(gateway.port);
    clients.add(client);
    return client.request(
        "{'type':'accept_invitation','token':'%s','invitation':'%s'}".formatted(token, invitation));
  }

  @Test
  void anInvitationMakesItsReaderAMemberOnce() {
    TestClient admin = as("admin");
    TestClient viewer = as("viewer");
    String newcomer = token("acme", "bob", "Bob@example.com", true);
    String invitation = invite(admin, "bob@example.com", "developer", "");
    assertThat(
            admin
                .request("{'type':'list_invitations'}")
                .path("invitations")
                .findValuesAsText("email"))
        .containsExactly("bob@example.com");

    JsonNode accepted = accept(newcomer, invitation);

    assertThat(accepted.path("identity").path("role").asText()).isEqualTo("developer");
    assertThat(admin.next("member_changed").path("action").asText()).isEqualTo("join");
    assertThat(admin.request("{'type':'list_invitations'}").path("invitations")).isEmpty();
    assertThat(sessions(signIn(newcomer))).isEmpty();
    assertThat(code(accept(newcomer, invitation))).isEqualTo("INVITATION_NOT_FOUND");
    assertThat(viewer.request("{'type':'ping'}").path("type").asText()).isEqualTo("pong");
    assertThat(viewer.everything()).doesNotContain("member_changed", "bob");
    assertThat(
            RunningGateway.await(
                new AuditLog(tokens.registries).read("acme", OptionalLong.empty(), 3)))
        .extracting(AuditEntry::action)
        .containsExactly("invitation.accepted", "member.invited", "member.took_seat");
  }

  @Test
  void anInvitationIsAcceptedOverHttpByWhoHasNoAccountYet() {
    String invitation = invite(as("owner"), "bob@example.com", "viewer", "");

    JsonNode accepted =
        ApiClient.json(
            new ApiClient(gateway.port)
                .post(
                    "/api/accept-invitation",
                    "{'token':'%s','invitation':'%s'}"
                        .formatted(token("acme", "bob", "bob@example.com", true), invitation)),
            200);

    assertThat(accepted.path("identity").path("role").asText()).isEqualTo("viewer");
  }

  @Test
  void ofManyWhoAcceptAnInvitationAtOnceOneBecomesAMember() {
    String invitation = invite(as("owner"), "bob@example.com", "viewer", "");
    List<TestClient> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      TestClient client = TestClient.connectOnly(gateway.port);
      clients.add(client);
      all.add(client);
      client.send(
          "{'type':'accept_invitation','token':'%s','invitation':'%s','requestId':'x'}"
              .formatted(token("acme", "bob-" + i, "bob@example.com", true), invitation));
    }

    assertThat(all.stream().map(MembersTest::answer))
        .containsOnlyOnce("authenticated")
        .filteredOn(code -> code.equals("INVITATION_NOT_FOUND"))
        .hasSize(4);
  }

  @Test
  void anInvitationIsForItsMailItsTenantAndItsTime() {
    tokens.createTenant("other");
    TestClient owner = as("owner");
    String invitation = invite(owner, "bob@example.com", "viewer", "");
    String bob = token("acme", "bob", "bob@example.com", true);

    assertThat(code(accept(token("acme", "eve", "eve@example.com", true), invitation)))
        .isEqualTo("INVITATION_NOT_FOUND");
    assertThat(code(accept(token("acme", "bob", "bob@example.com", false), invitation)))
        .isEqualTo("FORBIDDEN");
    for (String tenant : List.of("other", "none", "..")) {
      assertThat(code(accept(token(tenant, "bob", "bob@example.com", true), invitation)))
          .isEqualTo("INVITATION_NOT_FOUND");
    }
    assertThat(code(accept(bob, "0".repeat(64)))).isEqualTo("INVITATION_NOT_FOUND");
    assertThat(code(accept("bad", invitation))).isEqualTo("AUTH_FAILED");
    RunningGateway.await(
        tokens.registries.in(
            "acme",
            database ->
                database.update(
                    "UPDATE invitations SET expires_at = 1 WHERE accepted_by IS NULL",
                    io.vertx.sqlclient.Tuple.tuple())));
    assertThat(code(accept(bob, invitation))).isEqualTo("INVITATION_NOT_FOUND");
    String second = invite(owner, "bob@example.com", "viewer", "");
    String third = invite(owner, "bob@example.com", "viewer", "");
    assertThat(code(accept(bob, second))).isEqualTo("INVITATION_NOT_FOUND");
    assertThat(code(accept(bob, third))).isEqualTo("authenticated");
  }

  @Test
  void aRevokedInvitationAndThatOfARemovedMemberAreNotAccepted() {
    TestClient owner = as("owner");
    String revoked = invite(owner, "bob@example.com", "viewer", "");
    String id =
        owner
            .request("{'type':'list_invitations'}")
            .path("invitations")
            .get(0)
            .path("invitationId")
            .asText();
    String ofAdmin = invite(as("admin"), "eve@example.com", "admin", "");

    owner.request("{'type':'revoke_invitation','invitationId':'" + id + "'}");
    owner.request("{'type':'manage_members','action':'remove','userId':'admin'}");

    assertThat(code(accept(token("acme", "bob", "bob@example.com", true), revoked)))
        .isEqualTo("INVITATION_NOT_FOUND");
    assertThat(code(accept(token("acme", "eve", "eve@example.com", true), ofAdmin)))
        .isEqualTo("INVITATION_NOT_FOUND");
    assertThat(code(owner.request("{'type':'revoke_invitation','invitationId':'" + id + "'}")))
        .isEqualTo("INVITATION_NOT_FOUND");
  }

  private static String run(String session) {
    return "{'type':'run_turn','sessionId':'" + session + "','text':'hi'}";
  }

  @Test
  void anInvitationSharesSessionsWithAGuest() {
    TestClient developer = as("owner");
    String session = createSession(developer, "private");
    String invitation =
        invite(
            developer,
            "bob@example.com",
            "guest",
            "{'sessionId':'" + session + "','access':'read'}");
    String bob = token("acme", "bob", "bob@example.com", true);
    accept(bob, invitation);

    TestClient guest = signIn(bob);
    assertThat(sessions(guest)).containsExactly(session);
    assertThat(code(guest.request(run(session)))).isEqualTo("FORBIDDEN");
  }
}
