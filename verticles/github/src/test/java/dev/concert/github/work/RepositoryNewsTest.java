package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.EventMessages.AskWriteAccess;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bus.GitHubAddresses;
import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Automations hear what happens in the repositories that an App serves. */
class RepositoryNewsTest {
  @TempDir private Path folder;

  private static JsonObject payload(String owner, String sender) {
    return new JsonObject()
        .put(
            "repository",
            new JsonObject()
                .put("name", "engine")
                .put("owner", new JsonObject().put("login", owner)))
        .put("installation", new JsonObject().put("id", FakeGitHub.INSTALLATION))
        .put("sender", new JsonObject().put("login", sender));
  }

  private static Delivery push(String owner, String sender) {
    return FakeGitHub.delivery(
        "push",
        payload(owner, sender)
            .put("ref", "refs/heads/release/1")
            .put(
                "commits",
                new JsonArray().add(new JsonObject().put("id", "c1").put("message", "Faster"))));
  }

  private static boolean mayWrite(GitHubUnderTest world, String tenant, String login) {
    return world
        .ask(
            GitHubAddresses.ASK_WRITE_ACCESS,
            new AskWriteAccess(
                tenant,
                world.connection(),
                FakeGitHub.INSTALLATION,
                FakeGitHub.OWNER,
                "engine",
                login))
        .isGranted();
  }

  @Test
  void whatIsSignedAndServedAndNotOurOwnIsHeard() {
    try (GitHubUnderTest world = new GitHubUnderTest(folder)) {
      world.connect();
      Delivery push = push(FakeGitHub.OWNER, "bob");

      assertThat(world.deliver(push)).isEqualTo(202);
      Await.until("the push", () -> !world.concert.heard().isEmpty());
      RepositoryActivity heard = world.concert.heard().getFirst();
      assertThat(heard.type()).isEqualTo("push");
      assertThat(heard.branch()).isEqualTo("release/1");
      assertThat(heard.fullName()).isEqualTo("ada/engine");
      assertThat(heard.tenantId()).isEqualTo(GitHubUnderTest.TENANT);
      assertThat(heard.deliveryId()).isEqualTo(push.headers().get("x-github-delivery"));
      assertThat(heard.details()).contains("Faster");

      world.deliver(push("somebody-else", "bob"));
      world.deliver(push(FakeGitHub.OWNER, FakeGitHub.BOT));
      world.deliver(push, Map.of("x-hub-signature-256", "sha256=00"));
      world.deliver(
          FakeGitHub.delivery(
              "issues",
              payload(FakeGitHub.OWNER, "mallory")
                  .put("action", "labeled")
                  .put("label", new JsonObject().put("name", "bug"))
                  .put(
                      "issue",
                      new JsonObject()
                          .put("number", 3)
                          .put("title", "It is slow")
                          .put(
                              "labels", new JsonArray().add(new JsonObject().put("name", "ui"))))));
      Await.until("the label", () -> world.concert.heard().size() > 1);
      assertThat(world.concert.heard()).hasSize(2);
      RepositoryActivity labeled = world.concert.heard().get(1);
      assertThat(labeled.action()).isEqualTo("labeled");
      assertThat(labeled.number()).isEqualTo(3);
      assertThat(labeled.label()).isEqualTo("bug");
      assertThat(labeled.labels()).containsExactly("ui");
      assertThat(labeled.details()).contains("It is slow");
    }
  }

  @Test
  void gitHubSaysWhoMayWriteAndNoOtherTenantLearnsIt() {
    try (GitHubUnderTest world = new GitHubUnderTest(folder)) {
      world.connect();

      assertThat(mayWrite(world, GitHubUnderTest.TENANT, "bob")).isTrue();
      assertThat(mayWrite(world, GitHubUnderTest.TENANT, "mallory")).isFalse();
      assertThat(mayWrite(world, "other", "bob")).isFalse();
    }
  }
}
