package dev.concert.chronicle.localsync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Editors and git work in a folder that is kept in step. */
class SyncToolsTest {
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
  void editorsSaveInTheirOwnWays() throws IOException {
    stage.workspace.writes("a.txt", "0");
    stage.start(ConflictPolicy.ASK).settle();
    Path file = stage.folder.resolve("a.txt");

    // vim: tries the folder, moves the old file aside, writes the new one, deletes the old one.
    stage.write("4913", "");
    Files.delete(stage.folder.resolve("4913"));
    Files.move(file, stage.folder.resolve("a.txt~"));
    stage.write("a.txt", "vim");
    Files.delete(stage.folder.resolve("a.txt~"));
    Await.until(() -> stage.upstream().equals(Map.of("a.txt", "vim")));

    // JetBrains: writes beside it, moves the old one away, moves the new one in.
    stage.write("a.txt___jb_tmp___", "idea");
    Files.move(file, stage.folder.resolve("a.txt___jb_old___"));
    Files.move(stage.folder.resolve("a.txt___jb_tmp___"), file);
    Files.delete(stage.folder.resolve("a.txt___jb_old___"));
    Await.until(() -> stage.upstream().equals(Map.of("a.txt", "idea")));

    // Others replace it by a rename, or write it in place, first empty and then full.
    stage.write("a.txt.tmp.123", "renamed");
    Files.move(stage.folder.resolve("a.txt.tmp.123"), file, StandardCopyOption.REPLACE_EXISTING);
    Await.until(() -> stage.upstream().equals(Map.of("a.txt", "renamed")));
    stage.write("a.txt", "");
    stage.write("a.txt", "in place");
    Await.until(() -> stage.upstream().equals(Map.of("a.txt", "in place")));

    assertThat(stage.notes.conflicts).isEmpty();
    assertThat(stage.local()).isEqualTo(Map.of("a.txt", "in place"));
  }

  @Test
  void aRepositoryThatIsSwitchedBetweenBranchesFollows() throws Exception {
    String script =
        """
        set -e
        git init -q .
        git config user.email t@example.org; git config user.name t; git config commit.gpgsign false
        for i in $(seq 200); do mkdir -p d$((i % 9)); echo "main $i" > d$((i % 9))/f$i; done
        git add -A; git commit -qm main; git branch -M main
        git checkout -qb other
        git mv d1 moved; git rm -rq d2; for i in 3 12 21 30; do echo "other $i" > d3/f$i; done
        mkdir -p new; for i in $(seq 100); do echo "new $i" > new/n$i; done
        git add -A; git commit -qm other
        git checkout -q main
        """;
    shell(script);
    stage.start(ConflictPolicy.ASK).settle();
    assertThat(stage.upstream()).hasSize(200).isEqualTo(withoutGit(stage.local()));

    for (String branch : new String[] {"other", "main", "other", "main", "other"}) {
      shell("git checkout -q " + branch);
    }
    Await.until(() -> stage.upstream().equals(withoutGit(stage.local())));
    stage.settle();

    assertThat(stage.upstream()).isEqualTo(withoutGit(stage.local())).containsKey("new/n100");
    shell("git diff --exit-code && test -z \"$(git status --porcelain)\"");
    assertThat(stage.notes.conflicts).isEmpty();
    assertThat(stage.notes.halted).isEmpty();
  }

  private void shell(String script) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", script)
            .directory(stage.folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static Map<String, String> withoutGit(Map<String, String> files) {
    return files.entrySet().stream()
        .filter(file -> !file.getKey().startsWith(".git/"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
