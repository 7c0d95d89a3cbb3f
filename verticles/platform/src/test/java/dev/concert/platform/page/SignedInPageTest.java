package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.TestSignIn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person signs in with the real page, uses it, and signs out. */
class SignedInPageTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private TestIssuer issuer;
  private TestSignIn provider;
  private Platform platform;
  private Browser browser;

  @BeforeEach
  void start() {
    issuer = TestIssuer.start(vertx);
    provider = new TestSignIn(issuer);
    Path data = folder.resolve("data");
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    get(new Tenants(registries).create("acme", "Acme", "ada@example.com"));
    get(registries.close());
    JsonObject auth =
        new JsonObject()
            .put("issuer", issuer.url())
            .put("audience", TestIssuer.AUDIENCE)
            .put("clientId", TestSignIn.CLIENT);
    platform =
        Platform.start(
            new PlatformOptions(
                "127.0.0.1",
                0,
                data,
                Path.of(System.getProperty("concert.home")),
                new JsonObject().put("gateway", new JsonObject().put("auth", auth))));
    browser = Browser.start(folder.resolve("profile"));
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (platform != null) {
      platform.close();
    }
    issuer.close();
    get(vertx.close());
  }

  @Test
  void aPersonSignsInRunsATurnMakesAKeyAndSignsOut() {
    browser.screen(1440, 900);
    browser.openSignedOut(platform.url() + "/");
    browser.click("#sign-in", "Sign in");
    browser.see("body[data-connection=online]");
    browser.see("#who", "ada@example.com");

    browser.begin("echo", "hello from a signed-in page");
    browser.see(".end");

    browser.click("#show-keys");
    browser.see("#key-name").sendKeys("ci");
    browser.click("#create-key");
    browser.waitUntil(
        "the key is shown",
        page ->
            ((String) page.run("return document.getElementById('key-secret').value"))
                .startsWith("ck_"));
    browser.see("#key-list .name", "ci");
    browser.picture("keys");
    browser.click("#close-keys");
    assertThat(browser.run("return document.getElementById('key-secret').value")).isEqualTo("");
    browser.click("#show-keys");
    browser.click("#key-list button", "Revoke");
    browser.see("#key-list .empty", "No keys yet.");
    browser.click("#close-keys");
    assertThat(browser.run("return document.cookie")).isEqualTo("");

    browser.reload();
    browser.see("#who", "ada@example.com");
    browser.see(".end");

    browser.click("#sign-out");
    browser.see("#out", "signed out");
    browser.openSignedOut(platform.url() + "/");
    assertThat(browser.text("#who")).isEmpty();
  }

  @Test
  void whoIsInvitedOpensTheLinkSignsInAndIsAMember() throws Exception {
    String link = invite("grace@example.com");
    provider.person("grace", "acme");
    browser.screen(1440, 900);
    browser.openSignedOut(link);
    browser.click("#sign-in", "Accept the invitation");
    browser.see("body[data-connection=online]");
    browser.see("#who", "grace@example.com");
    assertThat(browser.run("return location.hash")).isEqualTo("");
  }

  /** Ada makes a link. */
  private String invite(String email) throws Exception {
    HttpResponse<String> made =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(platform.url() + "/api/invitations"))
                    .header("Authorization", "Bearer " + issuer.token("ada", "acme"))
                    .POST(
                        BodyPublishers.ofString(
                            new JsonObject().put("email", email).put("role", "developer").encode()))
                    .build(),
                BodyHandlers.ofString());
    return new JsonObject(made.body()).getJsonObject("invitation").getString("link");
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
