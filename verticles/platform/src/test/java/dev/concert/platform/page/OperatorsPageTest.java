package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.BusCodecs;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page for operators of one Ensemble, as an operator uses it. */
@ExtendWith(PageExtension.class)
class OperatorsPageTest {
  private static final String ADMIN = "a-long-secret-of-the-operator";
  private static final String PROMPT = "a prompt that nobody else sees";

  @TempDir Path folder;
  private final Browser browser;
  private final HttpClient http = HttpClient.newHttpClient();
  private Vertx vertx;
  private String url;

  OperatorsPageTest(Browser browser) {
    this.browser = browser;
  }

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    BusCodecs.register(vertx);
    EnsembleVerticle ensemble =
        new EnsembleVerticle(
            EnsembleOptions.embedded(Map.of())
                .withControl(
                    AccessControlOptions.NONE
                        .withKeysFile(folder.resolve("keys.db"))
                        .withAdminKey(ADMIN))
                .withLedger(folder.resolve("ledger.db")));
    done(vertx.deployVerticle(ensemble));
    url = ensemble.baseUrl();
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  @Test
  void an_operator_signs_in_makes_keys_and_teams_and_sees_what_they_spend() throws Exception {
    browser.openSignedOut(url + "/admin");
    assertThat(browser.address()).isEqualTo(url + "/admin/");
    assertThat(Axe.faults(browser)).as("signed out").isEmpty();
    browser.write("#sign-in [name=key]", ADMIN, Keys.ENTER);
    browser.see("body[data-state=ready] #keys");

    browser.click("#teams summary");
    browser.write("#teams [name=name]", "research");
    browser.write("#teams [name=budget]", "10");
    browser.click("#teams form button");
    browser.see("#teams td", "research");
    browser.click("#keys summary");
    browser.write("#keys [name=name]", "ci");
    browser.run("document.querySelector('#keys [name=team_id]').selectedIndex = 1");
    browser.click("#keys form button");
    String first = secret();
    assertThat(call(first)).isEqualTo(200);

    browser.click("#refresh");
    browser.see("#budgets td", "team research");
    browser.see("#calls td", "only endpoint");
    browser.see("#providers td", "demo");
    browser.waitUntil("the chart of keys", page -> page.count("#by-key canvas") == 1);
    assertThat(browser.text("#by-key table")).contains("ci");
    assertThat(browser.text("body")).doesNotContain(first).doesNotContain(PROMPT);
    for (int width : new int[] {1440, 390}) {
      browser.screen(width, 844);
      browser.run("document.querySelectorAll('details').forEach((one) => (one.open = true))");
      Axe.verifyBothSchemes(browser, width + " wide");
      assertThat((Boolean) browser.run("return document.body.scrollWidth <= innerWidth"))
          .as("nothing is wider than %d", width)
          .isTrue();
    }

    browser.screen(1440, 900);
    browser.click("#keys button", "Rotate");
    String second = secret();
    assertThat(second).isNotEqualTo(first);
    assertThat(call(second)).isEqualTo(200);
    browser.run("window.confirm = () => true");
    browser.click("#keys button", "Revoke");
    browser.see("#keys td", "revoked");
    assertThat(call(second)).isEqualTo(401);
    browser.click("#teams button", "Delete");
    browser.waitUntil("the team is gone", page -> page.count("#teams tbody tr") == 0);

    browser.click("#sign-out");
    browser.see("#sign-in");
    browser.openSignedOut(url + "/admin/");
  }

  private String secret() {
    String made = browser.see("#secret code", "ens_").getText();
    browser.click("#secret button");
    browser.waitUntil("the dialog closes", page -> page.text("#secret code").isEmpty());
    return made;
  }

  private int call(String key) throws Exception {
    JsonObject message = new JsonObject().put("role", "user").put("content", PROMPT);
    return http.send(
            HttpRequest.newBuilder(URI.create(url + "/api/v1/generate"))
                .header("Authorization", "Bearer " + key)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        new JsonObject()
                            .put("model", "demo")
                            .put("messages", List.of(message))
                            .encode()))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void done(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}
