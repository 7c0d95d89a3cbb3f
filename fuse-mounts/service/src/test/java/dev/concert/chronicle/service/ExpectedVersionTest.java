package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.RetentionMessages.ReadRetention;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.RetentionMessages.SetRetention;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People who change a file say in which version they know it, while agents write as they like. */
@RequiresFuse
class ExpectedVersionTest {
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

  private Shell inUse(boolean mounted) {
    if (mounted) {
      return shell;
    }
    chronicle.unmount("w");
    return new Shell(home.resolve("instances/w/chronicle/tree"));
  }

  private static String hash(String text) {
    return ContentHash.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String text, String... expected) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String content = Base64.getEncoder().encodeToString(bytes);
    chronicle.ask(Addresses.WRITE_FILE, new WriteFile("w", "d/f", content, List.of(expected)));
  }

  private void delete(String... expected) {
    chronicle.ask(Addresses.DELETE_FILE, new DeleteFile("w", "d/f", List.of(expected)));
  }

  private static void refused(ThrowingCallable change) {
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(change)
        .satisfies(why -> assertThat(why.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyAFileInAnExpectedVersionIsChanged(boolean mounted) {
    shell.run("mkdir d; printf one > d/f");
    Shell inside = inUse(mounted);

    refused(() -> write("two", hash("other")));
    refused(() -> write("two"));
    refused(() -> delete(hash("other")));
    assertThat(inside.run("cat d/f")).isEqualTo("one");

    write("two", hash("other"), hash("one"));
    write("three", "*");
    assertThat(inside.run("cat d/f; ls -A .")).isEqualTo("threed");

    delete(hash("three"));
    assertThat(inside.run("find . -name '*f*'")).isEmpty();
    assertThat(chronicle.history("w", "d/f").getLast().deleted()).isTrue();
    refused(() -> write("four", "*"));
    refused(() -> delete("*"));
    assertThat(inside.run("find . -type f")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAgentThatWritesAfterTheComparisonIsNotOverwritten(boolean mounted) {
    shell.run("printf one > f");
    Shell inside = inUse(mounted);
    chronicle.close();
    try (Workspaces workspaces = KilledMount.open(home)) {
      if (mounted) {
        workspaces.mount("w");
      }
      // The agent writes in place, as many bytes as there were.
      Content arriving =
          (into, position) -> {
            inside.run("printf TWO 1<> f");
            return 0;
          };
      var known = workspaces.with("w", space -> space.view().find("f")).flatMap(file -> file);
      var version = known.map(TreeFile::signature);
      OpenContent content = new OpenContent(arriving, 0, () -> {});

      assertThatExceptionOfType(PosixException.class)
          .isThrownBy(
              () ->
                  workspaces.change(
                      "w", "f", files -> files.write("f", Kind.FILE, 0644, content, version)))
          .satisfies(why -> assertThat(why.errno()).isEqualTo(Errno.ECANCELED));
      assertThatExceptionOfType(PosixException.class)
          .isThrownBy(
              () -> workspaces.change("w", "f", files -> files.delete("f", version.orElseThrow())))
          .satisfies(why -> assertThat(why.errno()).isEqualTo(Errno.ECANCELED));
      assertThat(inside.run("cat f; ls -A")).isEqualTo("TWOf");
    }
    mount();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofManyWhoKnowTheSameVersionOneWins(boolean mounted) throws Exception {
    shell.run("mkdir d; printf one > d/f");
    inUse(mounted);
    List<Callable<Boolean>> writers =
        IntStream.range(0, 6)
            .<Callable<Boolean>>mapToObj(
                i ->
                    () -> {
                      try {
                        write("by " + i, hash("one"));
                        return true;
                      } catch (ConcertException lost) {
                        return false;
                      }
                    })
            .toList();

    try (ExecutorService many = Executors.newFixedThreadPool(6)) {
      assertThat(many.invokeAll(writers)).extracting(writer -> writer.get()).containsOnlyOnce(true);
    }
    assertThat(chronicle.history("w", "d/f"))
        .extracting(FileIteration::iteration)
        .containsExactly(1L, 2L);
  }

  @Test
  void aProgramThatHasADeletedFileOpenKeepsIt() {
    assertThat(shell.run("mkdir d; printf one > d/f; exec 7< d/f; rm d/f; cat <&7"))
        .isEqualTo("one");
    shell.run("mkdir -p d; printf one > d/f");
    Thread.ofPlatform()
        .start(
            () -> {
              delete(hash("one"));
              shell.run("touch done");
            });

    assertThat(shell.run("exec 7< d/f; while [ ! -e done ]; do sleep 0.01; done; cat <&7; ls -A"))
        .isEqualTo("onedone");
  }

  @Test
  void retentionIsComparedWhereItIsKept() {
    Retention before = chronicle.ask(Addresses.READ_RETENTION, new ReadRetention("w"));
    chronicle.ask(Addresses.SET_RETENTION, new SetRetention("w", "last:5", null, before));

    refused(
        () ->
            chronicle.ask(Addresses.SET_RETENTION, new SetRetention("w", "last:9", null, before)));
    assertThat(chronicle.ask(Addresses.READ_RETENTION, new ReadRetention("w")).policy())
        .isEqualTo("last:5");
  }
}
