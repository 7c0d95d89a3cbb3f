package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code .chronicle} in a real mount, asked by real programs. */
@RequiresFuse
class HistoryPathsTest {
  /** The kernel compares the permission bits first, for everybody but root. */
  private static final String REFUSAL =
      "root".equals(System.getProperty("user.name"))
          ? "Read-only file system"
          : "Read-only file system|Permission denied|Operation not permitted";

  @TempDir Path home;
  private Chronicle chronicle;
  private Shell shell;

  @BeforeEach
  void mount() {
    chronicle = Chronicle.fuse(home);
    shell = new Shell(chronicle.mount("w"));
  }

  @AfterEach
  void close() {
    chronicle.close();
  }

  private JsonNode query(String path) throws Exception {
    return Json.MAPPER.readTree(shell.run("cat '.chronicle/query/" + path + "'"));
  }

  @Test
  void aQueryIsThePathsHistoryUpToTheMomentItIsAsked() throws Exception {
    shell.run("mkdir src; echo one > src/a.txt; echo two! > src/a.txt");

    JsonNode history = query("src/a.txt");

    assertThat(history.findValuesAsText("iteration")).containsExactly("1", "2");
    assertThat(history.findValuesAsText("size")).containsExactly("4", "5");
    assertThat(history.findValuesAsText("change")).containsExactly("created", "modified");
    assertThat(new HashSet<>(history.findValuesAsText("hash"))).hasSize(2);

    shell.run("echo three > src/a.txt; rm src/a.txt");
    assertThat(query("src/a.txt").findValuesAsText("change"))
        .containsExactly("created", "modified", "modified", "deleted");
  }

  @Test
  void aQueryOfARenamedFileAnswersUnderBothNames() throws Exception {
    shell.run("echo one > old; mv old new");

    assertThat(query("old").findValuesAsText("change")).containsExactly("created", "deleted");
    assertThat(query("new").findValuesAsText("change")).containsExactly("created", "renamed");
    assertThat(query("new").path(1).path("from").asText()).isEqualTo("old");
  }

  @Test
  void anIterationIsReadByItsNumberAlsoWhenTheFileIsGone() {
    shell.run(
        "echo one > f; echo two > f; chmod 755 f; head -c 5000000 /dev/zero | tr '\\0' x > f; rm"
            + " f");

    assertThat(shell.run("cat .chronicle/at/1/f .chronicle/at/2/f")).isEqualTo("one\ntwo");
    assertThat(shell.run("tail -c 3 .chronicle/at/4/f; wc -c < .chronicle/at/4/f"))
        .isEqualTo("xxx5000000");
    assertThat(shell.run("test -x .chronicle/at/3/f && echo yes")).isEqualTo("yes");
    assertThat(shell.run("ls .chronicle/at/5/f .chronicle/at/9/f 2>&1 || true"))
        .contains("No such file");
  }

  @Test
  void theWholeTreeIsThereAsItWasAtAMoment() throws Exception {
    shell.run("mkdir -p a/b; echo one > a/b/f; echo x > gone; ln -s a/b/f link");
    String before = shell.run("sleep 0.01; date +%s%3N; sleep 0.01");
    shell.run("echo two > a/b/f; rm gone; mv a z; echo new > later");
    String then = ".chronicle/at/@" + before;

    assertThat(shell.run("cd " + then + "; find . | sort"))
        .isEqualTo(".\n./a\n./a/b\n./a/b/f\n./gone\n./link");
    assertThat(shell.run("cat " + then + "/a/b/f; readlink " + then + "/link"))
        .isEqualTo("one\na/b/f");
    assertThat(shell.run("cd .chronicle/at/@$(date +%s%3N); find . -type f | sort"))
        .isEqualTo("./later\n./z/b/f");
    String iso = shell.run("date -u -d @$(( " + before + " / 1000 + 3600 )) +%FT%TZ");
    assertThat(shell.run("ls .chronicle/at/@" + iso)).contains("later");
    assertThat(shell.run("cp -r " + then + " restored; cat restored/a/b/f")).isEqualTo("one");
  }

  @Test
  void nothingOfItIsListedAndToolsDoNotStumbleOverIt() {
    shell.run("echo one > f; git init -q; git add -A; mkdir -p d; echo x > d/.chronicle");

    assertThat(shell.run("ls -A")).isEqualTo(".git\nd\nf");
    assertThat(shell.run("find . -name .chronicle")).isEqualTo("./d/.chronicle");
    assertThat(shell.run("git status --porcelain f")).isEqualTo("A  f");
    assertThat(shell.run("ls -A .chronicle; ls .chronicle/query; cat d/.chronicle"))
        .isEqualTo("at\nquery\nd\nf\nx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo x > .chronicle/new",
        "echo x > .chronicle/query/f",
        "echo x >> .chronicle/at/1/f",
        "rm .chronicle/at/1/f",
        "mkdir .chronicle/d",
        "rmdir .chronicle",
        "mv .chronicle x",
        "mv f .chronicle/f",
        "ln f .chronicle/g",
        "ln -s f .chronicle/g",
        "chmod 777 .chronicle/at/1/f",
        "touch .chronicle/at/1/f",
        "truncate -s 0 .chronicle/at/1/f",
        "cd .chronicle && mkfifo p"
      })
  void nothingOfItCanBeChanged(String attempt) {
    shell.run("echo one > f");
    List<?> before = chronicle.changes("w", 0).changes();

    assertThat(shell.run("(" + attempt + ") 2>&1 && echo done || true"))
        .containsPattern(REFUSAL)
        .doesNotContain("done");

    assertThat(chronicle.changes("w", 0).changes()).isEqualTo(before);
    assertThat(shell.run("cat .chronicle/at/1/f")).isEqualTo("one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "query/none",
        "at/0/f",
        "at/x/f",
        "at/@/f",
        "at/@never",
        "at/1/none",
        "at/2/f"
      })
  void whatIsNotThereIsNotFound(String path) {
    shell.run("echo one > f");

    assertThat(shell.run("cat '.chronicle/" + path + "' 2>&1 || true")).contains("No such file");
  }

  @Test
  void manyReadersAtOnceSeeWhatWasWritten() {
    shell.run("for n in 1 2 3 4 5 6 7 8; do echo $n > f; done");

    Set<String> seen =
        Set.of(
            shell
                .run("for n in 1 2 3 4 5 6 7 8; do (cat .chronicle/at/$n/f; true) & done; wait")
                .split("\n"));

    assertThat(seen).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8");
  }
}
