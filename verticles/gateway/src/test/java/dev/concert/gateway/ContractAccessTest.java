package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.ClientCalls.CallOperation;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.contract.HttpRoute;
import dev.concert.error.Problem;
import dev.concert.json.Json;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every row of the contract table, for every role, over the WebSocket, over HTTP, on the bus and
 * from the page.
 */
class ContractAccessTest {
  private static final String MISSING = "00000000-0000-0000-0000-000000000000";

  /** Below the limit of messages of one connection. */
  private static final int PER_CONNECTION = 40;

  /** They carry a token of their own, or concern the connection. */
  private static final Set<String> FOR_ANYBODY =
      Set.of("authenticate", "accept_invitation", "ping");

  /** A role is not all that these ask for. */
  private static final Set<String> MORE_THAN_A_ROLE = Set.of("delete_tenant", "create_key");

  @TempDir static Path data;
  @TempDir static Path dataOfPage;
  private static TenantTokens tokens;
  private static RunningGateway gateway;
  private static String session;
  private static SignInBrowser browser;

  @BeforeAll
  static void start() {
    tokens = new TenantTokens(data);
    tokens.createTenant("acme", "admin", "developer", "viewer", "guest");
    tokens.createTenant("other");
    gateway = RunningGateway.start(data, tokens);
    try (TestClient owner = TestClient.connectAs(gateway.port, token("acme", "owner"))) {
      session = owner.createSession();
    }
    browser = SignInBrowser.start(dataOfPage);
    for (Role role : Role.values()) {
      if (role != Role.OWNER) {
        browser.addMember(role.wireName(), "acme", role);
      }
    }
  }

  @AfterAll
  static void stop() {
    browser.close();
    gateway.close();
    tokens.close();
  }

  private static List<ApiOperation<?, ?>> rows() {
    return ContractTable.rows().stream()
        .filter(row -> !row.planned() && !FOR_ANYBODY.contains(row.name()))
        .collect(Collectors.toList());
  }

  /** What a role must be answered, where it lacks the permission of a row. */
  private static String refusal(ApiOperation<?, ?> row, Role role) {
    Permission needed = row.permission().orElseThrow();
    boolean couldBeShared = needed == Permission.THREADS_READ || needed == Permission.THREADS_WRITE;
    return role == Role.GUEST && ContractRequests.isAboutSessions(row) && couldBeShared
        ? "SESSION_NOT_FOUND"
        : "FORBIDDEN";
  }

  private static boolean isRefused(ApiOperation<?, ?> row, Role role) {
    // A guest lists the sessions that are shared with them.
    return row.permission().filter(needed -> !needed.grantedTo(role)).isPresent()
        && !(row.name().equals("list_sessions") && role == Role.GUEST);
  }

  private static void check(ApiOperation<?, ?> row, Role role, String transport, String code) {
    String what = row.name() + " as " + role + " over " + transport;
    if (isRefused(row, role)) {
      assertThat(code).as(what).isEqualTo(refusal(row, role));
    } else if (!MORE_THAN_A_ROLE.contains(row.name())) {
      assertThat(code)
          .as(what)
          .isNotIn("FORBIDDEN", "UNAUTHENTICATED", "AUTH_FAILED", "INTERNAL", "NOT_SERVED");
    }
  }

  /** Where the role is admitted, the session is one that does not exist: nothing is changed. */
  private static String sessionFor(ApiOperation<?, ?> row, Role role) {
    return isRefused(row, role) ? session : MISSING;
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void theWebSocketAdmitsEachRoleAsTheTableSays(Role role) {
    List<ApiOperation<?, ?>> messages =
        rows().stream().filter(ApiOperation::onSocket).collect(Collectors.toList());
    for (int from = 0; from < messages.size(); from += PER_CONNECTION) {
      try (TestClient client = TestClient.connectAs(gateway.port, token("acme", role.wireName()))) {
        for (ApiOperation<?, ?> row :
            messages.subList(from, Math.min(messages.size(), from + PER_CONNECTION))) {
          check(row, role, "WebSocket", overSocket(client, row, sessionFor(row, role)));
        }
      }
    }
  }

  private static String overSocket(TestClient client, ApiOperation<?, ?> row, String sessionId) {
    return client
        .request(ContractRequests.example(row, sessionId).put("type", row.name()).toString())
        .path("code")
        .asText();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void httpAdmitsEachRoleAsTheTableSays(Role role) {
    for (ApiOperation<?, ?> row : rows()) {
      if (row.http().isPresent()) {
        HttpResponse<String> response =
            ContractRequests.overHttp(
                gateway.port,
                row,
                ContractRequests.example(row, sessionFor(row, role)),
                token("acme", role.wireName()));
        check(row, role, "HTTP", code(response));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void theBusAdmitsEachRoleAsTheTableSays(Role role) {
    ConcertBus bus = new ConcertBus(gateway.vertx);
    for (ApiOperation<?, ?> row : rows()) {
      if (row.http().isPresent()) {
        String request = ContractRequests.example(row, sessionFor(row, role)).toString();
        CallOperation call = new CallOperation("acme", role.wireName(), row.name(), request);
        String code =
            RunningGateway.await(
                bus.request(Addresses.CALL_OPERATION, call, row.timeout())
                    .map("")
                    .otherwise(failure -> Problem.of(failure).code().name()));
        check(row, role, "bus", code);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void thePageAdmitsEachRoleAsTheTableSaysAndNoWriteWithoutItsToken(Role role) {
    browser.provider().person(role == Role.OWNER ? "ada" : role.wireName(), "acme");
    String cookie = browser.signIn();
    JsonNode signedIn = browser.session(cookie);
    String csrf = signedIn.path("csrfToken").asText();
    assertThat(signedIn.toString()).contains("\"" + role.wireName() + "\"");
    String shown = sessionOfPage();
    for (ApiOperation<?, ?> row : rows()) {
      if (row.http().isPresent()) {
        ObjectNode request = ContractRequests.example(row, isRefused(row, role) ? shown : MISSING);
        check(row, role, "page", code(fromPage(row, request, cookie, csrf)));
        if (row.http().get().method() != HttpRoute.Method.GET) {
          assertThat(code(fromPage(row, request, cookie, "wrong")))
              .as(row.name())
              .isEqualTo("CSRF_REFUSED");
        }
      }
    }
  }

  /** A session of the page's tenant, which its owner made. */
  private static String sessionOfPage() {
    String token = browser.issuer().token("ada", "acme");
    try (TestClient owner = TestClient.connectAs(browser.port(), token)) {
      return owner.createSession();
    }
  }

  private static HttpResponse<String> fromPage(
      ApiOperation<?, ?> row, ObjectNode request, String cookie, String csrf) {
    return ContractRequests.withHeaders(
        browser.port(), row, request, "Cookie", cookie, SignInBrowser.CSRF, csrf);
  }

  private static String code(HttpResponse<String> response) {
    if (response.statusCode() < 400) {
      return "";
    }
    try {
      return Json.MAPPER.readTree(response.body()).path("code").asText();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  private static String overHttp(ApiOperation<?, ?> row, String sessionId, String token) {
    return ContractRequests.overHttp(
            gateway.port, row, ContractRequests.example(row, sessionId), token)
        .body();
  }

  @Test
  void aSessionOfAnotherTenantAnswersOnEachRowAsOneThatDoesNotExist() {
    String stranger = token("other", "owner");
    List<ApiOperation<?, ?>> about =
        rows().stream().filter(ContractRequests::isAboutSessions).collect(Collectors.toList());
    for (ApiOperation<?, ?> row : about) {
      if (row.http().isPresent()) {
        assertThat(ContractRequests.anonymous(overHttp(row, session, stranger), session))
            .as(row.name() + " over HTTP")
            .isEqualTo(ContractRequests.anonymous(overHttp(row, MISSING, stranger), MISSING))
            .contains("SESSION_NOT_FOUND");
      }
      if (row.onSocket()) {
        try (TestClient client = TestClient.connectAs(gateway.port, stranger)) {
          Stream.of(session, MISSING)
              .forEach(
                  id ->
                      assertThat(overSocket(client, row, id))
                          .as(row.name() + " over WebSocket")
                          .isEqualTo("SESSION_NOT_FOUND"));
          assertThat(client.everything()).doesNotContain("acme");
        }
      }
    }
  }

  @Test
  void whatIsAboutNoSessionShowsNothingOfAnotherTenant() {
    String stranger = token("other", "owner");
    for (ApiOperation<?, ?> row : rows()) {
      if (!ContractRequests.isAboutSessions(row) && row.http().isPresent()) {
        assertThat(overHttp(row, MISSING, stranger))
            .as(row.name())
            .doesNotContain(session, "@acme", "\"acme\"");
      }
    }
  }
}
