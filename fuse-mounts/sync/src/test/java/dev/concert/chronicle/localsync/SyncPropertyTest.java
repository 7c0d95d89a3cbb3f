package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.conflict.Conflict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Random edits in a folder and in its workspace, at once, apart and while the sync is stopped. A
 * longer campaign: {@code -Dconcert.sync.rounds=50} repeats every try so often.
 */
class SyncPropertyTest {
  private static final int ROUNDS = Integer.getInteger("concert.sync.rounds", 1);
  private static final List<String> PATHS =
      List.of("a", "b.txt", "d/x", "d/y", "e/f/z", "d", "a/in");

  enum Act {
    WRITE_HERE,
    REPLACE_HERE,
    DELETE_HERE,
    MOVE_HERE,
    WRITE_THERE,
    DELETE_THERE,
    MOVE_THERE,
    FOLDER_HERE,
    FILE_HERE,
    FOLDER_THERE,
    FILE_THERE,
    DISCONNECT,
    RECONNECT,
    RESTART,
    SETTLE
  }

  record Step(Act act, int path, int other) {}

  @Provide
  Arbitrary<List<Step>> courses() {
    Arbitrary<Integer> path = Arbitraries.integers().between(0, PATHS.size() - 1);
    return Combinators.combine(Arbitraries.of(Act.class), path, path)
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(30);
  }

  @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
  void bothSidesBecomeEqualAndNoEditIsLost(
      @ForAll("courses") List<Step> course, @ForAll ConflictPolicy policy) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path place = Files.createTempDirectory("sync");
      try (SyncStage stage = new SyncStage(place)) {
        new Course(stage, policy).run(course);
      } finally {
        delete(place);
      }
    }
  }

  @Test
  void aConflictEndsWhenTheWorkspaceTakesItsVersionBack() throws Exception {
    bothSidesBecomeEqualAndNoEditIsLost(
        List.of(
            new Step(Act.FOLDER_HERE, 0, 0),
            new Step(Act.WRITE_THERE, 6, 0),
            new Step(Act.FILE_THERE, 0, 5)),
        ConflictPolicy.MERGE);
  }

  private static void delete(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** One try. */
  private static final class Course {
    private final SyncStage stage;
    private final ConflictPolicy policy;

    /** What a person wrote last into each file, as far as they have not deleted it. */
    private final Map<String, String> edits = new HashMap<>();

    private int count;

    private Course(SyncStage stage, ConflictPolicy policy) {
      this.stage = stage;
      this.policy = policy;
    }

    private void run(List<Step> course) throws IOException {
      stage.start(policy, true);
      for (Step step : course) {
        take(step);
      }
      stage.down(false);
      settle();
      verify();
    }

    private void take(Step step) throws IOException {
      String path = PATHS.get(step.path());
      String other = PATHS.get(step.other());
      switch (step.act()) {
        case WRITE_HERE -> attempt(() -> edit(path, false));
        case REPLACE_HERE -> attempt(() -> edit(path, true));
        case DELETE_HERE -> attempt(() -> delete(path));
        case MOVE_HERE -> attempt(() -> move(path, other));
        case FOLDER_HERE ->
            attempt(
                () -> {
                  if (!Files.isDirectory(stage.folder.resolve(path))) {
                    delete(path);
                  }
                  edit(path + "/in", false);
                });
        case FILE_HERE ->
            attempt(
                () -> {
                  deleteFolder(path);
                  edit(path, false);
                });
        case WRITE_THERE -> writeThere(path);
        case DELETE_THERE -> stage.workspace.deletes(path);
        case MOVE_THERE -> moveThere(path, other);
        case FOLDER_THERE -> {
          stage.workspace.deletes(path);
          writeThere(path + "/in");
        }
        case FILE_THERE -> {
          stage.upstream().keySet().stream()
              .filter(inside -> inside.startsWith(path + "/"))
              .forEach(stage.workspace::deletes);
          writeThere(path);
        }
        case DISCONNECT -> stage.down(true);
        case RECONNECT -> stage.down(false);
        case RESTART -> {
          stage.stop();
          stage.start(policy, true);
        }
        case SETTLE -> {
          stage.down(false);
          settle();
        }
      }
    }

    private String text(String who) {
      count++;
      return "first\n%s %d\nlast\n".formatted(who, count);
    }

    @FunctionalInterface
    private interface Deed {
      void run() throws IOException;
    }

    /** A file may be where a folder is needed, or the agent may remove one at this moment. */
    private static void attempt(Deed deed) throws IOException {
      try {
        deed.run();
      } catch (FileSystemException inTheWay) {
        // Then this did not happen.
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof FileSystemException)) {
          throw e;
        }
      }
    }

    private void writeThere(String path) {
      synchronized (stage.workspace) {
        if (stage.workspace.hasRoomFor(path)) {
          stage.workspace.writes(path, text("there"));
        }
      }
    }

    private void moveThere(String path, String other) {
      synchronized (stage.workspace) {
        boolean fits = !other.startsWith(path + "/") && stage.workspace.hasRoomFor(other);
        if (!path.equals(other) && fits && stage.upstream().containsKey(path)) {
          stage.workspace.renames(path, other);
        }
      }
    }

    private void edit(String path, boolean replacing) throws IOException {
      String text = text("here");
      if (replacing) {
        stage.write(path + "~", text);
        try {
          Files.move(
              stage.folder.resolve(path + "~"),
              stage.folder.resolve(path),
              StandardCopyOption.REPLACE_EXISTING);
        } finally {
          Files.deleteIfExists(stage.folder.resolve(path + "~"));
        }
      } else {
        stage.write(path, text);
      }
      edits.put(path, text);
    }

    private void delete(String path) throws IOException {
      if (!Files.isDirectory(stage.folder.resolve(path))) {
        Files.deleteIfExists(stage.folder.resolve(path));
        edits.remove(path);
      }
    }

    private void deleteFolder(String path) throws IOException {
      Path folder = stage.folder.resolve(path);
      if (Files.isDirectory(folder)) {
        edits.keySet().removeIf(edited -> edited.startsWith(path + "/"));
        SyncPropertyTest.delete(folder);
      }
    }

    private void move(String path, String other) throws IOException {
      Path file = stage.folder.resolve(path);
      if (!path.equals(other) && Files.isRegularFile(file)) {
        Files.createDirectories(stage.folder.resolve(other).getParent());
        Files.move(file, stage.folder.resolve(other), StandardCopyOption.REPLACE_EXISTING);
        String moved = edits.remove(path);
        edits.remove(other);
        if (moved != null) {
          edits.put(other, moved);
        }
      }
    }

    /** Merges run beside the replica, so it may take more than one round. */
    private void settle() {
      for (int i = 0; i < 3; i++) {
        stage.settle();
        for (Conflict conflict : stage.sync.conflicts().join()) {
          if (policy == ConflictPolicy.MERGE) {
            stage.sync.decide(conflict, policy).join();
          }
        }
      }
      stage.settle();
    }

    private static boolean waits(String path, Set<String> waiting) {
      return waiting.stream()
          .anyMatch(
              one -> path.equals(one) || path.startsWith(one + "/") || one.startsWith(path + "/"));
    }

    private void verify() {
      Map<String, String> here = stage.local();
      Map<String, String> there = stage.upstream();
      Set<String> waiting =
          stage.sync.conflicts().join().stream().map(Conflict::path).collect(Collectors.toSet());
      if (policy != ConflictPolicy.ASK && policy != ConflictPolicy.MERGE) {
        assertThat(waiting).isEmpty();
      }
      Map<String, String> agreedHere = new HashMap<>(here);
      Map<String, String> agreedThere = new HashMap<>(there);
      // Names of this kind are ignored, so what the agent moved aside in the middle of #edit stays
      // here.
      agreedHere.keySet().removeIf(path -> path.endsWith("~"));
      // A folder against a file waits as one conflict: what is in the folder stays where it is. And
      // a file in the place of a folder waits until it is decided about the files in the folder.
      agreedHere.keySet().removeIf(path -> waits(path, waiting));
      agreedThere.keySet().removeIf(path -> waits(path, waiting));
      assertThat(agreedHere).isEqualTo(agreedThere);
      if (policy != ConflictPolicy.ACCEPT_UPSTREAM) {
        assertThat(edits.values())
            .allSatisfy(
                text ->
                    assertThat(here.containsValue(text) || stage.workspace.everHad(text))
                        .as("an edit is in the folder or in the workspace's history: " + text)
                        .isTrue());
      }
      long iterations = stage.workspace.latest();
      stage.settle();
      assertThat(stage.workspace.latest()).as("no echo").isEqualTo(iterations);
      assertThat(stage.notes.halted).isEmpty();
    }
  }
}
