package dev.concert.chronicle.localsync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that both sides changed. */
class SyncConflictTest {
  private static final String BASE = "1\n2\n3\n4\n5\n";
  private static final String MINE = "one\n2\n3\n4\n5\n";
  private static final String THEIRS = "1\n2\n3\n4\nfive\n";
  private static final String BOTH = "one\n2\n3\n4\nfive\n";

  @TempDir private Path place;
  private SyncStage stage;

  @BeforeEach
  void open() throws IOException {
    stage = new SyncStage(place);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void withoutADecisionBothVersionsAreKeptAndItIsListedAlsoAfterARestart() {
    conflict(ConflictPolicy.ASK);

    assertThat(stage.read("a")).isEqualTo(MINE);
    assertThat(stage.upstream()).containsEntry("a", THEIRS);
    assertThat(waiting()).extracting(Conflict::path).containsExactly("a");
    stage.stop();

    stage.start(ConflictPolicy.ASK).settle();
    assertThat(waiting()).extracting(Conflict::path).containsExactly("a");
    assertThat(stage.read("a")).isEqualTo(MINE);
  }

  @Test
  void theLocalVersionIsKept() {
    conflict(ConflictPolicy.KEEP_LOCAL);

    verifyBoth(Map.of("a", MINE));
    assertThat(stage.workspace.everHad(THEIRS)).isTrue();
  }

  @Test
  void theUpstreamVersionIsAccepted() {
    conflict(ConflictPolicy.ACCEPT_UPSTREAM);

    verifyBoth(Map.of("a", THEIRS));
  }

  @Test
  void bothAreKeptBesideEachOther() {
    conflict(ConflictPolicy.KEEP_BOTH);

    assertThat(stage.local()).hasSize(2).containsEntry("a", THEIRS).containsValue(MINE);
    assertThat(stage.upstream()).isEqualTo(stage.local());
  }

  @Test
  void changesOfDifferentLinesAreMerged() {
    conflict(ConflictPolicy.MERGE);
    Await.until(() -> stage.notes.merged.contains("a"));
    stage.settle();

    verifyBoth(Map.of("a", BOTH));
  }

  @Test
  void aMergeOfAMergeBeginsWhereTheFirstOneEnded() {
    conflict(ConflictPolicy.MERGE);
    Await.until(() -> stage.notes.merged.contains("a"));
    stage.settle();
    stage.down(true);
    stage.write("a", "one\nTWO\n3\n4\nfive\n");
    stage.workspace.writes("a", "one\n2\n3\nFOUR\nfive\n");
    stage.down(false);
    stage.settle();
    Await.until(() -> stage.notes.merged.size() == 2);
    stage.settle();

    verifyBoth(Map.of("a", "one\nTWO\n3\nFOUR\nfive\n"));
  }

  @Test
  void changesOfTheSameLineWaitForThePerson() {
    base(ConflictPolicy.MERGE, "1\n");
    edit("mine\n", "theirs\n");
    stage.start(ConflictPolicy.MERGE).settle();
    Await.until(() -> !stage.notes.conflicts.isEmpty());

    assertThat(stage.read("a")).isEqualTo("mine\n");
    assertThat(stage.upstream()).containsEntry("a", "theirs\n");
    assertThat(waiting()).hasSize(1);
  }

  @Test
  void whatIsNoTextWaitsForThePerson() {
    base(ConflictPolicy.MERGE, "1\n2\n3\0\n4\n5\n");
    edit("one\n2\n3\0\n4\n5\n", "1\n2\n3\0\n4\nfive\n");
    stage.start(ConflictPolicy.MERGE).settle();
    Await.until(() -> !stage.notes.conflicts.isEmpty());

    assertThat(stage.read("a")).isEqualTo("one\n2\n3\0\n4\n5\n");
    assertThat(waiting()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void aPersonDecidesLater(ConflictPolicy decision) throws Exception {
    conflict(ConflictPolicy.ASK);
    Conflict seen = waiting().getFirst();

    boolean decided = stage.sync.decide(seen, decision).get();
    stage.settle();

    assertThat(decided).isEqualTo(decision != ConflictPolicy.ASK);
    switch (decision) {
      case ASK -> assertThat(waiting()).hasSize(1);
      case KEEP_LOCAL -> verifyBoth(Map.of("a", MINE));
      case ACCEPT_UPSTREAM -> verifyBoth(Map.of("a", THEIRS));
      case KEEP_BOTH -> assertThat(stage.upstream()).hasSize(2).isEqualTo(stage.local());
      case MERGE -> verifyBoth(Map.of("a", BOTH));
    }
  }

  @Test
  void aDecisionAboutAVersionThatIsNoMoreChangesNothing() throws Exception {
    conflict(ConflictPolicy.ASK);
    Conflict seen = waiting().getFirst();
    stage.workspace.writes("a", "newer\n");
    Await.until(() -> waiting().getFirst().upstreamSequence() > seen.upstreamSequence());

    assertThat(stage.sync.decide(seen, ConflictPolicy.KEEP_LOCAL).get()).isFalse();
    stage.settle();

    assertThat(stage.upstream()).containsEntry("a", "newer\n");
    assertThat(waiting()).hasSize(1);
  }

  @Test
  void whoEditsAConflictUntilBothAreEqualHasResolvedIt() {
    conflict(ConflictPolicy.ASK);

    stage.write("a", THEIRS);
    stage.settle();
    stage.settle();

    Await.until(() -> waiting().isEmpty());
    verifyBoth(Map.of("a", THEIRS));
  }

  @Test
  void anEditedFileThatTheOtherSideDeletedIsAConflict() throws IOException {
    base(ConflictPolicy.ASK, BASE);
    stage.write("a", MINE);
    stage.workspace.deletes("a");
    stage.start(ConflictPolicy.MERGE).settle();

    assertThat(stage.read("a")).isEqualTo(MINE);
    assertThat(waiting()).hasSize(1);
    assertThat(stage.sync.decide(waiting().getFirst(), ConflictPolicy.KEEP_LOCAL).join()).isTrue();
    stage.settle();
    verifyBoth(Map.of("a", MINE));

    stage.stop();
    Files.delete(stage.folder.resolve("a"));
    stage.workspace.writes("a", THEIRS);
    stage.start(ConflictPolicy.ASK).settle();
    assertThat(waiting()).hasSize(1);
    assertThat(stage.sync.decide(waiting().getFirst(), ConflictPolicy.ACCEPT_UPSTREAM).join())
        .isTrue();
    stage.settle();
    verifyBoth(Map.of("a", THEIRS));
  }

  @Test
  void theModeOfAMergeIsTheOneThatWasChanged() throws IOException {
    base(ConflictPolicy.MERGE, BASE);
    stage.write("a", MINE);
    stage.workspace.writes("a", Kind.FILE, 0755, THEIRS.getBytes(UTF_8));
    stage.start(ConflictPolicy.MERGE).settle();
    Await.until(() -> stage.notes.merged.contains("a"));
    stage.settle();

    verifyBoth(Map.of("a", BOTH));
    assertThat(Files.isExecutable(stage.folder.resolve("a"))).isTrue();
  }

  private void conflict(ConflictPolicy policy) {
    base(policy, BASE);
    edit(MINE, THEIRS);
    stage.start(policy).settle();
  }

  private void base(ConflictPolicy policy, String text) {
    stage.workspace.writes("a", text);
    stage.start(policy).settle();
    stage.stop();
  }

  private void edit(String mine, String theirs) {
    stage.write("a", mine);
    stage.workspace.writes("a", theirs);
  }

  private List<Conflict> waiting() {
    return stage.sync.conflicts().join();
  }

  private void verifyBoth(Map<String, String> files) {
    assertThat(stage.local()).isEqualTo(files);
    assertThat(stage.upstream()).isEqualTo(files);
    assertThat(waiting()).isEmpty();
  }
}
