package dev.concert.chronicle.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.transfer.FileImport;
import dev.concert.chronicle.workspace.HandedFiles;
import dev.concert.testing.RequiresFuse;
import dev.concert.workspace.WorkspaceMessages.OpenTransfer;
import dev.concert.workspace.WorkspaceMessages.Transfer;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many files of a workspace in one stream, with the workspace mounted and not. */
@RequiresFuse
class TransferTest {
  @TempDir private Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private Chronicle chronicle;

  @BeforeEach
  void start() {
    chronicle = Chronicle.fuse(home);
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    chronicle.close();
  }

  /** A tar that is built entry by entry. */
  private static final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar =
        new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

    private Tar() {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    Tar file(String path, String text) throws IOException {
      return file(path, text, 0644);
    }

    Tar file(String path, String text, int mode) throws IOException {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry(path, true);
      entry.setSize(content.length);
      entry.setMode(mode);
      return add(entry, content);
    }

    Tar link(String path, String target) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK, true);
      entry.setLinkName(target);
      return add(entry, new byte[0]);
    }

    Tar handed(String path, String name) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(path, true);
      entry.setMode(0644);
      entry.addPaxHeader(FileImport.HANDED, name);
      return add(entry, new byte[0]);
    }

    Tar gone(String path) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(path, true);
      entry.addPaxHeader(FileImport.DELETED, "1");
      return add(entry, new byte[0]);
    }

    private Tar add(TarArchiveEntry entry, byte[] content) throws IOException {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    }

    byte[] whole() throws IOException {
      return file(FileImport.END, "").cut();
    }

    byte[] cut() throws IOException {
      tar.finish();
      return bytes.toByteArray();
    }
  }

  private HttpResponse<byte[]> ask(Transfer transfer, byte[] body) throws Exception {
    return ask(transfer, body, "");
  }

  private HttpResponse<byte[]> ask(Transfer transfer, byte[] body, String known) throws Exception {
    TransferOpened opened = chronicle.ask(Addresses.OPEN_TRANSFER, new OpenTransfer("w", transfer));
    return http.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(opened.port(), opened.path())))
            .header("Authorization", "Bearer " + opened.token())
            .header("If-None-Match", known)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private Map<String, JsonObject> lines(Transfer transfer, byte[] body) throws Exception {
    HttpResponse<byte[]> answer = ask(transfer, body);
    assertThat(answer.statusCode()).isEqualTo(200);
    Map<String, JsonObject> lines = new TreeMap<>();
    new String(answer.body(), StandardCharsets.UTF_8)
        .lines()
        .map(JsonObject::new)
        .forEach(line -> lines.put(line.getString("path", ""), line));
    return lines;
  }

  private Path tree() {
    return home.resolve("instances/w/chronicle/tree");
  }

  private Map<String, String> exported(String... paths) throws Exception {
    byte[] body =
        ask(Transfer.EXPORT, (String.join("\0", paths) + "\0").getBytes(StandardCharsets.UTF_8))
            .body();
    Map<String, String> found = new TreeMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(body))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        found.put(
            entry.getName(),
            entry.isSymbolicLink()
                ? "-> " + entry.getLinkName()
                : new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void filesComeInAreListedAndGoOutAgain(boolean mounted) throws Exception {
    if (mounted) {
      chronicle.mount("w");
    }
    byte[] tar =
        new Tar()
            .file("a.txt", "one\n")
            .file("deep/er/run.sh", "#!/bin/sh\n", 0755)
            .link("deep/link", "er/run.sh")
            .file(".git/HEAD", "ref: refs/heads/main\n")
            .whole();

    Map<String, JsonObject> arrived = lines(Transfer.IMPORT, tar);

    Map<String, JsonObject> listed = lines(Transfer.LIST, new byte[0]);
    assertThat(listed.keySet()).containsExactly("", "a.txt", "deep/er/run.sh", "deep/link");
    assertThat(listed.get("").getBoolean("end")).isTrue();
    String digest = listed.get("").getString("digest");
    JsonObject again =
        new JsonObject(new String(ask(Transfer.LIST, new byte[0], digest).body(), UTF_8));
    assertThat(again.getBoolean("same")).isTrue();
    for (String name : List.of("size", "modified", "inode")) {
      assertThat(listed.get("a.txt").getLong(name)).isEqualTo(arrived.get("a.txt").getLong(name));
    }
    assertThat(listed.get("deep/er/run.sh").getInteger("mode") & 0100).isNotZero();
    assertThat(exported("a.txt", "deep/link", "missing"))
        .isEqualTo(Map.of("a.txt", "one\n", "deep/link", "-> er/run.sh"));
    assertThat(tree().resolve(".git/HEAD")).hasContent("ref: refs/heads/main\n");

    lines(Transfer.IMPORT, new Tar().gone("a.txt").gone("deep/er/run.sh").file("b", "2").whole());

    assertThat(new String(ask(Transfer.LIST, new byte[0], digest).body(), UTF_8))
        .contains("\"same\":false", "deep/link");
    assertThat(lines(Transfer.LIST, new byte[0]).keySet()).containsExactly("", "b", "deep/link");
    Path seen = mounted ? home.resolve("instances/w/chronicle/mount") : tree();
    assertThat(seen.resolve("b")).hasContent("2");
    assertThat(seen.resolve("deep/er")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLargeFileThatLiesBesideTheWorkspaceComesInByItsName(boolean mounted) throws Exception {
    if (mounted) {
      chronicle.mount("w");
    }
    lines(Transfer.IMPORT, new Tar().file("before.txt", "x").whole());
    Path large = Files.writeString(home.resolve("large"), "of this machine");
    String name;
    try (HandedFiles handed = HandedFiles.beside(home.resolve("instances"), "w").orElseThrow()) {
      name = handed.lay(large);
      Path link = handed.folder().resolve(UUID.randomUUID().toString());
      Files.createSymbolicLink(link, large);
      for (String wrong : List.of("../../large", link.getFileName().toString(), "x")) {
        assertThat(ask(Transfer.IMPORT, new Tar().handed("wrong", wrong).whole()).statusCode())
            .isEqualTo(422);
      }

      lines(Transfer.IMPORT, new Tar().handed("deep/large", name).file("b", "2").whole());
    }

    assertThat(exported("deep/large", "wrong", "b"))
        .isEqualTo(Map.of("deep/large", "of this machine", "b", "2"));
    assertThat(large).hasContent("of this machine");
    assertThat(home.resolve("instances/w/chronicle/handed")).doesNotExist();
    // It is there no more.
    assertThat(ask(Transfer.IMPORT, new Tar().handed("again", name).whole()).statusCode())
        .isEqualTo(422);
    assertThat(HandedFiles.beside(home.resolve("instances"), "elsewhere")).isEmpty();
  }

  static Stream<byte[]> cutArchives() throws IOException {
    byte[] whole = new Tar().file("a.txt", "new").file("b.txt", "x".repeat(5000)).whole();
    return Stream.of(
        new Tar().file("a.txt", "new").cut(),
        Arrays.copyOf(whole, 2048),
        new Tar().file("a.txt", "new").file("../outside", "x").whole(),
        new Tar().file("a.txt", "new").file("/etc/outside", "x").whole(),
        new Tar().file("a.txt", "new").file(".chronicle/x", "x").whole());
  }

  @ParameterizedTest
  @MethodSource("cutArchives")
  void anArchiveThatIsCutOrLeadsOutChangesNothing(byte[] tar) throws Exception {
    lines(Transfer.IMPORT, new Tar().file("a.txt", "old").whole());

    assertThat(refused(tar)).isTrue();

    assertThat(tree().resolve("a.txt")).hasContent("old");
    assertThat(home.resolve("instances/w/chronicle/incoming")).isEmptyDirectory();
  }

  /** Refused with a sentence, or cut as it was sent. */
  private boolean refused(byte[] tar) throws Exception {
    try {
      return ask(Transfer.IMPORT, tar).statusCode() == 422;
    } catch (IOException cut) {
      return true;
    }
  }

  @Test
  void nothingIsWrittenThroughASymlinkOrOverAFolderAndTheRestArrives() throws Exception {
    Path outside = Files.createDirectory(home.resolve("outside"));
    lines(Transfer.IMPORT, new Tar().link("out", outside.toString()).file("dir/x", "x").whole());

    Map<String, JsonObject> arrived =
        lines(
            Transfer.IMPORT,
            new Tar().file("out/evil", "x").file("dir", "x").file("fine", "x").whole());

    assertThat(arrived.get("out/evil").getBoolean("refused")).isTrue();
    assertThat(arrived.get("dir").getBoolean("refused")).isTrue();
    assertThat(tree().resolve("fine")).hasContent("x");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aTokenLetsOneRequestIn() throws Exception {
    TransferOpened opened =
        chronicle.ask(Addresses.OPEN_TRANSFER, new OpenTransfer("w", Transfer.LIST));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(opened.port(), opened.path())))
            .header("Authorization", "Bearer " + opened.token())
            .build();
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
  }
}
