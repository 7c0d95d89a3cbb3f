package dev.concert.ensemble.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.foundation.config.ConfigException;
import dev.concert.testing.OidcProvider;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators sign in at {@code oidc-provider} from npm, an OpenID provider that others wrote. */
class OperatorSignInTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "ENSEMBLE_ADMIN_KEY", "an-admin-key-for-these-tests-only",
          "ENSEMBLE_SIGN_IN_SECRET", "s3cret of the page");
  private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");

  @TempDir Path folder;
  private OidcProvider provider;
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() throws Exception {
    provider = OidcProvider.start(Path.of("..", "gateway", "src", "test", "oidc"), "signin.mjs");
    ensemble = new RunningEnsemble(options(ENVIRONMENT, "operators"));
    get(
        browser(),
        provider.issuer()
            + "/page?redirect_uri="
            + url("/admin/sign-in/callback")
            + "&after="
            + url("/admin/"));
  }

  @AfterEach
  void stop() {
    if (ensemble != null) {
      ensemble.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  private EnsembleOptions options(Map<String, String> environment, String... values) {
    return EnsembleOptions.from(
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("keysFile", folder.resolve("keys.db").toString())
                    .put(
                        "signIn",
                        new JsonObject()
                            .put("issuer", provider.issuer())
                            .put("clientId", "the-page")
                            .put("values", new JsonArray(List.of(values))))),
        environment);
  }

  /** It follows redirects and keeps cookies. */
  private static HttpClient browser() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .cookieHandler(new CookieManager())
        .build();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + ensemble.port() + path;
  }

  private static HttpResponse<String> get(HttpClient browser, String address) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(HttpClient browser, String address, String body)
      throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static String form(HttpResponse<String> page) {
    Matcher form = FORM.matcher(page.body());
    assertThat(form.find()).as("%s %s", page.uri(), page.body()).isTrue();
    return form.group(1);
  }

  private HttpResponse<String> signIn(HttpClient browser, String person) throws Exception {
    HttpResponse<String> page = get(browser, url("/admin/sign-in"));
    page = post(browser, form(page), "prompt=login&login=" + person + "&password=x");
    return post(browser, form(page), "prompt=consent");
  }

  private JsonObject session(HttpClient browser) throws Exception {
    return new JsonObject(get(browser, url("/admin/session")).body());
  }

  /** The files of the page are in another module. */
  @Test
  @ExpectedLog(
      logger = "dev.concert.ensemble.http.ErrorHandler",
      message = "FileNotFoundException",
      required = false)
  void whoHasTheClaimIsAnOperatorAndMayReadAndChange() throws Exception {
    HttpClient browser = browser();
    assertThat(session(browser).getBoolean("single_sign_on")).isTrue();

    assertThat(signIn(browser, "ada").uri()).hasToString(url("/admin/"));

    JsonObject session = session(browser);
    assertThat(session.getBoolean("signed_in")).isTrue();
    assertThat(get(browser, url("/admin/keys")).statusCode()).isEqualTo(200);
    HttpRequest.Builder change =
        HttpRequest.newBuilder(URI.create(url("/admin/customers")))
            .POST(BodyPublishers.ofString("{\"name\":\"Acme\",\"email\":\"a@acme.example\"}"));
    assertThat(browser.send(change.build(), BodyHandlers.discarding()).statusCode()).isEqualTo(403);
    change.header("X-CSRF-Token", session.getString("csrf_token"));
    assertThat(browser.send(change.build(), BodyHandlers.discarding()).statusCode()).isEqualTo(201);
  }

  @Test
  void whoDoesNotHaveItIsRefused() throws Exception {
    HttpClient browser = browser();

    HttpResponse<String> refused = signIn(browser, "bob");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("You are no operator", "'groups'");
    assertThat(session(browser).getBoolean("signed_in")).isFalse();
    assertThat(get(browser, url("/admin/keys")).statusCode()).isEqualTo(401);
  }

  @Test
  void anAnswerOfAnotherSignInIsRefused() throws Exception {
    HttpClient browser = browser();
    assertThat(get(browser, url("/admin/sign-in/callback?code=c&state=s")).statusCode())
        .as("begun nowhere")
        .isEqualTo(401);
    get(browser, url("/admin/sign-in"));

    HttpResponse<String> refused =
        get(browser, url("/admin/sign-in/callback?code=c&state=of-another"));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("another sign-in");
    assertThat(session(browser).getBoolean("signed_in")).isFalse();
  }

  @Test
  void withoutTheProviderTheAdminKeyStillOpens() throws Exception {
    provider.close();

    assertThat(get(browser(), url("/admin/sign-in")).statusCode()).isEqualTo(503);
    EnsembleClient operator = ensemble.client(ENVIRONMENT.get("ENSEMBLE_ADMIN_KEY"));
    assertThat(operator.get("/admin/keys").statusCode()).isEqualTo(200);
  }

  @Test
  void aSignInThatWouldLetNobodyOrEverybodyInIsRefusedAtTheStart() {
    assertThatThrownBy(() -> options(ENVIRONMENT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ensemble.signIn.values");
    assertThatThrownBy(() -> options(Map.of(), "operators"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ENSEMBLE_ADMIN_KEY");
  }
}
