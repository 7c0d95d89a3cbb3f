package dev.concert.platform.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How an agent's changes come into a real repository, and out of it again. */
class ChangeJournalTest {
  private static final String SESSION = "session";
  private static final String FIRST = "one\ntwo\nthree\nfour\nfive\n";

  @TempDir private Path folder;
  private TestRepository user;

  @BeforeEach
  void makeARepository() throws Exception {
    user = TestRepository.in(folder);
    user.write("gone.txt", "gone\n").write("run.sh", "#!/bin/sh\n");
    user.enter(SESSION);
  }

  private ChangeJournal journal() {
    return new ChangeJournal(user.store().applied(), _ -> {});
  }

  @Test
  void whatTheAgentWroteDeletedAndMadeExecutableIsAppliedAndTakenBack() throws Exception {
    user.agentWrites(SESSION, "a.txt", "agent\n").agentWrites(SESSION, "new/file.txt", "new\n");
    user.agentDeletes(SESSION, "gone.txt");
    user.agentWrites(SESSION, "run.sh", "#!/bin/sh\n");
    user.session(SESSION).mirror().root().resolve("run.sh").toFile().setExecutable(true);

    assertThat(user.apply(SESSION).conflicts()).isEmpty();

    assertThat(user.read("a.txt")).isEqualTo("agent\n");
    assertThat(user.read("new/file.txt")).isEqualTo("new\n");
    assertThat(user.has("gone.txt")).isFalse();
    assertThat(Files.isExecutable(user.root().resolve("run.sh"))).isTrue();
    assertThat(user.changes(SESSION)).isEmpty();

    assertThat(journal().undo().orElseThrow().conflicts()).isEmpty();

    assertThat(user.read("a.txt")).isEqualTo(FIRST);
    assertThat(user.read("gone.txt")).isEqualTo("gone\n");
    assertThat(user.has("new")).isFalse();
    assertThat(Files.isExecutable(user.root().resolve("run.sh"))).isFalse();
    assertThat(journal().undo()).isEmpty();
  }

  @Test
  void whatTheUserChangedDuringTheTurnIsMerged() throws Exception {
    user.agentWrites(SESSION, "a.txt", "ONE\ntwo\nthree\nfour\nfive\n");
    user.write("a.txt", "one\ntwo\nthree\nfour\nFIVE\n");

    assertThat(user.apply(SESSION).conflicts()).isEmpty();

    assertThat(user.read("a.txt")).isEqualTo("ONE\ntwo\nthree\nfour\nFIVE\n");
    assertThat(user.changes(SESSION)).isEmpty();
  }

  @Test
  void aConflictLeavesTheUsersFileAndAppliesTheOthers() throws Exception {
    user.agentWrites(SESSION, "a.txt", "agent\n").agentWrites(SESSION, "b.txt", "agent\n");
    user.agentDeletes(SESSION, "gone.txt").agentWrites(SESSION, "c.txt", "agent\n");
    user.write("a.txt", "user\n").write("b.txt", "user\n").write("gone.txt", "edited\n");

    ApplyResult result = user.apply(SESSION);

    assertThat(result.conflicts()).containsExactlyInAnyOrder("a.txt", "b.txt", "gone.txt");
    assertThat(user.read("a.txt")).isEqualTo("user\n");
    assertThat(user.read("b.txt")).isEqualTo("user\n");
    assertThat(user.read("gone.txt")).isEqualTo("edited\n");
    assertThat(user.read("c.txt")).isEqualTo("agent\n");
  }

  @Test
  void nothingIsWrittenOrDeletedThroughASymlink() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("file"), "mine\n");
    user.agentWrites(SESSION, "dir/file", "agent\n").agentWrites(SESSION, "link", "agent\n");
    Files.createSymbolicLink(user.root().resolve("dir"), outside);
    Files.createSymbolicLink(user.root().resolve("link"), outside.resolve("file"));

    assertThat(user.apply(SESSION).conflicts()).containsExactlyInAnyOrder("dir/file", "link");

    assertThat(outside.resolve("file")).hasContent("mine\n");
    try (var inside = Files.list(outside)) {
      assertThat(inside).hasSize(1);
    }
  }

  @Test
  void undoLeavesWhatTheUserEditedSince() throws Exception {
    user.agentWrites(SESSION, "a.txt", "agent\n").agentWrites(SESSION, "b.txt", "agent\n");
    user.apply(SESSION);
    user.write("a.txt", "edited since\n");

    ApplyResult undone = journal().undo().orElseThrow();

    assertThat(undone.conflicts()).containsExactly("a.txt");
    assertThat(user.read("a.txt")).isEqualTo("edited since\n");
    assertThat(user.has("b.txt")).isFalse();
  }

  @Test
  void whatIsTakenBackGoesBackInTheWorkspaceWithTheNextMessage() throws Exception {
    user.agentWrites(SESSION, "a.txt", "agent\n");
    user.apply(SESSION);
    journal().undo();

    user.enter(SESSION);

    assertThat(user.session(SESSION).mirror().root().resolve("a.txt")).hasContent(FIRST);
  }

  @Test
  void aProcessThatIsKilledWhileItAppliesIsCarriedOutByTheNextOne() throws Exception {
    user.agentWrites(SESSION, "a.txt", "agent").agentWrites(SESSION, "new/n.txt", "new");
    user.agentDeletes(SESSION, "gone.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledApplication.class.getName(),
                user.root().toString(),
                user.data().toString(),
                SESSION,
                "2")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = process.inputReader()) {
      assertThat(said.readLine()).isEqualTo("waits");
    } finally {
      // SIGKILL.
      process.destroyForcibly().waitFor();
    }
    assertThat(user.read("a.txt").equals("agent") && user.has("new/n.txt")).isFalse();

    assertThat(journal().recover()).hasSize(1);

    assertThat(user.read("a.txt")).isEqualTo("agent");
    assertThat(user.read("new/n.txt")).isEqualTo("new");
    assertThat(user.has("gone.txt")).isFalse();
    assertThat(journal().undo().orElseThrow().conflicts()).isEmpty();
    assertThat(user.read("a.txt")).isEqualTo(FIRST);
    assertThat(user.has("gone.txt")).isTrue();
    assertThat(user.has("new")).isFalse();
  }

  /** A kill after each step; the error stands for it, since nothing after it runs. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anApplicationThatWasKilledIsCarriedOutOrTakenBackWhole(int steps) throws Exception {
    for (boolean undo : new boolean[] {true, false}) {
      user.agentWrites(SESSION, "a.txt", "agent " + undo).agentWrites(SESSION, "new/n.txt", "new");
      user.agentDeletes(SESSION, "gone.txt");
      AtomicInteger left = new AtomicInteger(steps);
      ChangeJournal killed =
          new ChangeJournal(
              user.store().applied(),
              _ -> {
                if (left.decrementAndGet() == 0) {
                  throw new Killed();
                }
              });
      assertThatThrownBy(
              () ->
                  killed.apply(
                      user.session(SESSION), user.ofSession(SESSION), user.changes(SESSION)))
          .isInstanceOf(Killed.class);

      if (undo) {
        assertThat(journal().undo().orElseThrow().conflicts()).isEmpty();
        assertThat(user.read("a.txt")).isEqualTo(FIRST);
        assertThat(user.has("gone.txt")).isTrue();
        assertThat(user.has("new")).isFalse();
        user.enter(SESSION);
      } else {
        assertThat(journal().recover()).hasSize(1);
        assertThat(user.read("a.txt")).isEqualTo("agent false");
        assertThat(user.has("gone.txt")).isFalse();
        assertThat(user.read("new/n.txt")).isEqualTo("new");
        assertThat(user.changes(SESSION)).isEmpty();
      }
    }
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void twoSessionsWorkOnOneProject() throws Exception {
    user.enter("other");
    user.agentWrites(SESSION, "a.txt", "ONE\ntwo\nthree\nfour\nfive\n");
    user.agentWrites("other", "a.txt", "one\ntwo\nthree\nfour\nFIVE\n");

    user.apply(SESSION);
    assertThat(user.apply("other").conflicts()).isEmpty();

    assertThat(user.read("a.txt")).isEqualTo("ONE\ntwo\nthree\nfour\nFIVE\n");
  }

  @Test
  void whatAHostileAgentMadeRunsNothingOnTheHost() throws Exception {
    Path proof = folder.resolve("proof");
    String run = "#!/bin/sh\ntouch " + proof + "\n";
    for (String path :
        new String[] {".git/hooks/post-checkout", "sub/.git/config", ".GIT/config"}) {
      user.agentWrites(SESSION, path, run);
    }
    user.agentWrites(SESSION, ".gitattributes", "* filter=evil diff=evil\n");
    user.agentWrites(SESSION, ".husky/pre-commit", run).agentWrites(SESSION, ".envrc", run);
    user.agentWrites(SESSION, ".vscode/tasks.json", "{}").agentWrites(SESSION, "ok.txt", "ok\n");
    Path mirror = user.session(SESSION).mirror().root();
    Files.createSymbolicLink(mirror.resolve("escape"), Path.of("../../etc/passwd"));

    var changes = user.changes(SESSION);

    assertThat(changes).extracting(ProjectChange::path).noneMatch(MirrorRules::isGitsOwn);
    assertThat(changes)
        .filteredOn(ProjectChange::runsCode)
        .extracting(ProjectChange::path)
        .containsExactlyInAnyOrder(
            ".envrc", ".gitattributes", ".husky/pre-commit", ".vscode/tasks.json", "escape");
    journal().apply(user.session(SESSION), user.ofSession(SESSION), changes);
    user.enter(SESSION);
    assertThat(proof).doesNotExist();
    assertThat(user.root().resolve(".git/hooks/post-checkout")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"build/;.env;more/, false", "build/, true", "build/;.env;!secret, true"})
  void ignoreRulesThatShowMoreToTheNextAgentNeedAQuestion(String rules, boolean asks)
      throws Exception {
    user.agentWrites(SESSION, ".gitignore", rules.replace(';', '\n') + "\n");

    assertThat(user.changes(SESSION))
        .singleElement()
        .extracting(ProjectChange::runsCode)
        .isEqualTo(asks);
  }

  @Test
  void theDiffIsOneOfGit() throws Exception {
    user.agentWrites(SESSION, "a.txt", FIRST.replace("two", "2\u001b[31m"));
    user.agentDeletes(SESSION, "gone.txt");
    ProjectSession session = user.session(SESSION);

    String diff = new UnifiedDiff(session.base(), session.mirror()).of(user.changes(SESSION));

    assertThat(diff)
        .contains("diff --git a/a.txt b/a.txt", "--- a/a.txt", "-two", "+2?[31m")
        .contains("deleted file mode 100644", "+++ /dev/null", "-gone")
        .doesNotContain("\u001b");
  }

  @Test
  void onlyOneCommandChangesAProjectAtATime() throws IOException {
    try (var _ = user.store().lock()) {
      assertThatThrownBy(() -> user.store().lock(Duration.ZERO))
          .isInstanceOf(ProjectException.class)
          .hasMessageContaining("Another command");
    }
  }
}
