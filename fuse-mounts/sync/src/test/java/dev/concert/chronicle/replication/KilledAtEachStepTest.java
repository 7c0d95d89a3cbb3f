package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica that is killed between any two steps of a transfer in both directions. Every step is
 * tried with {@code -Dconcert.replication.steps=1}; else every third one.
 */
@ExpectedLog(
    logger = "dev.concert.chronicle.replication.replica.ReplicaLoop",
    message = "A replica stopped working\\n.*KillSwitch",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.replication.master.WriteBackHandler",
    message = "Something is in the way",
    required = false)
class KilledAtEachStepTest {
  private static final int STRIDE = Integer.getInteger("concert.replication.steps", 3);

  @TempDir Path home;

  @Test
  void aReplicaThatIsKilledAtAnyStepConvergesAndTellsOfItsConflicts() throws Exception {
    int step = new Random().nextInt(STRIDE);
    while (dies(step)) {
      step += STRIDE;
    }
    assertThat(step).as("steps of the transfer").isGreaterThan(60);
  }

  /** Answers with whether the transfer has so many steps. */
  private boolean dies(int step) throws Exception {
    try (Course course = new Course(Files.createDirectory(home.resolve("step" + step)), step)) {
      course.agree();
      course.part();
      boolean died = course.meetUntil(step);
      course.converge();
      course.verify();
      return died;
    }
  }

  private static final class Course implements ReplicaListener, AutoCloseable {
    private final Stage stage;
    private final Path folder;
    private final MemoryFiles files = new MemoryFiles();
    private final KillSwitch life = new KillSwitch();
    private final Set<String> conflicts = ConcurrentHashMap.newKeySet();
    private final byte[] theirs = new byte[2_500_000];
    private final byte[] mine = new byte[2_200_000];
    private Replica replica;

    Course(Path folder, int step) {
      this.folder = folder;
      this.stage = new Stage(folder);
      Random random = new Random(step);
      random.nextBytes(theirs);
      random.nextBytes(mine);
    }

    @Override
    public Resolution conflict(Conflict conflict) {
      conflicts.add(conflict.path());
      return Resolution.KEEP_BOTH;
    }

    private void open() {
      replica =
          Replica.open(
              new ReplicaOptions(
                  "mortal", folder.resolve("state"), Duration.ofSeconds(20), Duration.ofMillis(50)),
              life.files(files),
              () -> life.transport(stage.wire.connect()),
              life.listener(this));
    }

    private void settle() throws Exception {
      life.await(replica.settle());
    }

    /** Both sides have the same. */
    void agree() throws Exception {
      for (String path : List.of("both", "gone here", "gone there", "moved/there", "edited")) {
        stage.workspace.writes(path, "base of " + path);
      }
      stage.workspace.makes("folder/there");
      stage.workspace.makes("folder/here");
      open();
      settle();
      replica.close();
    }

    /** Both sides change, without a connection. */
    void part() {
      stage.workspace.writes("both", "of the agent");
      stage.workspace.writes("edited", "x".repeat(6000));
      stage.workspace.writes("large/theirs", Kind.FILE, 0644, theirs);
      stage.workspace.deletes("gone there");
      stage.workspace.renames("moved/there", "moved/elsewhere");
      stage.workspace.removes("folder/there");
      stage.workspace.makes("folder/new there");
      files.writes("both", "of the user");
      files.writes("small", "of the user alone");
      files.writes("large/mine", Kind.FILE, 0600, mine);
      files.deletes("gone here");
      files.removes("folder/here");
      files.makes("folder/new here");
    }

    /** Answers with whether it was killed; else everything was done. */
    boolean meetUntil(int step) throws Exception {
      life.after(step);
      open();
      settle();
      replica.close();
      boolean died = life.isTripped();
      life.reset();
      return died;
    }

    void converge() throws Exception {
      open();
      settle();
      settle();
    }

    void verify() {
      assertThat(files.files()).isEqualTo(stage.workspace.files());
      assertThat(files.folders().empty()).isEqualTo(stage.workspace.emptyFolders());
      assertThat(files.files())
          .containsEntry("both", "644 of the agent")
          .containsValue("644 of the user")
          .containsEntry("small", "644 of the user alone")
          .containsEntry("large/theirs", MemoryFiles.describe(Kind.FILE, 0644, theirs))
          .containsEntry("large/mine", MemoryFiles.describe(Kind.FILE, 0600, mine))
          .containsKeys("edited", "moved/elsewhere")
          .hasSize(7);
      assertThat(files.folders().empty())
          .isEqualTo(Map.of("folder/new here", 0755, "folder/new there", 0755));
      assertThat(conflicts).containsExactly("both");
    }

    @Override
    public void close() {
      replica.close();
      stage.close();
    }
  }
}
