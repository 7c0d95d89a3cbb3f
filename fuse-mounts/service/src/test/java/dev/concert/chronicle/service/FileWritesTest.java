package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.workspace.LiveFiles;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write from outside into a workspace, with an agent in it and without. */
@RequiresFuse
@ExpectedLog(
    logger = "dev.concert.bus.Endpoint",
    message = "Request files.write to chronicle.* failed",
    required = false)
class FileWritesTest {
  private static final String LARGE = "0123456789abcdef".repeat(200_000);

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

  private FileWritten write(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return chronicle.ask(
        Addresses.WRITE_FILE, new WriteFile("w", path, Base64.getEncoder().encodeToString(bytes)));
  }

  /** Afterwards the workspace is in use, or not. */
  private Shell inUse(boolean mounted) {
    if (mounted) {
      return shell;
    }
    chronicle.unmount("w");
    return new Shell(tree());
  }

  private Path tree() {
    return home.resolve("instances/w/chronicle/tree");
  }

  private Path orphans() {
    return home.resolve("instances/w/chronicle/orphans");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUploadIsOneIterationOfItsPathAndKeepsModeAndOwner(boolean mounted) {
    String self = shell.run("echo $(id -u):$(id -g)");
    // Only root can give a file to somebody else.
    String owner = self.equals("0:0") ? "65534:65534" : self;
    shell.run("mkdir d; echo old > d/f; chmod 751 d/f; chown %s d/f".formatted(owner));
    Shell inside = inUse(mounted);
    long before = chronicle.changes("w", 0).latest();

    assertThat(write("d/f", LARGE).iteration())
        .isEqualTo(chronicle.history("w", "d/f").getLast().iteration());
    write("new/deep/g", "fresh");

    assertThat(chronicle.changes("w", before).changes())
        .extracting(FileChange::path, FileChange::change, FileChange::from)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("d/f", "modified", null),
            org.assertj.core.groups.Tuple.tuple("new/deep/g", "created", null));
    assertThat(inside.run("stat -c '%a %u:%g %h %s' d/f new/deep/g; cat new/deep/g"))
        .isEqualTo("751 %s 1 3200000\n644 %s 1 5\nfresh", owner, self);
    assertThat(chronicle.at("w", "d/f", 1).content()).isEqualTo("old\n");
    assertThat(orphans()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writersOfOneFileAtOnceAllWriteIt(boolean mounted) throws Exception {
    write("f", "start");
    chronicle.close();

    try (Workspaces workspaces = KilledMount.open(home)) {
      if (mounted) {
        workspaces.mount("w");
      }
      byte[] bytes = "text".getBytes(StandardCharsets.UTF_8);
      Consumer<LiveFiles> write =
          files ->
              files.write(
                  "f", Kind.FILE, 0644, new OpenContent(Content.of(bytes), bytes.length, () -> {}));
      Callable<Boolean> writer =
          () -> {
            workspaces.change("w", "f", write);
            return true;
          };
      try (ExecutorService many = Executors.newFixedThreadPool(6)) {
        assertThat(many.invokeAll(Collections.nCopies(mounted ? 160 : 30, writer)))
            .allSatisfy(written -> assertThat(written.get()).isTrue());
      }
      assertThat(orphans()).isEmptyDirectory();
    }
    mount();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoHasTheOldFileOpenKeepsItAndNobodySeesHalfOfTheNewOne(boolean mounted) {
    shell.run("printf 'short' > f");
    Shell inside = inUse(mounted);
    Thread.ofPlatform()
        .start(
            () -> {
              for (int i = 0; i < 20; i++) {
                write("f", i % 2 == 0 ? LARGE : "short");
              }
              write("done", "");
            });
    assertThat(
            inside
                .run(
                    """
                    exec 7< f
                    while [ ! -e done ]; do cat f 2>/dev/null | wc -c; done | sort -u; cat <&7
                    """)
                .lines())
        .contains("short")
        .isSubsetOf("3200000", "5", "short");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUploadOverASymlinkTakesItsPlaceAndOneOverAFolderIsRefused(boolean mounted)
      throws IOException {
    Path outside = Files.writeString(home.resolve("outside"), "untouched");
    shell.run("ln -s " + outside + " link; mkdir folder; ln -s " + home + " out");
    inUse(mounted);

    write("link", "mine");

    assertThat(outside).hasContent("untouched");
    assertThat(chronicle.read("w", "link").content()).isEqualTo("mine");
    refused(() -> write("folder", "x"));
    refused(() -> write("out/outside", "x"));
    refused(() -> write("link/below", "x"));
    refused(() -> write(".chronicle/at/1/x", "x"));
    assertThat(outside).hasContent("untouched");
    assertThat(orphans()).isEmptyDirectory();
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable write) {
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(write)
        .satisfies(why -> assertThat(why.code()).isEqualTo(ErrorCode.PATH_INVALID));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anIterationComesBackAsANewOneAlsoOfALink(boolean mounted) {
    shell.run("echo 1 > f; chmod +x f; echo 2 > f; chmod -x f; ln -s one l; rm l; ln -s two l");
    Shell inside = inUse(mounted);

    chronicle.ask(Addresses.RESTORE_FILE, new RestoreFile("w", "f", 2));
    chronicle.ask(Addresses.RESTORE_FILE, new RestoreFile("w", "l", 1));

    assertThat(inside.run("cat f; stat -c %a f; readlink l")).isEqualTo("1\n755\none");
    assertThat(chronicle.history("w", "f"))
        .extracting(FileIteration::iteration)
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(chronicle.at("w", "l", 4).content()).isEqualTo("one");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWriteThatFailsInTheMiddleLeavesWhatWasThere(boolean mounted) {
    shell.run("echo old > f");
    Shell inside = inUse(mounted);
    chronicle.close();

    try (Workspaces workspaces = KilledMount.open(home)) {
      if (mounted) {
        workspaces.mount("w");
      }
      Content breaking =
          (into, position) -> {
            if (position > 1_000_000) {
              throw new IllegalStateException("The content cannot be read on");
            }
            return into.length;
          };
      OpenContent content = new OpenContent(breaking, 2_000_000, () -> {});
      Consumer<LiveFiles> write = files -> files.write("f", Kind.FILE, 0644, content);
      assertThatThrownBy(() -> workspaces.change("w", "f", write)).hasMessageContaining("read on");
      assertThat(inside.run("cat f")).isEqualTo("old");
      assertThat(orphans()).isEmptyDirectory();
      assertThat(workspaces.with("w", space -> space.journal().history().latest())).contains(1L);
    }
    mount();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServerThatIsKilledInTheMiddleLeavesWhatWasThere(boolean mounted) throws Exception {
    shell.run("echo old > f");
    chronicle.close();

    Process serving = KilledWrite.start(home, mounted);
    serving.destroyForcibly().waitFor();
    List<Path> left = Files.list(orphans()).toList();

    mount();
    assertThat(left).as("it was in the middle of it").hasSize(1);
    assertThat(shell.run("cat f; ls -A")).isEqualTo("old\nf");
    assertThat(chronicle.history("w", "f")).hasSize(1);
    assertThat(orphans()).isEmptyDirectory();
  }
}
