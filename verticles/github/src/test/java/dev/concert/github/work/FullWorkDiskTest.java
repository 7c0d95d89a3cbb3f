package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bus.GitHubAddresses;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of a tenant's {@code github.db} is full. */
class FullWorkDiskTest {
  @TempDir private Path folder;

  @Test
  @RequiresRoot("mounts a small disk")
  @ExpectedLog(
      logger = "dev.concert.error.DiskFailure",
      message = "The disk is full or fails: \\[SQLITE_FULL")
  @ExpectedLog(
      logger = "dev.concert.github.work.TenantWork",
      message = "Work on a forge stands still for a minute",
      required = false)
  void aDeliveryThatCannotBeStoredIsRefusedAndWhatWasTakenGoesOnWhenThereIsSpace() {
    Path tenant = folder.resolve("data/tenants").resolve(GitHubUnderTest.TENANT);
    try (SmallDisk disk = SmallDisk.at(tenant, 2);
        GitHubUnderTest world = new GitHubUnderTest(folder)) {
      FakeGitHub github = world.github;
      world.connect();
      int first = github.openIssue("engine", "ada", "It is slow", "");
      int second = github.openIssue("engine", "ada", "It is small", "");
      AtomicBoolean isFull = new AtomicBoolean();
      world.concert.agent(
          (workspace, prompt) -> {
            if (prompt.contains("fast")) {
              disk.fill();
              isFull.set(true);
            }
            return write(workspace, prompt);
          });
      world.deliver(github.comment("engine", first, "bob", "@concert make it fast"));
      Await.until("the disk is full in the middle of the work", isFull::get);
      // The log of the database has room for a few more.
      Delivery refused;
      do {
        refused = github.comment("engine", first, "eve", "x".repeat(60_000));
      } while (refusal(world, refused).isEmpty());
      Delivery mention =
          github.comment("engine", second, "bob", "@concert make it large" + " ".repeat(60_000));
      assertThat(refusal(world, mention)).isEqualTo("The server's disk is full or fails.");

      disk.makeRoom();
      world.awaitSaid("My changes are in #3");
      assertThat(world.deliver(refused)).isEqualTo(202);
      assertThat(world.deliver(mention)).isEqualTo(202);
      world.awaitSaid("My changes are in #4");
      assertThat(github.pulls("engine")).hasSize(2);
      assertThat(world.concert.prompts()).hasSize(2);
      assertThat(world.said()).hasSize(2);
    }
  }

  private static String refusal(GitHubUnderTest world, Delivery delivery) {
    return world.refusal(
        GitHubAddresses.DELIVER_WEBHOOK,
        new DeliverWebhook("github", world.connection(), delivery.headers(), delivery.body()));
  }

  private static String write(Path workspace, String prompt) {
    try {
      Files.writeString(workspace.resolve("README.md"), prompt.lines().findFirst().orElseThrow());
      return "Done.";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
