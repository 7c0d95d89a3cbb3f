package dev.concert.chronicle.localsync.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of a folder take part. */
class IgnoreRulesTest {
  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".git/config",
        "sub/.git/HEAD",
        "sub/.git",
        ".concert/x",
        ".concert-tmp-0011223344556677",
        ".main.c.swp",
        "src/.main.c.swx",
        "4913",
        "main.c~",
        "#main.c#",
        ".#main.c",
        "a.js___jb_tmp___",
        "a.js___jb_old___",
        "a.vsctmp",
        ".goutputstream-AB12",
        ".~lock.a.odt#",
        ".DS_Store",
        "deep/er/.nfs0001"
      })
  void whatToolsLeaveBehindTakesNoPart(String path) {
    assertThat(new IgnoreRules(root).ignores(path, false)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "main.c",
        ".gitignore",
        ".github/ci.yml",
        "swp",
        ".env",
        "#",
        "a#b",
        "49131",
        "git",
        "-rf"
      })
  void whatAPersonWroteTakesPart(String path) {
    assertThat(new IgnoreRules(root).ignores(path, false)).isFalse();
  }

  @Test
  void rulesOfDeeperFoldersWinAndNegationTakesBack() throws IOException {
    write(".gitignore", "*.log\nbuild/\n/only-here\n");
    write("sub/.gitignore", "!keep.log\n");
    IgnoreRules rules = new IgnoreRules(root);

    assertThat(rules.ignores("a.log", false)).isTrue();
    assertThat(rules.ignores("sub/a.log", false)).isTrue();
    assertThat(rules.ignores("sub/keep.log", false)).isFalse();
    assertThat(rules.ignores("sub/deeper/keep.log", false)).isFalse();
    assertThat(rules.ignores("keep.log", false)).isTrue();
    assertThat(rules.ignores("sub/build/x", false)).isTrue();
    assertThat(rules.ignores("build", false)).isFalse();
    assertThat(rules.ignores("only-here", false)).isTrue();
    assertThat(rules.ignores("sub/only-here", false)).isFalse();
  }

  @Test
  void whatIsInAnIgnoredFolderCannotBeTakenBack() throws IOException {
    write(".gitignore", "build/\n");
    write("build/.gitignore", "!x\n");

    assertThat(new IgnoreRules(root).ignores("build/x", false)).isTrue();
  }

  @Test
  void concertsOwnRulesWinOverThoseOfGit() throws IOException {
    write(".concertignore", "!notes.log\nsecret.txt\n!4913\n!.git\n");
    write("sub/.gitignore", "*.log\n");
    IgnoreRules rules = new IgnoreRules(root);

    assertThat(rules.ignores("sub/notes.log", false)).isFalse();
    assertThat(rules.ignores("sub/other.log", false)).isTrue();
    assertThat(rules.ignores("sub/secret.txt", false)).isTrue();
    assertThat(rules.ignores("4913", false)).isFalse();
    assertThat(rules.ignores(".git/config", false)).isTrue();
  }

  @Test
  void changedRulesAreReadAgainWhenForgotten() throws IOException {
    IgnoreRules rules = new IgnoreRules(root);
    assertThat(rules.ignores("a.log", false)).isFalse();

    write(".gitignore", "*.log\n");
    rules.changed();

    assertThat(rules.ignores("a.log", false)).isTrue();
  }

  @Test
  void rulesBehindASymlinkAreNotFollowed() throws IOException {
    write("elsewhere", "*\n");
    Files.createSymbolicLink(root.resolve(".gitignore"), Path.of("elsewhere"));

    assertThat(new IgnoreRules(root).ignores("a", false)).isFalse();
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }
}
