package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A file of one side against a folder of the other, while somebody edits what it replaces. */
class FolderAgainstFileTest {
  private static final String EDIT = "edited\n";

  @TempDir private Path place;
  private SyncStage stage;

  @BeforeEach
  void open() throws IOException {
    stage = new SyncStage(place);
    stage.workspace.writes("fd", "file\n");
    stage.workspace.writes("d/x", "in folder\n");
    stage.workspace.writes("ra", "1\n");
    stage.start(ConflictPolicy.ASK).settle();
    stage.stop();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  /** Who replaces what by what; the other side edits the file that was there. */
  enum Replacement {
    FILE_BY_FOLDER_HERE {
      @Override
      void make(SyncStage stage) throws IOException {
        Files.delete(stage.folder.resolve("fd"));
        stage.write("fd/in", "in\n");
        stage.workspace.writes("fd", EDIT);
      }
    },
    FILE_BY_EMPTY_FOLDER_HERE {
      @Override
      void make(SyncStage stage) throws IOException {
        Files.delete(stage.folder.resolve("fd"));
        Files.createDirectory(stage.folder.resolve("fd"));
        stage.workspace.writes("fd", EDIT);
      }
    },
    FILE_BY_FOLDER_THERE {
      @Override
      void make(SyncStage stage) {
        stage.write("fd", EDIT);
        stage.workspace.deletes("fd");
        stage.workspace.writes("fd/in", "in\n");
      }
    },
    FOLDER_BY_FILE_HERE {
      @Override
      void make(SyncStage stage) throws IOException {
        Files.delete(stage.folder.resolve("d/x"));
        Files.delete(stage.folder.resolve("d"));
        stage.write("d", "in\n");
        stage.workspace.writes("d/x", EDIT);
      }
    },
    FOLDER_BY_FILE_THERE {
      @Override
      void make(SyncStage stage) {
        stage.write("d/x", EDIT);
        stage.workspace.deletes("d/x");
        stage.workspace.writes("d", "in\n");
      }
    },
    FILE_BY_FOLDER_ON_BOTH_SIDES {
      @Override
      void make(SyncStage stage) throws IOException {
        Files.delete(stage.folder.resolve("fd"));
        stage.write("fd/in", "in\n");
        stage.workspace.deletes("fd");
        stage.workspace.writes("fd/other", EDIT);
      }
    };

    abstract void make(SyncStage stage) throws IOException;
  }

  static Stream<Arguments> words() {
    return Stream.of(Replacement.values())
        .flatMap(
            replacement ->
                Stream.of(ConflictPolicy.values())
                    .filter(policy -> policy != ConflictPolicy.ASK)
                    .map(policy -> Arguments.of(replacement, policy)));
  }

  @ParameterizedTest
  @MethodSource("words")
  void everyWordDecidesItAndNothingIsLost(Replacement replacement, ConflictPolicy policy)
      throws IOException {
    replacement.make(stage);
    stage.start(policy).settle();
    awaitDecided();

    assertEqualAndWhole(policy);
  }

  @ParameterizedTest
  @MethodSource("words")
  void everyWordDecidesItLaterAlsoAfterARestart(Replacement replacement, ConflictPolicy policy)
      throws IOException {
    replacement.make(stage);
    stage.start(ConflictPolicy.ASK).settle();
    stage.stop();
    stage.start(policy).settle();
    decide(policy);

    assertEqualAndWhole(policy);
  }

  @ParameterizedTest
  @EnumSource
  void aConflictThatWaitsKeepsNothingElseFromBeingDecided(Replacement replacement)
      throws IOException {
    replacement.make(stage);
    stage.write("ra", "mine\n");
    stage.workspace.writes("ra", "theirs\n");
    stage.start(ConflictPolicy.ASK).settle();
    Conflict other =
        waiting().stream().filter(one -> one.path().equals("ra")).findFirst().orElseThrow();

    assertThat(stage.sync.decide(other, ConflictPolicy.KEEP_LOCAL).join()).isTrue();
    stage.write("new", "2\n");
    stage.settle();

    assertThat(stage.upstream()).containsEntry("ra", "mine\n").containsEntry("new", "2\n");
    assertThat(stage.local()).containsEntry("ra", "mine\n");
  }

  private void decide(ConflictPolicy policy) {
    for (Conflict conflict : waiting()) {
      stage.sync.decide(conflict, policy).join();
    }
    stage.settle();
  }

  /** A merge is decided beside the replica. */
  private void awaitDecided() {
    Await.until(() -> waiting().isEmpty());
    stage.settle();
  }

  private List<Conflict> waiting() {
    return stage.sync.conflicts().join();
  }

  private void assertEqualAndWhole(ConflictPolicy policy) {
    Map<String, String> here = stage.local();
    assertThat(waiting()).isEmpty();
    assertThat(here).isEqualTo(stage.upstream());
    for (String text : policy == ConflictPolicy.ACCEPT_UPSTREAM ? Set.of("1\n") : Set.of(EDIT)) {
      assertThat(here.containsValue(text) || stage.workspace.everHad(text)).as(text).isTrue();
    }
    assertThat(stage.notes.halted).isEmpty();
    assertThat(stage.notes.disconnected).isEmpty();
  }
}
