package dev.concert.platform.automation;

import static dev.concert.platform.automation.AutomationCalls.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.RunningPlatform;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events of the world outside begin runs of a real server. */
class AutomationEventTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private static HttpResponse<String> post(String path, String secret, String id, String body) {
    String now = Long.toString(Instant.now().getEpochSecond());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] signature =
          mac.doFinal((id + "." + now + "." + body).getBytes(StandardCharsets.UTF_8));
      try (HttpClient client = HttpClient.newHttpClient()) {
        return client.send(
            HttpRequest.newBuilder(URI.create(PLATFORM.url() + path))
                .header("Content-Type", "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", now)
                .header("webhook-signature", "v1," + Base64.getEncoder().encodeToString(signature))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String bodyOfRun(AutomationCalls calls, String automation) {
    Await.until("a run that ended", () -> ended(calls, automation).findFirst().isPresent());
    JsonObject run = ended(calls, automation).findFirst().orElseThrow();
    assertThat(run.getString("state")).as(run.encode()).isEqualTo("succeeded");
    return calls.item(run.getString("runId")).getString("body");
  }

  /** Runs that ended; a later event may have begun another one, which still goes on. */
  private static Stream<JsonObject> ended(AutomationCalls calls, String automation) {
    return calls.slots(automation).stream()
        .map(JsonObject.class::cast)
        .filter(slot -> slot.getString("state").equals("done"))
        .map(slot -> slot.getJsonObject("run"));
  }

  @Test
  void aSignedWebhookIsOneRunAndAnyOtherIsRefused() {
    AutomationCalls calls = new AutomationCalls(PLATFORM.url());
    String id =
        calls.create("On build", new JsonObject().put("kind", "webhook"), task("look"), null);
    JsonObject webhook = calls.ok("POST", "/api/automations/" + id + "/webhook", new JsonObject());
    String path = webhook.getString("path");
    String secret = webhook.getString("secret");

    assertThat(post(path, secret, "m1", "{\"build\":7}").statusCode()).isEqualTo(202);
    assertThat(post(path, secret, "m1", "{\"build\":7}").body()).contains("duplicate");
    String other = secret.replace("whsec_", "whsec_AAAA");
    assertThat(post(path, other, "m2", "{}").statusCode()).isEqualTo(401);

    assertThat(bodyOfRun(calls, id)).contains("look", "\"build\":7");
    assertThat(calls.slots(id)).hasSize(1);
    assertThat(calls.get("/api/automations/" + id).encode()).doesNotContain(secret);
  }

  @Test
  void filesThatAnAgentChangesBeginARun() {
    AutomationCalls calls = new AutomationCalls(PLATFORM.url());
    String session =
        calls
            .ok("POST", "/api/sessions", new JsonObject().put("agentType", "echo"))
            .getJsonObject("session")
            .getString("id");
    String id =
        calls.create(
            "On files",
            new JsonObject().put("kind", "file").put("expression", "*.md").put("source", session),
            task("look"),
            null);

    // It waits for what changes from its first look on.
    int[] count = new int[1];
    Await.until(
        "a run",
        () -> {
          calls.call(
              "POST",
              "/api/sessions/" + session + "/turns",
              new JsonObject().put("text", "!write news.md " + count[0]++));
          return !calls.slots(id).isEmpty();
        });
    assertThat(bodyOfRun(calls, id)).contains("news.md");
  }
}
