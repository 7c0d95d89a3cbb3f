package dev.concert.chronicle.localsync.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.ObstructedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person's folder as the files of a replica. */
class LocalFolderTest {
  @TempDir private Path place;
  private Path root;
  private LocalFolder folder;

  @BeforeEach
  void open() throws IOException {
    root = Files.createDirectory(place.resolve("root")).toRealPath();
    folder =
        new LocalFolder(
            root, new IgnoreRules(root), new DeletionGuard(false), new SyncStop(_ -> {}));
  }

  @Test
  void aFileIsWrittenWholeWithItsModeAndReadBack() throws IOException {
    Optional<ReplicaFile> written = put("src/run.sh", Optional.empty(), 0755, "echo");

    assertThat(Files.readString(root.resolve("src/run.sh"))).isEqualTo("echo");
    assertThat(Files.getPosixFilePermissions(root.resolve("src/run.sh")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(folder.find("src/run.sh")).isEqualTo(written);
    assertThat(text("src/run.sh")).isEqualTo("echo");
    assertThat(names()).containsExactly("src/run.sh");
  }

  @Test
  void aFileThatWasChangedMeanwhileIsNotOverwrittenNorDeleted() throws IOException {
    Optional<ReplicaFile> seen = put("a", Optional.empty(), 0644, "theirs");
    Files.writeString(root.resolve("a"), "mine!!");

    assertThat(put("a", seen, 0644, "newer")).isEmpty();
    assertThat(folder.delete("a", seen.orElseThrow())).isFalse();
    assertThat(put("a", Optional.empty(), 0644, "newer")).isEmpty();

    assertThat(text("a")).isEqualTo("mine!!");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void aWriteOfTheSameSizeThatSetsTheTimeBackStillShows() throws IOException {
    Path file = root.resolve("a");
    Files.writeString(file, "one");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    Optional<ReplicaFile> before = folder.find("a");

    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));

    assertThat(folder.find("a")).isNotEqualTo(before);
  }

  @Test
  void aFolderIsRemovedOnlyWhenItIsEmpty() {
    Optional<ReplicaFile> deep = put("a/b/c", Optional.empty(), 0644, "x");
    folder.folders().remove("a/b");
    assertThat(folder.folders().exists("a/b")).isTrue();
    assertThat(folder.folders().empty()).isEmpty();

    assertThat(folder.delete("a/b/c", deep.orElseThrow())).isTrue();

    assertThat(folder.folders().empty()).containsOnlyKeys("a/b");
    folder.folders().remove("a/b");
    folder.folders().remove("a");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void noFolderIsMadeOrRemovedThroughASymlink() throws IOException {
    Path outside = Files.createDirectories(root.resolveSibling("outside/empty")).getParent();
    Files.createSymbolicLink(root.resolve("way"), outside);

    assertThatThrownBy(() -> folder.folders().make("way/x", 0755))
        .isInstanceOf(ObstructedException.class);
    assertThatThrownBy(() -> folder.folders().make("way", 0755))
        .isInstanceOf(ObstructedException.class);
    folder.folders().remove("way/empty");
    folder.folders().remove("way");

    assertThat(folder.folders().empty()).isEmpty();
    assertThat(outside.resolve("empty")).isEmptyDirectory();
    assertThat(outside.resolve("x")).doesNotExist();
  }

  @Test
  void aFolderWithIgnoredFilesInItStays() throws IOException {
    Optional<ReplicaFile> file = put("a/b", Optional.empty(), 0644, "x");
    Files.writeString(root.resolve("a/b~"), "backup");

    assertThat(folder.delete("a/b", file.orElseThrow())).isTrue();

    assertThat(root.resolve("a/b~")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/..",
        ".",
        "./a",
        "a//b",
        "a/",
        "a\0b",
        "a/./b",
        ".git/hooks/post-checkout",
        "sub/.git/config"
      })
  void pathsThatLeadOutOrAreNotTheirsAreNotAccepted(String path) {
    assertThat(folder.accepts(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-rf",
        "a\nb",
        " ",
        "a b",
        "ü€𝄞",
        "a\\b",
        "...",
        "*",
        "$(reboot)",
        "\u202egnp",
        "\t"
      })
  void strangeNamesAreNames(String name) {
    assertThat(folder.accepts(name)).isTrue();
    put(name, Optional.empty(), 0644, "x");

    assertThat(names()).containsExactly(name);
    assertThat(text(name)).isEqualTo("x");
    assertThat(folder.delete(name, folder.find(name).orElseThrow())).isTrue();
  }

  @Test
  void namesOf255BytesAreWritten() {
    String name = "é".repeat(127) + "x";

    put("d/" + name, Optional.empty(), 0644, "x");

    assertThat(names()).containsExactly("d/" + name);
  }

  @Test
  void nothingIsWrittenThroughASymlink() throws IOException {
    Path outside = Files.createDirectory(place.resolve("outside"));
    Files.createSymbolicLink(root.resolve("out"), outside);

    assertThatThrownBy(() -> put("out/x", Optional.empty(), 0644, "x"))
        .isInstanceOfSatisfying(
            ObstructedException.class, e -> assertThat(e.obstacle()).isEqualTo("out"));

    assertThat(outside).isEmptyDirectory();
    Files.writeString(outside.resolve("y"), "secret");
    assertThat(folder.find("out/y")).isEmpty();
    assertThat(folder.open("out/y")).isEmpty();
  }

  @Test
  void symlinksInsideAreFilesAndThoseThatLeadOutTakeNoPart() throws IOException {
    put("a", Optional.empty(), 0644, "x");
    folder.put("d/link", Optional.empty(), Kind.SYMLINK, 0777, content("../a"));
    Files.createSymbolicLink(root.resolve("absolute"), place.resolve("outside"));
    Files.createSymbolicLink(root.resolve("d/up"), Path.of("../../outside"));
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("not/there"));

    assertThat(Files.readSymbolicLink(root.resolve("d/link"))).isEqualTo(Path.of("../a"));
    assertThat(names()).containsExactlyInAnyOrder("a", "d/link", "dangling");
    assertThat(text("d/link")).isEqualTo("../a");
  }

  @Test
  void aFolderInPlaceOfAFileIsAnObstacle() throws IOException {
    Files.createDirectories(root.resolve("a/b"));

    assertThatThrownBy(() -> put("a", Optional.empty(), 0644, "x"))
        .isInstanceOf(ObstructedException.class);

    assertThat(root.resolve("a/b")).isDirectory();
    assertThat(names()).isEmpty();
  }

  @Test
  void aPipeIsNotAFile() throws Exception {
    new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor();

    assertThat(names()).isEmpty();
    assertThat(folder.find("pipe")).isEmpty();
    assertThat(folder.open("pipe")).isEmpty();
  }

  @Test
  void anUnreachableRootIsAFailureAndNotAnEmptyFolder() throws IOException {
    put("a", Optional.empty(), 0644, "x");
    Files.move(root, place.resolve("moved"));

    assertThatThrownBy(() -> folder.find("a")).hasMessageContaining("not the folder that it was");
    assertThatThrownBy(this::names).isInstanceOf(SyncException.class);
  }

  @Test
  void anotherFolderInPlaceOfTheRootIsNotTheRoot() throws IOException {
    put("a", Optional.empty(), 0644, "x");
    Files.move(root, place.resolve("moved"));
    Files.createDirectory(root); // as when a disk is unmounted

    assertThatThrownBy(() -> folder.find("a")).hasMessageContaining("not the folder that it was");
    assertThatThrownBy(this::names).isInstanceOf(SyncException.class);
  }

  @Test
  void afterAHaltNothingIsWrittenAnyMore() throws IOException {
    assertThatThrownBy(() -> folder.missing(30, 40)).hasMessageContaining("--allow-deletions");

    assertThatThrownBy(() -> put("a", Optional.empty(), 0644, "x"))
        .isInstanceOf(SyncException.class);
    assertThat(root).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../x", "d/../../x", "", "a\0b"})
  void targetsThatLeadOutAreNotAccepted(String target) {
    assertThat(folder.acceptsTarget("link", target.replace("\\0", "\0"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "d/a", "./a", "d/../a", "not there"})
  void targetsInsideAreAccepted(String target) {
    assertThat(folder.acceptsTarget("link", target)).isTrue();
  }

  @Test
  void ignoredFoldersAreNotWalked() throws IOException {
    Files.writeString(root.resolve(".gitignore"), "node_modules/\n");
    put("src/a", Optional.empty(), 0644, "x");
    Files.createDirectories(root.resolve("node_modules/b"));
    Files.writeString(root.resolve("node_modules/b/c"), "x");

    assertThat(names()).containsExactlyInAnyOrder(".gitignore", "src/a");
  }

  @Test
  void largeFilesAreStreamed() throws IOException {
    long size = 3L * 1024 * 1024 + 17;
    OpenContent large =
        new OpenContent(
            (into, position) -> {
              int length = Math.clamp(size - position, 0, into.length);
              assertThat(into.length).isLessThanOrEqualTo(1024 * 1024);
              return length;
            },
            size,
            () -> {});

    folder.put("large", Optional.empty(), Kind.FILE, 0600, large);

    assertThat(root.resolve("large")).hasSize(size);
    assertThat(root.resolve("large").toFile()).isReadable();
    assertThat(Files.isSymbolicLink(root.resolve("large"))).isFalse();
    assertThat(Files.getAttribute(root.resolve("large"), "unix:mode", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(0100600);
  }

  private Optional<ReplicaFile> put(
      String path, Optional<ReplicaFile> expected, int mode, String text) {
    return folder.put(path, expected, Kind.FILE, mode, content(text));
  }

  private static OpenContent content(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new OpenContent(Content.of(bytes), bytes.length, () -> {});
  }

  private String text(String path) {
    try (OpenContent open = folder.open(path).orElseThrow()) {
      byte[] bytes = new byte[(int) open.size()];
      return new String(bytes, 0, open.content().read(bytes, 0), UTF_8);
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    folder.walk(file -> names.add(file.path()));
    assertThat(Stream.of(root.toFile().list())).noneMatch(IgnoreRules.TEMPORARY::startsWith);
    return names;
  }
}
