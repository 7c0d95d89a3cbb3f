package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.testing.forge.FakeGitLab;
import dev.concert.testing.forge.FakeGitea;
import dev.concert.testing.forge.PlayedForge;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code concert forge} at a server beside a played forge, and what it says of each mistake. */
class ForgeCommandTest {
  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Platform platform;
  private PlayedForge forge;

  private void start(String title) throws IOException {
    Path git = Files.createDirectories(folder.resolve("git"));
    forge = title.equals("GitLab") ? new FakeGitLab(git) : new FakeGitea(git);
    platform = start(new JsonObject().put(forge.platform() + "Url", forge.web().toString() + "/"));
  }

  private Platform start(JsonObject forges) {
    return Platform.start(
        new PlatformOptions(
            "127.0.0.1",
            0,
            folder.resolve("data"),
            Program.home(),
            new JsonObject().put("forges", forges)));
  }

  @AfterEach
  void stop() {
    platform.close();
    forge.close();
    client.close();
  }

  private ProgramRun concert(Map<String, String> environment, String... arguments) {
    return new ProgramRun.Setting(Program.home(), environment)
        .with("CONCERT_URL", platform.url())
        .run(arguments);
  }

  private ProgramRun concert(String... arguments) {
    return concert(Map.of(), arguments);
  }

  private ProgramRun add(String token, String secret) {
    String prefix = forge.platform().toUpperCase(Locale.ROOT);
    return concert(
        Map.of(prefix + "_TOKEN", token, prefix + "_WEBHOOK_SECRET", secret),
        "forge",
        "add",
        forge.platform());
  }

  private HttpResponse<String> deliver(String address, Map<String, String> otherHeaders)
      throws Exception {
    int issue = forge.openIssue("ada", "It is slow", "");
    PlayedForge.Delivery delivery = forge.comment(issue, false, "ada", "It is slow, indeed");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()));
    delivery.headers().forEach(request::setHeader);
    otherHeaders.forEach(request::setHeader);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GitLab", "Gitea"})
  void aForgeIsAddedTestedListedAndRemovedAndEachMistakeIsNamed(String title) throws Exception {
    start(title);
    String platformName = forge.platform();
    add("another", PlayedForge.WEBHOOK_SECRET)
        .expectOneSentence(title + " does not take this token.", "Make ", "scope");

    ProgramRun added = add(forge.token(), PlayedForge.WEBHOOK_SECRET).expect(0);
    String id = added.outLines().getFirst().split(" ")[1];
    String webhook = added.outLines().get(2).strip();
    assertThat(webhook).isEqualTo("%s/webhooks/%s/%s".formatted(platform.url(), platformName, id));
    assertThat(concert("forge", "list").expect(0).out())
        .isEqualTo(
            "%s  %s  %s  %s  %s%n"
                .formatted(
                    id, platformName, forge.web().getAuthority(), forge.bot(), platformName));
    aWebhookWithAWrongSecretIsRefused(title, webhook);

    assertThat(concert("forge", "test").expect(0).out())
        .isEqualTo("%s  %s knows the user %s.%n".formatted(id, title, forge.bot()));
    forge.replaceToken("revoked");
    assertThat(concert("forge", "test").expect(1).out())
        .startsWith("%s  %s does not take this token.".formatted(id, title))
        .contains("Make ");
    forge.close();
    String key = "forges.%sUrl".formatted(platformName);
    String dead = title + " cannot be reached. Look at the key " + key;
    assertThat(concert("forge", "test").expect(1).out()).contains(dead);
    concert("forge", "remove", id).expect(0);
  }

  private void aWebhookWithAWrongSecretIsRefused(String title, String webhook) throws Exception {
    Map<String, String> wrong =
        Map.of("X-Gitlab-Token", "wrong", "X-Gitea-Signature", "0".repeat(64));
    assertThat(deliver(webhook, Map.of()).statusCode()).isEqualTo(202);
    HttpResponse<String> refused = deliver(webhook, wrong);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body())
        .contains(" is wrong. Give %s the webhook secret of this bridge.".formatted(title));
  }

  @Test
  void whatIsMissingOrTooShortOrThereAlreadyIsNamed() throws Exception {
    start("GitLab");
    concert("forge", "add", "sourcehut").expectOneSentence("sourcehut", "gitlab, gitea");
    concert("forge", "add", "gitlab").expectOneSentence("Set GITLAB_TOKEN");
    concert("forge", "test").expectOneSentence("concert forge add");
    concert("forge", "remove", "none").expectOneSentence("concert forge list");
    assertThat(concert("forge", "list").expect(0).out()).contains("concert forge add");
    add(forge.token(), "too short").expectOneSentence("webhook secret has at least 16 characters");
    add(forge.token(), PlayedForge.WEBHOOK_SECRET).expect(0);
    add(forge.token(), PlayedForge.WEBHOOK_SECRET).expectOneSentence("connected already");
    String token = forge.token();
    forge.close();
    add(token, PlayedForge.WEBHOOK_SECRET)
        .expectOneSentence("GitLab cannot be reached.", "forges.gitlabUrl");
  }

  @Test
  void aForgeThatLeftTheConfigurationIsNamedAndItsConnectionCanBeRemoved() throws Exception {
    start("Gitea");
    String id =
        add(forge.token(), PlayedForge.WEBHOOK_SECRET)
            .expect(0)
            .outLines()
            .getFirst()
            .split(" ")[1];
    platform.close();
    platform = start(new JsonObject());

    add(forge.token(), PlayedForge.WEBHOOK_SECRET)
        .expectOneSentence("This server knows no gitea.", "forges.giteaUrl");
    assertThat(concert("forge", "test").expect(1).out())
        .contains("This server knows no gitea any more.", "forges.giteaUrl");
    concert("forge", "remove", id).expect(0);
  }
}
