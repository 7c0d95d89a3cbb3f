package dev.concert.chronicle.service;

import static dev.concert.chronicle.versioning.VersioningPolicy.USUALLY_EXCLUDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.gc.GcOptions;
import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.chronicle.verification.Verification;
import dev.concert.chronicle.verification.VerificationFinding;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.RetentionMessages.ReadRetention;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.RetentionMessages.SetRetention;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.WorkspaceMessages.DeleteWorkspace;
import dev.concert.workspace.WorkspaceMessages.Mount;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that drops iterations and collects contents while it is used. */
@RequiresFuse
@ExpectedLog(
    logger = "dev.concert.chronicle.gc.GarbageCollection",
    message = "Iterations of workspace a are not dropped",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.service.PeriodicTask",
    message = "A periodic task failed\\n.*SQLITE_NOTADB",
    required = false)
class GarbageCollectionTest {
  private static final GcOptions OFTEN =
      new GcOptions(new RetentionPolicy.KeepLast(2), Duration.ofMillis(200), Duration.ofSeconds(2));

  @TempDir Path home;
  private final MeterRegistry metrics = new SimpleMeterRegistry();

  private double count(String name) {
    return metrics.get("concert.chronicle." + name).counter().count();
  }

  @Test
  void whatIsOldGoesByItselfAndWhatASnapshotShowsStays() {
    try (Chronicle chronicle = Chronicle.keepingUp(home, OFTEN, metrics)) {
      Shell shell = new Shell(chronicle.mount("w"));
      shell.run("for i in $(seq 10); do echo $i > f; done");
      chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "ten"));
      shell.run("for i in $(seq 11 30); do echo $i > f; done");

      Await.until(() -> chronicle.history("w", "f").size() == 3);
      Await.until(() -> count("contents.removed") >= 27);

      assertThat(count("iterations.dropped")).isEqualTo(27);
      assertThat(metrics.get("concert.chronicle.upkeep.last.success").gauge().value())
          .isGreaterThan(1_700_000_000);
      shell.run("echo 31 > f");
      chronicle.ask(Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", "ten"));
      assertThat(shell.run("cat f")).isEqualTo("10");
    }
    List<VerificationFinding> findings = new ArrayList<>();
    try (Workspaces workspaces = KilledMount.open(home)) {
      workspaces.with(
          "w",
          space -> {
            new Verification(space.contents(), findings::add).verify("w", space.journal());
            return space;
          });
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void aWorkspaceIsKeptByItsOwnPolicyWhereItHasOne() {
    try (Chronicle chronicle = Chronicle.keepingUp(home, OFTEN, metrics)) {
      Shell shell = new Shell(chronicle.mount("w"));
      chronicle.ask(Addresses.SET_RETENTION, new SetRetention("v", "all", null));
      chronicle.ask(Addresses.SET_RETENTION, new SetRetention("w", "last:5", null));
      Shell other = new Shell(chronicle.mount("v"));
      String writing = "for i in $(seq 10); do echo $i > f; done";
      other.run(writing);
      shell.run(writing);

      Await.until(() -> chronicle.history("w", "f").size() == 5);
      assertThat(chronicle.history("v", "f")).hasSize(10);

      assertThat(chronicle.ask(Addresses.SET_RETENTION, new SetRetention("v", "", null)))
          .isEqualTo(new Retention("last:2", false, USUALLY_EXCLUDED));
      Await.until(() -> chronicle.history("v", "f").size() == 2);
      assertThat(chronicle.ask(Addresses.READ_RETENTION, new ReadRetention("w")))
          .isEqualTo(new Retention("last:5", true, USUALLY_EXCLUDED));
    }
  }

  @Test
  void aDamagedJournalOfOneWorkspaceKeepsContentsAndNotTheOthersFromBeingThinned()
      throws Exception {
    Path damaged = home.resolve("instances/a/chronicle/metadata/chronicle.db");
    Files.createDirectories(damaged.getParent());
    Files.writeString(damaged, "this is no database, whatever it is called".repeat(100));
    try (Chronicle chronicle = Chronicle.keepingUp(home, OFTEN, metrics)) {
      Shell shell = new Shell(chronicle.mount("w"));
      shell.run("for i in $(seq 10); do echo $i > f; done");

      Await.until(() -> chronicle.history("w", "f").size() == 2);
      Await.until(() -> count("upkeep.failures") > 0);
      assertThat(count("contents.removed")).isZero();
      assertThat(shell.run("cat f")).isEqualTo("10");
    }
  }

  @Test
  void theContentsOfADeletedWorkspaceGoUnlessAnotherOneHasThem() throws Exception {
    try (Chronicle chronicle = Chronicle.keepingUp(home, OFTEN, metrics)) {
      Shell shell = new Shell(chronicle.mount("w"));
      Shell other = new Shell(chronicle.mount("v"));
      shell.run("for i in $(seq 10); do echo own $i > f$i; done; echo shared > s");
      other.run("echo shared > s");
      Await.until(() -> chronicle.history("w", "s").size() == 1);

      chronicle.ask(Addresses.DELETE_WORKSPACE, new DeleteWorkspace("w"));
      chronicle.ask(Addresses.DELETE_WORKSPACE, new DeleteWorkspace("w"));

      assertThat(home.resolve("instances/w/chronicle")).doesNotExist();
      assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(home + "/instances/w/");
      Await.until(() -> count("contents.removed") >= 10);
      assertThat(other.run("cat s")).isEqualTo("shared");
      assertThat(chronicle.read("v", "s")).isNotNull();
      assertThatThrownBy(() -> chronicle.ask(Addresses.MOUNT_WORKSPACE, new Mount("w")))
          .hasMessageContaining("deleted");
      assertThat(home.resolve("instances/w/chronicle")).doesNotExist();
    }
  }
}
