package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.SnapshotMessages.ArchiveOpened;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.OpenArchive;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workspaces as archives, unpacked by the programs that people have. */
@RequiresFuse
@ExpectedLog(
    logger = "dev.concert.chronicle.archive.ArchiveServer",
    message = "An archive was not written to its end",
    required = false)
class ArchiveTest {
  private static final String LOOK =
      "find . -mindepth 1 ! -type d -printf '%P %y %m %l ' -exec sh -c"
          + " 'test -h \"$1\" || md5sum < \"$1\"; echo' - {} \\; | sort";

  /** Python's module leaves modes and links to who unpacks. */
  private static final String UNZIP =
      """
      python3 - <<'P'
      import os, zipfile
      z = zipfile.ZipFile('../archive')
      assert z.testzip() is None
      for i in z.infolist():
          mode = i.external_attr >> 16
          os.makedirs(os.path.dirname(i.filename) or '.', exist_ok=True)
          if mode & 0o170000 == 0o120000:
              os.symlink(z.read(i).decode(), i.filename)
          else:
              open(i.filename, 'wb').write(z.read(i))
              os.chmod(i.filename, mode & 0o777)
      P
      """;

  @TempDir Path home;
  private final HttpClient http = HttpClient.newHttpClient();
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

  private ArchiveOpened open(String format, String moment) {
    return chronicle.ask(Addresses.OPEN_ARCHIVE, new OpenArchive("w", format, moment));
  }

  private <T> HttpResponse<T> get(ArchiveOpened opened, HttpResponse.BodyHandler<T> body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(
                URI.create("http://" + "127.0.0.1" + ":" + opened.port() + opened.path()))
            .header("Authorization", "Bearer " + opened.token())
            .build(),
        body);
  }

  private String unpacked(String format, String moment) throws Exception {
    Path folder = Files.createDirectories(home.resolve("unpacked-" + System.nanoTime()));
    Path file = home.resolve("archive");
    Files.deleteIfExists(file);
    assertThat(get(open(format, moment), BodyHandlers.ofFile(file)).statusCode()).isEqualTo(200);
    Shell there = new Shell(folder);
    there.run(format.equals("zip") ? UNZIP : "tar -xzf ../archive");
    return there.run(LOOK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar.gz", "zip"})
  void anArchiveHasTheFilesOfNowOrOfAMomentWithModesAndLinks(String format) throws Exception {
    shell.run(
        """
        mkdir -p a/b; echo 1 > a/b/one; echo 2 > 'naïve 文件 😀.txt'; chmod 751 a/b/one; : > empty
        ln -s a/b/one link; ln -s /etc/passwd out; seq 600000 > big; mkdir $(printf 'd%.0s' $(seq 200))
        cd d*; echo deep > $(printf 'n%.0s' $(seq 200))
        """);
    String now = shell.run(LOOK);
    chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "s"));

    assertThat(unpacked(format, "")).isEqualTo(now);

    shell.run("rm -r a; echo changed > big; mv empty moved");
    assertThat(unpacked(format, "s")).isEqualTo(now);
    assertThat(unpacked(format, "")).isEqualTo(shell.run(LOOK)).isNotEqualTo(now);
    chronicle.unmount("w");
    assertThat(unpacked(format, "s")).isEqualTo(now);
  }

  @Test
  void anArchiveOfAPastMomentSaysHowManyFilesWithoutVersionsItLacks() throws Exception {
    shell.run("mkdir target; echo 1 > target/same; echo 1 > target/later; echo 1 > pom.xml");
    chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "s"));
    assertThat(open("zip", "s").excluded()).isZero();
    shell.run("echo 2 > target/later; echo 2 > target/new; echo 2 > pom.xml");

    assertThat(open("zip", "s").excluded()).isEqualTo(2);
    assertThat(open("zip", "").excluded()).isZero();
    assertThat(unpacked("tar.gz", "s")).contains("target/same").doesNotContain("target/new");
  }

  @Test
  void whatIsWrongIsNamed() {
    shell.run("echo 1 > f");
    refused(ErrorCode.INVALID_MESSAGE, "rar", "");
    refused(ErrorCode.INVALID_MESSAGE, "zip", "@never");
    refused(ErrorCode.SNAPSHOT_NOT_FOUND, "zip", "none");
    refused(ErrorCode.ITERATION_NOT_FOUND, "zip", "@2001-01-01");
  }

  private void refused(ErrorCode code, String format, String moment) {
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(() -> open(format, moment))
        .satisfies(why -> assertThat(why.code()).isEqualTo(code));
  }

  @Test
  void anArchiveIsHadOnceAndNotWithoutItsToken() throws Exception {
    ArchiveOpened opened = open("zip", "");
    ArchiveOpened guessed =
        new ArchiveOpened("127.0.0.1", opened.port(), opened.path(), "guess", "", 0);

    assertThat(get(guessed, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
    assertThat(get(opened, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    assertThat(get(opened, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
    assertThat(opened.toString()).doesNotContain(opened.token());
  }

  @Test
  void aContentThatIsLostMeanwhileEndsTheArchiveBeforeItsEnd() throws Exception {
    shell.run("echo 1 > a; head -c 900000 /dev/urandom > b; echo 3 > c");
    String hash = chronicle.history("w", "c").getLast().hash();
    ArchiveOpened opened = open("tar.gz", "");
    Path blob = home.resolve("cas").resolve(hash.substring(0, 2)).resolve(hash);
    Files.delete(blob);

    assertThatThrownBy(() -> get(opened, BodyHandlers.ofByteArray()))
        .isInstanceOf(IOException.class);
    refused(ErrorCode.ITERATION_NOT_FOUND, "tar.gz", "");
  }

  @Test
  void readersThatGoAwayMakeRoomForOthers() throws Exception {
    shell.run("head -c 30000000 /dev/urandom > large");
    for (int i = 0; i < 40; i++) {
      try (InputStream body = get(open("zip", ""), BodyHandlers.ofInputStream()).body()) {
        assertThat(body.read()).isEqualTo('P');
      }
    }
    assertThat(get(open("zip", ""), BodyHandlers.ofByteArray()).body())
        .hasSizeGreaterThan(29999999);
  }
}
