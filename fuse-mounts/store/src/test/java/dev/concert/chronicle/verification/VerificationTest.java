package dev.concert.chronicle.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.IterationPruner;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.retention.RetentionCandidate;
import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.chronicle.verification.VerificationFinding.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {
  @TempDir Path home;
  private final List<VerificationFinding> findings = new ArrayList<>();
  private ContentStore store;
  private Journal journal;

  @BeforeEach
  void open() {
    store = ContentStore.open(home.resolve("cas"));
    journal = Journal.open(home.resolve("j.db"), InstantSource.system(), entered -> {});
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private Blob write(String path, String text) {
    Blob blob = store.put(Content.of(text.getBytes(StandardCharsets.UTF_8)));
    journal.enter(
        new Entry.Written(path, Kind.FILE, 0644, blob, new Signature(text.length(), 1, 2)));
    return blob;
  }

  private Path file(Blob blob) {
    return home.resolve("cas").resolve(blob.hash().substring(0, 2)).resolve(blob.hash());
  }

  private Verification verify() {
    Verification verification = new Verification(store, findings::add);
    verification.verify("w", journal);
    return verification;
  }

  @Test
  void nothing_is_found_in_what_is_sound() {
    write("a", "one");
    write("b", "one");
    journal.enter(new Entry.Renamed("a", "c"));
    journal.enter(new Entry.Removed("b"));
    Verification verification = verify();
    assertThat(findings).isEmpty();
    assertThat(verification.iterations()).isEqualTo(4);
    assertThat(verification.contents()).isEqualTo(1);
  }

  @Test
  void a_content_that_is_gone_or_damaged_is_named_for_each_iteration_that_has_it()
      throws IOException {
    Blob gone = write("a", "gone");
    Blob damaged = write("b", "damaged content");
    write("c", "sound");
    write("d", "gone");
    Files.delete(file(gone));
    byte[] bytes = Files.readAllBytes(file(damaged));
    bytes[bytes.length / 2] ^= 1;
    Files.write(file(damaged), bytes);
    verify();
    assertThat(findings)
        .extracting(VerificationFinding::problem, VerificationFinding::path)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Problem.CONTENT_MISSING, "a"),
            org.assertj.core.groups.Tuple.tuple(Problem.CONTENT_DAMAGED, "b"),
            org.assertj.core.groups.Tuple.tuple(Problem.CONTENT_MISSING, "d"));
    assertThat(findings.getFirst().detail()).contains(gone.hash());
  }

  @Test
  void a_hole_and_a_state_that_is_not_the_latest_are_found() throws SQLException {
    write("a", "one");
    write("a", "two");
    write("a", "three");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("j.db"));
        var statement = other.createStatement()) {
      statement.execute("DELETE FROM iteration WHERE sequence = 2");
      statement.execute("UPDATE file SET hash = 'x'");
    }
    verify();
    assertThat(findings)
        .extracting(VerificationFinding::problem, VerificationFinding::sequence)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Problem.ITERATION_MISSING, 2L),
            org.assertj.core.groups.Tuple.tuple(Problem.PATH_INCONSISTENT, 3L));
  }

  private void execute(String sql) throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("j.db"));
        var statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void what_a_retention_policy_dropped_is_no_loss_but_what_is_gone_beside_it_is()
      throws SQLException {
    for (int i = 0; i < 20; i++) {
      write("a", "a" + i);
      write("b", "b" + i);
    }
    RetentionPolicy policy = new RetentionPolicy.KeepLast(2);
    for (int dropped : List.of(5, 31)) {
      IterationPruner.apply(
          home.resolve("j.db"),
          _ ->
              Optional.of(
                  (versions, snapshots) ->
                      versions.stream()
                          .map(RetentionCandidate::sequence)
                          .filter(one -> one <= dropped)
                          .toList()));
      verify();
      assertThat(findings).isEmpty();
    }
    IterationPruner.apply(
        home.resolve("j.db"),
        _ ->
            Optional.of(
                (versions, snapshots) -> policy.dropped(versions, snapshots, Instant.now())));
    verify();
    assertThat(findings).isEmpty();

    execute("DELETE FROM iteration WHERE sequence = 38");
    verify();
    assertThat(findings)
        .extracting(VerificationFinding::problem, VerificationFinding::sequence)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(Problem.ITERATION_MISSING, 38L));
  }

  @Test
  void a_latest_iteration_that_is_gone_is_found() throws SQLException {
    write("a", "one");
    write("b", "two");
    execute("DELETE FROM iteration WHERE sequence = 2");
    verify();
    assertThat(findings)
        .extracting(VerificationFinding::problem, VerificationFinding::path)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(Problem.ITERATION_MISSING, "b"));
  }

  @Test
  void holes_of_a_journal_from_before_they_were_noted_are_no_loss() throws SQLException {
    for (int i = 0; i < 6; i++) {
      write("a", "a" + i);
    }
    journal.close();
    execute("DELETE FROM iteration WHERE sequence IN (1, 2, 4)");
    execute("DROP TABLE pruned");
    execute("DROP TABLE retention");
    execute("ALTER TABLE iteration DROP COLUMN excluded");
    execute("DROP TABLE skipped");
    execute("DROP TABLE versioning");
    execute("PRAGMA user_version = 3");
    journal = Journal.open(home.resolve("j.db"), InstantSource.system(), entered -> {});
    verify();
    assertThat(findings).isEmpty();
    execute("DELETE FROM iteration WHERE sequence = 3");
    verify();
    assertThat(findings).extracting(VerificationFinding::sequence).containsExactly(3L);
  }
}
