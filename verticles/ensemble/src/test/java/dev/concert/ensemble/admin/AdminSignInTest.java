package dev.concert.ensemble.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.admin.session.AdminSessions;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sign-in of an operator's browser. */
class AdminSignInTest {
  private static final String ADMIN = "an-admin-key-for-these-tests-only";
  private static final String CUSTOMER = "{\"name\":\"Acme\",\"email\":\"ops@acme.example\"}";

  @TempDir Path folder;

  private final HttpClient browser = HttpClient.newHttpClient();
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.embedded(Map.of())
                .withControl(
                    AccessControlOptions.NONE
                        .withKeysFile(folder.resolve("keys.db"))
                        .withAdminKey(ADMIN)));
  }

  @AfterEach
  void stop() {
    ensemble.close();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ensemble.port() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> signIn(String key) throws IOException, InterruptedException {
    return send("POST", "/admin/session", "{\"key\":\"" + key + "\"}");
  }

  private static String cookie(HttpResponse<String> signedIn) {
    return signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
  }

  private static String token(HttpResponse<String> signedIn) {
    return EnsembleClient.json(signedIn.body()).path("csrf_token").asText();
  }

  @Test
  void aBrowserThatShowedTheKeyReadsAndChangesUntilItSignsOut() throws Exception {
    HttpResponse<String> signedIn = signIn(ADMIN);
    String cookie = cookie(signedIn);
    String token = token(signedIn);
    assertThat(signedIn.headers().firstValue("Set-Cookie").orElseThrow())
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict", "Path=/admin")
        .doesNotContain(ADMIN);

    assertThat(send("GET", "/admin/keys", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(
            send("POST", "/admin/customers", CUSTOMER, "Cookie", cookie, "X-CSRF-Token", token)
                .statusCode())
        .isEqualTo(201);
    assertThat(
            send("DELETE", "/admin/session", "", "Cookie", cookie, "X-CSRF-Token", token)
                .statusCode())
        .isEqualTo(200);
    assertThat(send("GET", "/admin/keys", "", "Cookie", cookie).statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "of another sign-in"})
  void aChangeWithoutTheTokenOfTheSignInIsRefused(String wrong) throws Exception {
    String cookie = cookie(signIn(ADMIN));
    String token = wrong.startsWith("of") ? token(signIn(ADMIN)) : wrong;

    HttpResponse<String> refused =
        token.isEmpty()
            ? send("POST", "/admin/customers", CUSTOMER, "Cookie", cookie)
            : send("POST", "/admin/customers", CUSTOMER, "Cookie", cookie, "X-CSRF-Token", token);

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("X-CSRF-Token");
    assertThat(send("GET", "/admin/customers", "", "Cookie", cookie).body()).doesNotContain("Acme");
  }

  @Test
  void aCookieThatIsForgedOrTooOldIsNone() throws Exception {
    String cookie = cookie(signIn(ADMIN));
    Clock yesterday = Clock.fixed(Instant.now().minusSeconds(86_400), ZoneOffset.UTC);
    String old = "ensemble-admin=" + new AdminSessions(ADMIN, yesterday).begin();
    String other = "ensemble-admin=" + new AdminSessions("another key", Clock.systemUTC()).begin();

    for (String forged : new String[] {cookie + "0", cookie.replace("=", "=9"), old, other}) {
      assertThat(send("GET", "/admin/keys", "", "Cookie", forged).statusCode())
          .as(forged)
          .isEqualTo(401);
    }
  }

  @Test
  void wrongKeysAreCountedAlsoAtTheSignIn() throws Exception {
    int status = 403;
    int tries = 0;
    while (status == 403 && tries < 100) {
      HttpResponse<String> refused = signIn("wrong " + tries);
      assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
      status = refused.statusCode();
      tries++;
    }
    assertThat(status).isEqualTo(429);
    assertThat(signIn(ADMIN).statusCode()).isEqualTo(429);
  }
}
