package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.FileEntry;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.FileList;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import dev.concert.workspace.WorkspaceMessages.Piece;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files in pieces, and large folders in pages. */
@RequiresFuse
class FilePiecesTest {
  private static final int PIECE = 1 << 20;

  @TempDir Path home;
  private Chronicle chronicle;
  private Shell shell;
  private Path mount;

  @BeforeEach
  void mount() {
    chronicle = Chronicle.fuse(home);
    mount = chronicle.mount("w");
    shell = new Shell(mount);
  }

  @AfterEach
  void unmount() {
    chronicle.close();
  }

  private static byte[] all(Function<Piece, FileContent> read) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Long offset = 0L;
    while (offset != null) {
      FileContent piece = read.apply(new Piece(offset, PIECE));
      bytes.writeBytes(
          piece.encoding().equals("base64")
              ? Base64.getDecoder().decode(piece.content())
              : piece.content().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      offset = piece.nextOffset();
    }
    return bytes.toByteArray();
  }

  private Optional<FileIteration> newest(String path) {
    return chronicle.history("w", path).reversed().stream().findFirst();
  }

  @Test
  void aFileOverTenMebibytesIsReadInPiecesAsItIsAndAsItWas() throws Exception {
    shell.run("head -c 12000001 /dev/urandom > big");
    // A slow machine has versions from before the last byte, too.
    Await.until(
        "the version of the whole file",
        () -> newest("big").filter(version -> version.size() == 12_000_001).isPresent());
    long written = newest("big").orElseThrow().iteration();
    byte[] first = Files.readAllBytes(mount.resolve("big"));
    FileContent piece =
        chronicle.ask(Addresses.READ_FILE, new ReadFile("w", "big", new Piece(5, 3)));

    assertThat(all(part -> chronicle.ask(Addresses.READ_FILE, new ReadFile("w", "big", part))))
        .isEqualTo(first);
    assertThat(piece.size()).isEqualTo(12_000_001);
    assertThat(piece.iteration()).isEqualTo(written);
    assertThat(piece.hash()).isEqualTo(newest("big").orElseThrow().hash());
    shell.run("echo other > big");
    assertThat(
            all(
                part ->
                    chronicle.ask(
                        Addresses.READ_ITERATION, new ReadIteration("w", "big", written, part))))
        .isEqualTo(first);
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(() -> chronicle.at("w", "big", written))
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.FILE_TOO_LARGE))
        .withMessageContaining("'offset'");
  }

  @Test
  void aFolderOfManyFilesComesInPagesAlsoWhileItChanges() throws Exception {
    shell.run("mkdir -p a/sub z; seq -f 'a/sub/f%05g' 1 12000 | xargs touch; touch a/x z/y");
    List<String> listed = new ArrayList<>();
    String cursor = null;
    int pages = 0;
    do {
      FileList page = chronicle.ask(Addresses.LIST_FILES, new ListFiles("w", "", 10, cursor));
      page.entries().stream().map(FileEntry::path).forEach(listed::add);
      cursor = page.nextCursor();
      if (pages++ == 0) {
        // Neither moves what is still to come.
        Files.delete(mount.resolve(listed.getLast()));
        Files.createFile(mount.resolve("a/sub/a-new-one-before-it"));
      }
    } while (cursor != null);

    List<String> expected = new ArrayList<>(List.of("a", "a/sub"));
    IntStream.rangeClosed(1, 12_000).forEach(i -> expected.add("a/sub/f%05d".formatted(i)));
    expected.addAll(List.of("a/x", "z", "z/y"));
    assertThat(listed).isEqualTo(expected);
    assertThat(pages).isEqualTo(2);
  }
}
