package dev.concert.gateway;

import static dev.concert.gateway.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.testing.TestSignIn;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The page's sign-in, as a browser sees it, with an issuer of this machine. */
class PageSignInTest {
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
  void aPersonSignsInUsesTheApiAndSignsOut() {
    String cookie = browser.signIn();
    JsonNode session = browser.session(cookie);
    assertThat(session.path("identity").path("userId").asText()).isEqualTo("ada");
    assertThat(session.path("identity").path("tenantId").asText()).isEqualTo("acme");
    String csrf = session.path("csrfToken").asText();

    assertThat(browser.send("GET", "/api/sessions", "Cookie", cookie).statusCode()).isEqualTo(200);
    assertThat(browser.create(cookie, csrf).statusCode()).isEqualTo(201);

    HttpResponse<String> out =
        browser.send("POST", "/auth/logout", "Cookie", cookie, SignInBrowser.CSRF, csrf);
    assertThat(out.statusCode()).isEqualTo(200);
    assertThat(out.body()).contains(browser.issuer().url() + "/logout?id_token_hint=");
    assertThat(browser.setCookies(out)).anyMatch(one -> one.startsWith("concert-session=;"));
    assertThat(browser.send("GET", "/api/sessions", "Cookie", cookie).statusCode()).isEqualTo(401);
    assertThat(browser.session(cookie).has("identity")).isFalse();
  }

  @Test
  void theCookiesAreOutOfReachOfScriptsAndOfOtherSites() {
    HttpResponse<String> login = browser.send("GET", "/auth/login");
    assertThat(browser.setCookies(login))
        .singleElement()
        .asString()
        .contains("HTTPOnly", "SameSite=Lax", "Path=/", "Max-Age=600")
        .doesNotContain("Domain");
    HttpResponse<String> back = browser.callback(login);
    assertThat(browser.location(back)).isEqualTo("/");
    assertThat(browser.setCookies(back))
        .anySatisfy(
            one ->
                assertThat(one)
                    .startsWith("concert-session=")
                    .contains("HTTPOnly", "SameSite=Strict", "Path=/")
                    .doesNotContain("Domain")
                    .doesNotContain("Max-Age"));
    assertThat(browser.setCookies(back)).anyMatch(one -> one.startsWith("concert-signin=;"));
    assertThat(back.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void behindAProxyWithTlsTheCookieIsOfThisHostAlone() {
    HttpClientResponse login =
        await(
            browser
                .vertx()
                .createHttpClient()
                .request(
                    new RequestOptions()
                        .setServer(SocketAddress.inetSocketAddress(browser.port(), "127.0.0.1"))
                        .setHost("concert.example")
                        .setPort(80)
                        .setURI("/auth/login"))
                .compose(HttpClientRequest::send));
    assertThat(login.getHeader("Location"))
        .contains("redirect_uri=https%3A%2F%2Fconcert.example%2Fauth%2Fcallback");
    assertThat(login.cookies())
        .singleElement()
        .asString()
        .startsWith("__Host-concert-signin=")
        .contains("Secure", "HTTPOnly", "Path=/")
        .doesNotContain("Domain");
  }

  @Test
  void theProviderIsAskedForACodeWithPkceStateAndNonce() {
    String url = browser.location(browser.send("GET", "/auth/login"));
    assertThat(url)
        .startsWith(browser.issuer().url() + "/authorize?")
        .contains(
            "response_type=code",
            "client_id=" + TestSignIn.CLIENT,
            "code_challenge_method=S256",
            "redirect_uri=http%3A%2F%2F127.0.0.1%3A" + browser.port() + "%2Fauth%2Fcallback");
    assertThat(browser.parameter(url, "code_challenge")).hasSize(43);
    assertThat(browser.parameter(url, "state"))
        .hasSize(43)
        .isNotEqualTo(browser.parameter(url, "nonce"));
    assertThat(browser.location(browser.send("GET", "/auth/login"))).isNotEqualTo(url);
  }

  /** What an attacker, or a mistake, can do to the answer of the provider. */
  enum Attack {
    WRONG_STATE,
    NO_STATE,
    NO_COOKIE,
    COOKIE_OF_ANOTHER_BROWSER,
    ANOTHER_ISSUER,
    NO_CODE,
    ERROR,
    FOREIGN_CODE,
    REPLAYED,
    ID_TOKEN_FOR_ANOTHER_CLIENT,
    ID_TOKEN_WITH_ANOTHER_NONCE
  }

  @ParameterizedTest
  @EnumSource
  void noAttackOnTheCallbackSignsAnybodyIn(Attack attack) {
    HttpResponse<String> login = browser.send("GET", "/auth/login");
    String cookie = browser.cookie(login, "concert-signin");
    if (attack == Attack.ID_TOKEN_FOR_ANOTHER_CLIENT) {
      provider.mixUp("another-client", Optional.empty());
    } else if (attack == Attack.ID_TOKEN_WITH_ANOTHER_NONCE) {
      provider.mixUp(TestSignIn.CLIENT, Optional.of("another"));
    }
    String back = browser.path(browser.authorized(login));
    String code = browser.parameter(back, "code");
    if (attack == Attack.REPLAYED) {
      assertThat(browser.location(browser.send("GET", back, "Cookie", cookie))).isEqualTo("/");
    }
    HttpResponse<String> answer =
        switch (attack) {
          case WRONG_STATE ->
              browser.send(
                  "GET",
                  "/auth/callback?state=" + "x".repeat(43) + "&code=" + code,
                  "Cookie",
                  cookie);
          case NO_STATE -> browser.send("GET", "/auth/callback?code=" + code, "Cookie", cookie);
          case NO_COOKIE -> browser.send("GET", back);
          case COOKIE_OF_ANOTHER_BROWSER ->
              browser.send(
                  "GET",
                  back,
                  "Cookie",
                  browser.cookie(browser.send("GET", "/auth/login"), "concert-signin"));
          case ANOTHER_ISSUER ->
              browser.send(
                  "GET",
                  back.replaceAll("iss=[^&]*", "iss=https%3A%2F%2Fevil.example"),
                  "Cookie",
                  cookie);
          case NO_CODE -> browser.send("GET", back.replaceAll("code=[^&]*&", ""), "Cookie", cookie);
          case ERROR -> browser.send("GET", back + "&error=access_denied", "Cookie", cookie);
          case FOREIGN_CODE ->
              browser.send(
                  "GET",
                  back.replace(
                      code,
                      browser.parameter(
                          browser.path(browser.authorized(browser.send("GET", "/auth/login"))),
                          "code")),
                  "Cookie",
                  cookie);
          case REPLAYED, ID_TOKEN_FOR_ANOTHER_CLIENT, ID_TOKEN_WITH_ANOTHER_NONCE ->
              browser.send("GET", back, "Cookie", cookie);
        };
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(browser.setCookies(answer)).noneMatch(one -> one.startsWith("concert-session="));
    assertThat(browser.setCookies(answer)).anyMatch(one -> one.startsWith("concert-signin=;"));
    assertThat(answer.body()).contains("You are not signed in").doesNotContain("access_denied");
  }

  @ParameterizedTest
  @CsvSource({
    "/auth/login?returnTo=https://evil.example",
    "/auth/login?redirect_uri=https://evil.example",
    "/auth/login?next=//evil.example"
  })
  void nobodyCanUseTheSignInToSendABrowserElsewhere(String path) {
    HttpResponse<String> login = browser.send("GET", path);
    assertThat(browser.location(login)).doesNotContain("evil.example");
    assertThat(browser.location(browser.callback(login))).isEqualTo("/");
  }

  @Test
  void whoIsNoMemberIsNotSignedIn() {
    provider.person("eve", "acme");
    HttpResponse<String> answer = browser.callback(browser.send("GET", "/auth/login"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(browser.setCookies(answer)).noneMatch(one -> one.startsWith("concert-session="));
  }

  @ParameterizedTest
  @CsvSource({"POST,/api/sessions", "POST,/api/keys", "DELETE,/api/keys/x", "POST,/auth/logout"})
  void whatChangesSomethingNeedsTheCsrfTokenOfThisSession(String method, String path) {
    String cookie = browser.signIn();
    String foreign = browser.session(browser.signIn()).path("csrfToken").asText();
    for (String[] headers :
        List.of(
            new String[] {"Cookie", cookie},
            new String[] {"Cookie", cookie, SignInBrowser.CSRF, ""},
            new String[] {"Cookie", cookie, SignInBrowser.CSRF, foreign})) {
      HttpResponse<String> refused = browser.send(method, path, headers);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
      assertThat(refused.body()).contains("CSRF_REFUSED");
    }
    String own = browser.session(cookie).path("csrfToken").asText();
    assertThat(browser.send(method, path, "Cookie", cookie, SignInBrowser.CSRF, own).statusCode())
        .isNotEqualTo(403);
  }

  @Test
  void aBearerTokenNeedsNoCsrfToken() {
    browser.signIn();
    String token = "Bearer " + browser.issuer().token("ada", "acme");
    assertThat(browser.send("POST", "/api/keys", "Authorization", token).statusCode())
        .isEqualTo(400);
  }

  @Test
  void theCookieOpensItsTenantAndNoOther() {
    String ada = browser.signIn();
    String id =
        browser
            .json(browser.create(ada, browser.session(ada).path("csrfToken").asText()))
            .path("session")
            .path("id")
            .asText();
    provider.person("bob", "beta");
    String bob = browser.signIn();
    assertThat(browser.send("GET", "/api/sessions/" + id, "Cookie", ada).statusCode())
        .isEqualTo(200);
    assertThat(browser.send("GET", "/api/sessions/" + id, "Cookie", bob).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aDeadProviderIsSaidToBeOne() {
    browser.issuer().stop();
    try {
      HttpResponse<String> login = browser.send("GET", "/auth/login");
      assertThat(login.statusCode()).isEqualTo(503);
      assertThat(login.body()).contains("does not answer as it should").doesNotContain("127.0.0.1");
    } finally {
      browser.issuer().restart();
    }
  }

  private HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(browser.url(path))).POST(BodyPublishers.ofString(body));
    return browser.exchange((headers.length > 0 ? request.headers(headers) : request).build());
  }

  /** The secret of a link that Ada has made. */
  private String invite(String email) {
    HttpResponse<String> made =
        post(
            "/api/invitations",
            "{\"email\":\"%s\",\"role\":\"developer\"}".formatted(email),
            "Authorization",
            "Bearer " + browser.issuer().token("ada", "acme"));
    String link = browser.json(made).path("invitation").path("link").asText();
    return link.substring(link.indexOf('=') + 1);
  }

  /** The provider's answer to a sign-in that was begun with an invitation. */
  private HttpResponse<String> signInWith(String invitation) {
    HttpResponse<String> login = post("/auth/login", "{\"invitation\":\"" + invitation + "\"}");
    assertThat(login.statusCode()).as(login.body()).isEqualTo(200);
    String url = browser.json(login).path("signInUrl").asText();
    assertThat(url).startsWith(browser.issuer().url() + "/authorize?").doesNotContain(invitation);
    String back =
        browser.location(browser.exchange(HttpRequest.newBuilder(URI.create(url)).build()));
    return browser.send(
        "GET", browser.path(back), "Cookie", browser.cookie(login, "concert-signin"));
  }

  @Test
  void whoIsInvitedAcceptsWithTheSignIn() {
    String invitation = invite("grace@example.com");
    provider.person("grace", "acme");
    HttpResponse<String> back = signInWith(invitation);
    assertThat(browser.location(back)).isEqualTo("/");
    assertThat(browser.setCookies(back)).noneMatch(one -> one.contains(invitation));
    JsonNode session = browser.session(browser.cookie(back, "concert-session"));
    assertThat(session.path("identity").path("userId").asText()).isEqualTo("grace");
    assertThat(session.path("identity").path("role").asText()).isEqualTo("developer");
    assertThat(browser.signIn()).as("signs in without it from now on").isNotEmpty();
  }

  @Test
  void anInvitationOfAnotherPersonSignsNobodyIn() {
    String invitation = invite("heidi@example.com");
    provider.person("mallory", "acme");
    HttpResponse<String> stolen = signInWith(invitation);
    assertThat(stolen.statusCode()).isEqualTo(404);
    assertThat(stolen.body()).contains("no such invitation for you").doesNotContain(invitation);
    assertThat(browser.setCookies(stolen)).noneMatch(one -> one.startsWith("concert-session="));

    provider.person("heidi", "acme");
    assertThat(browser.location(signInWith(invitation))).as("it is still hers").isEqualTo("/");
    assertThat(signInWith(invitation).statusCode()).as("it is accepted once").isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "[]",
        "no json",
        "''",
        "{\"invitation\":1}",
        "{\"invitation\":\"00\"}",
        "{\"invitation\":\"; Domain=evil.example\"}"
      })
  void aSignInIsNotBegunWithWhatIsNoInvitation(String body) {
    HttpResponse<String> refused = post("/auth/login", body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).contains("INVALID_MESSAGE", "'invitation'");
    assertThat(browser.setCookies(refused)).isEmpty();
  }

  @Test
  void anotherSiteCannotBeginASignInWithAnInvitation() {
    HttpResponse<String> refused =
        post(
            "/auth/login",
            "{\"invitation\":\"" + "0".repeat(64) + "\"}",
            "Origin",
            "https://evil.example");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(browser.setCookies(refused)).isEmpty();
    assertThat(post("/auth/login", " ".repeat(2000)).statusCode()).isEqualTo(413);
  }
}
