package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.json;
import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Members of two tenants who know every id of each other. Whatever one of them does, an id of the
 * other answers as one that does not exist, no reply names anything of the other, and the other
 * sees the same as before.
 */
class TwoTenantsPropertyTest {
  private static final List<String> TENANTS = List.of("red", "blue");

  /** They concern the connection alone. */
  private static final Set<String> OF_THE_CONNECTION = Set.of("authenticate", "ping");

  private static final List<ApiOperation<?, ?>> ROWS =
      ContractTable.rows().stream()
          .filter(row -> !row.planned() && !OF_THE_CONNECTION.contains(row.name()))
          .toList();

  private static Path data;
  private static TenantTokens tokens;
  private static RunningGateway gateway;
  private static ApiClient http;

  @BeforeContainer
  static void start() throws IOException {
    data = Files.createTempDirectory("two-tenants");
    tokens = new TenantTokens(data);
    for (String tenant : TENANTS) {
      tokens.createTenant(tenant);
      tokens.addMember(tenant, tenant + "-member", "viewer");
    }
    gateway = RunningGateway.start(data, tokens);
    gateway.podium.answer =
        delivered -> List.of(FakePodium.completed(delivered.messageId(), "Done."));
    http = new ApiClient(gateway.port);
  }

  @AfterContainer
  static void stop() throws IOException {
    gateway.close();
    tokens.close();
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  /**
   * One request.
   *
   * @param row which one of the table
   * @param foreign bit by bit, whether a field has the id of the other tenant
   */
  record Step(int row, int foreign, boolean overHttp) {
    @Override
    public String toString() {
      return "%s, foreign %s, %s"
          .formatted(ROWS.get(row).name(), Integer.toBinaryString(foreign), overHttp);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, ROWS.size() - 1),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(2, Arbitraries.just(-1)),
                net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(1, 7))),
            Arbitraries.of(true, false))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  /** A tenant's ids by the names of fields that take them. */
  private record Belongings(String tenant, Map<String, String> ids) {
    String owner() {
      return token(tenant, "owner");
    }

    List<String> traces() {
      List<String> traces = new ArrayList<>(ids.values());
      traces.addAll(List.of("secret of " + tenant, "@" + tenant));
      return traces;
    }
  }

  private static JsonNode post(Belongings who, String path, String body) {
    HttpResponse<String> answer = http.post(path, body, "Authorization", "Bearer " + who.owner());
    return json(answer, 201);
  }

  private static Belongings belongings(String tenant) {
    Belongings made = new Belongings(tenant, new HashMap<>());
    Map<String, String> ids = made.ids();
    JsonNode created =
        post(made, "/api/sessions", "{'agentType':'echo','name':'secret of " + tenant + "'}");
    String session = created.at("/session/id").asText();
    ids.put("sessionId", session);
    ids.put("agentId", "agent_" + session);
    ids.put("userId", tenant + "-member");
    ids.put("keyId", post(made, "/api/keys", "{'name':'k'}").at("/key/keyId").asText());
    ids.put(
        "shareId",
        post(made, "/api/sessions/" + session + "/shares", "{}").at("/share/shareId").asText());
    ids.put(
        "invitationId",
        post(
                made,
                "/api/invitations",
                "{'email':'guest-%s@%s','role':'viewer'}".formatted(session, tenant))
            .at("/invitation/invitationId")
            .asText());
    assertThat(ids.values()).doesNotContain("");
    return made;
  }

  private static String get(Belongings who, String path) {
    return http.get(path, "Authorization", "Bearer " + who.owner()).body();
  }

  /** Everything that a tenant can see of itself. */
  private static String view(Belongings who) {
    String session = "/api/sessions/" + who.ids().get("sessionId");
    return String.join(
        "\n",
        Stream.of(
                "/api/sessions?includeArchived=true",
                "/api/members",
                "/api/keys?all=true",
                "/api/invitations",
                "/api/audit",
                "/api/usage",
                "/api/billing",
                "/api/billing/statement",
                session,
                session + "/messages",
                session + "/events?afterSeq=0",
                session + "/members",
                session + "/shares")
            .map(path -> get(who, path))
            .map(body -> ContractRequests.anonymous(body))
            .toList());
  }

  /** The request, with ids of {@code own} and, where the step says so, these in their place. */
  private static ObjectNode request(Step step, Belongings own, Map<String, String> foreign) {
    ApiOperation<?, ?> row = ROWS.get(step.row());
    ObjectNode request = ContractRequests.example(row, own.ids().get("sessionId"));
    int bit = 0;
    for (String field : own.ids().keySet().stream().sorted().toList()) {
      if (request.has(field)) {
        boolean isForeign = (step.foreign() >> bit++ & 1) == 1;
        request.put(field, (isForeign ? foreign : own.ids()).get(field));
      }
    }
    if (row.name().equals("delete_tenant")) {
      request.put("confirm", "purple");
    }
    return request;
  }

  private static String answer(Step step, ObjectNode request, Belongings who, TestClient socket) {
    ApiOperation<?, ?> row = ROWS.get(step.row());
    boolean overHttp = row.http().isPresent() && (step.overHttp() || !row.onSocket());
    return overHttp
        ? ContractRequests.overHttp(gateway.port, row, request, who.owner()).body()
        : socket.request(request.put("type", row.name()).toString()).toString();
  }

  private static String withoutIds(String answer, Map<String, String> ids) {
    String text = ContractRequests.anonymous(answer);
    for (String id : ids.values()) {
      text = text.replace(id, "ID");
    }
    return text;
  }

  /** Ids of the same form that do not exist. */
  private static Map<String, String> unknown(Map<String, String> ids) {
    Map<String, String> unknown = new HashMap<>();
    ids.forEach((field, id) -> unknown.put(field, id.substring(0, id.length() - 6) + "000000"));
    return unknown;
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void nothingOfOneTenantShowsInAnother(
      @ForAll("steps") List<Step> steps, @ForAll boolean redActs) {
    Belongings actor = belongings(TENANTS.get(redActs ? 0 : 1));
    Belongings other = belongings(TENANTS.get(redActs ? 1 : 0));
    Map<String, String> unknown = unknown(other.ids());
    try (TestClient socket = TestClient.connectAs(gateway.port, actor.owner());
        TestClient watcher = TestClient.connectAs(gateway.port, other.owner())) {
      watcher.join(other.ids().get("sessionId"));
      watcher.request("{'type':'ping'}");
      int shown = frames(watcher);
      String before = view(other);
      for (Step step : steps) {
        ObjectNode request = request(step, actor, other.ids());
        String answer = answer(step, request, actor, socket);
        String sent = request.toString();
        assertThat(other.traces())
            .as("%s answered %s", sent, answer)
            .noneMatch(trace -> answer.contains(trace) && !sent.contains(trace));
        ObjectNode twin = request(step, actor, unknown);
        if (!twin.equals(request(step, actor, other.ids()))) {
          assertThat(withoutIds(answer, other.ids()))
              .as("%s", sent)
              .isEqualTo(withoutIds(answer(step, twin, actor, socket), unknown));
        }
      }
      assertThat(view(other)).isEqualTo(before);
      watcher.request("{'type':'ping'}");
      assertThat(frames(watcher)).as(watcher.everything()).isEqualTo(shown);
      assertThat(watcher.everything()).doesNotContain(actor.traces());
    }
  }

  /** How many frames came that say something. */
  private static int frames(TestClient client) {
    return (int)
        client.seen.stream()
            .map(frame -> frame.path("type").asText())
            .filter(type -> !Set.of("pong", "heartbeat").contains(type))
            .count();
  }
}
