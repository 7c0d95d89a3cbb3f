package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresFuse
class ChronicleVerticleTest {
  @TempDir Path home;
  private Chronicle chronicle;
  private Shell shell;

  @BeforeEach
  void mount() {
    chronicle = Chronicle.fuse(home);
    shell = new Shell(chronicle.mount("w"));
  }

  @AfterEach
  void unmount() {
    chronicle.close();
  }

  @Test
  void each_close_after_writing_is_one_iteration() {
    shell.run("echo one > a.txt; echo two > a.txt");

    List<FileIteration> history = chronicle.history("w", "a.txt");
    assertThat(history).extracting(FileIteration::iteration).containsExactly(1L, 2L);
    assertThat(history)
        .extracting(FileIteration::hash)
        .containsExactly(hash("one\n"), hash("two\n"));
    assertThat(chronicle.at("w", "a.txt", 1).content()).isEqualTo("one\n");
    FileContent now = chronicle.read("w", "a.txt");
    assertThat(now.content()).isEqualTo("two\n");
    assertThat(now.iteration()).isEqualTo(2);
  }

  @Test
  void each_sync_after_writing_is_one_iteration_although_the_file_stays_open() {
    String seen =
        shell.run(
            """
            python3 - <<'END'
            import os
            fd = os.open('log', os.O_CREAT | os.O_WRONLY)
            for line in (b'one', b'two'):
                os.write(fd, line)
                os.fsync(fd)
                os.fdatasync(fd)
                print(open('.chronicle/query/log').read().count('"iteration"'))
            END
            """);

    assertThat(seen).isEqualTo("1\n2");
    assertThat(chronicle.at("w", "log", 1).content()).isEqualTo("one");
    assertThat(chronicle.history("w", "log")).hasSize(2);
  }

  @Test
  void listeners_hear_of_each_iteration_in_order() {
    List<FileChange> heard = chronicle.listen("w");

    shell.run("echo one > a; mv a b; rm b");

    Await.until(() -> heard.size() == 3);
    assertThat(heard)
        .extracting(FileChange::change)
        .containsExactly("created", "renamed", "deleted");
    assertThat(heard).extracting(FileChange::sequence).containsExactly(1L, 2L, 3L);
    assertThat(heard.get(1).from()).isEqualTo("a");
    assertThat(chronicle.changes("w", 0).changes()).isEqualTo(heard);
  }

  private static String hash(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
