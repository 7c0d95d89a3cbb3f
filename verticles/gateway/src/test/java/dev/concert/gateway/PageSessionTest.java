package dev.concert.gateway;

import static dev.concert.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.gateway.audit.AuditEntry;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.tenant.DeletionOrders;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.Await;
import dev.concert.testing.TestSignIn;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a page session is used, renewed, kept and ended. */
class PageSessionTest {
  private static @TempDir Path data;
  private static SignInBrowser browser;
  private static TestSignIn provider;

  @BeforeAll
  static void start() {
    browser = SignInBrowser.start(data);
    provider = browser.provider();
  }

  @AfterAll
  static void stop() {
    browser.close();
  }

  @BeforeEach
  void theProviderBehaves() {
    provider.behave();
  }

  @Test
  void theWebSocketOfThePageIsOpenedByTheCookieAndEndsWithTheSession() {
    String cookie = browser.signIn();
    SocketFrames frames = new SocketFrames();
    WebSocket socket = connect(cookie, browser.url(""), frames).join();
    Await.until("the page is online", () -> frames.text.contains("\"userId\":\"ada\""));

    String csrf = browser.session(cookie).path("csrfToken").asText();
    browser.send("POST", "/auth/logout", "Cookie", cookie, SignInBrowser.CSRF, csrf);
    Await.until("the socket is closed", () -> frames.closeCode == 4401);
    socket.abort();
  }

  @Test
  void signInAndSignOutAreInTheAuditLogWhateverIsDoneBetween() {
    provider.person("bob", "beta");
    String cookie = browser.signIn();
    browser.send("GET", "/api/sessions", "Cookie", cookie);
    String csrf = browser.session(cookie).path("csrfToken").asText();
    browser.send("POST", "/auth/logout", "Cookie", cookie, SignInBrowser.CSRF, csrf);

    List<AuditEntry> entries =
        await(new AuditLog(browser.registries()).read("beta", OptionalLong.empty(), 2));
    assertThat(entries).extracting(AuditEntry::action).containsExactly("sign_out", "sign_in");
    assertThat(entries).extracting(AuditEntry::actor).containsOnly("bob");
  }

  @Test
  void aPageOfAnotherOriginOpensNoWebSocketByTheCookie() {
    assertThat(connect(browser.signIn(), "http://evil.example", new SocketFrames()))
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableThat()
        .havingRootCause()
        .withMessageContaining("403");
  }

  @Test
  void theSessionEndsWhenThePersonIsNoMemberAnyMore() {
    String cookie = browser.signIn();
    await(
        browser
            .registries()
            .in(
                "acme",
                database ->
                    database.update(
                        "UPDATE members SET user_id = 'gone' WHERE user_id = ?", Tuple.of("ada"))));
    try {
      Await.until(
          "the session is over",
          () -> browser.send("GET", "/api/sessions", "Cookie", cookie).statusCode() == 401);
    } finally {
      await(
          browser
              .registries()
              .in(
                  "acme",
                  database ->
                      database.update(
                          "UPDATE members SET user_id = 'ada' WHERE user_id = ?",
                          Tuple.of("gone"))));
    }
    assertThat(browser.session(cookie).has("identity")).isFalse();
  }

  @Test
  void anExpiredTokenIsRenewedOnceHoweverManyRequestsCome() {
    // Renewed half a minute early: it is over at once.
    provider.gives(-40, true);
    int before = provider.refreshes();
    HttpResponse<String> refused = browser.callback(browser.send("GET", "/auth/login"));
    assertThat(refused.statusCode()).isEqualTo(401);
    provider.gives(-25, true);
    String cookie = browser.signIn();
    provider.gives(3600, true);

    List<Integer> statuses =
        Stream.generate(() -> cookie)
            .limit(20)
            .parallel()
            .map(one -> browser.send("GET", "/api/sessions", "Cookie", one).statusCode())
            .toList();
    assertThat(statuses).containsOnly(200);
    assertThat(provider.refreshes() - before).isEqualTo(1);
  }

  @Test
  void aTokenThatStillHoldsHoldsOnWhileTheProviderIsAway() {
    // Over in so long, with the clock skew, and to be renewed at once.
    provider.gives(-5, true);
    String cookie = browser.signIn();
    browser.issuer().stop();
    try {
      assertThat(browser.send("GET", "/api/sessions", "Cookie", cookie).statusCode())
          .isEqualTo(200);
    } finally {
      browser.issuer().restart();
    }
    provider.gives(3600, true);
    assertThat(browser.send("GET", "/api/sessions", "Cookie", cookie).statusCode()).isEqualTo(200);
  }

  @Test
  void theSessionsOfADeletedTenantAreDeletedToo() throws IOException {
    await(new Tenants(browser.registries()).create("gone", "Gone", "cleo@example.com"));
    provider.person("cleo", "gone");
    String cookie = browser.signIn();
    assertThat(sessionsOf("gone")).isEqualTo(1);

    new DeletionOrders(data.resolve("tenants")).add("gone");

    Await.until("its sessions are deleted", () -> sessionsOf("gone") == 0);
    assertThat(browser.session(cookie).has("identity")).isFalse();
  }

  private static int sessionsOf(String tenant) {
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("page-sessions.db"));
        PreparedStatement count =
            database.prepareStatement("SELECT COUNT(*) FROM page_sessions WHERE tenant_id = ?")) {
      count.setString(1, tenant);
      return count.executeQuery().getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutARefreshTokenTheSessionEndsWithItsToken() {
    provider.gives(-28, false);
    String cookie = browser.signIn();
    Await.until(
        "the session is over",
        () -> browser.send("GET", "/api/sessions", "Cookie", cookie).statusCode() == 401);
  }

  @Test
  void aSessionSurvivesARestartAndItsFileHoldsNoTokenInClear() {
    String cookie = browser.signIn();
    List<String> stored = new ArrayList<>();
    browser.restart(() -> stored.addAll(filesOfSessions()));
    String secret = cookie.substring(cookie.indexOf('=') + 1);
    assertThat(stored)
        .isNotEmpty()
        .noneMatch(text -> text.contains("eyJhbGciOiJSUzI1") || text.contains(secret));
    assertThat(browser.send("GET", "/api/sessions", "Cookie", cookie).statusCode()).isEqualTo(200);
  }

  private static List<String> filesOfSessions() {
    try (Stream<Path> files = Files.list(data)) {
      List<String> contents = new ArrayList<>();
      for (Path file :
          files.filter(one -> one.getFileName().toString().startsWith("page-sessions")).toList()) {
        contents.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CompletableFuture<WebSocket> connect(
      String cookie, String origin, SocketFrames frames) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .header("Cookie", cookie)
        .header("Origin", origin)
        .buildAsync(URI.create(browser.url("/ws").replaceFirst("http", "ws")), frames);
  }

  private static final class SocketFrames implements WebSocket.Listener {
    private volatile String text = "";
    private volatile int closeCode;

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text += data;
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closeCode = code;
      return null;
    }
  }
}
