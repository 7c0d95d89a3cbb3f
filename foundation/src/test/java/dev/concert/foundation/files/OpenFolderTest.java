package dev.concert.foundation.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Shell;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenFolderTest {
  @TempDir Path home;

  @Test
  void aFolderIsClosedWithAllThatIsInIt() throws IOException {
    Path root = open("data");
    Path file = Files.writeString(Files.createDirectory(root.resolve("a")).resolve("b"), "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr--"));

    assertThat(OpenFolder.at(root, _ -> false).orElseThrow().close()).isGreaterThanOrEqualTo(3);

    assertThat(modes(root)).isEqualTo("rwx------");
    assertThat(modes(file)).isEqualTo("rwx------");
    assertThat(OpenFolder.at(root, _ -> false)).isEqualTo(Optional.empty());
  }

  @Test
  void aSocketAndAPipeThatACrashLeftKeepNoFolderOpen() throws IOException {
    Path root = open("data");
    new Shell(root).run("mkfifo pipe");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
    }

    OpenFolder.at(root, _ -> false).orElseThrow().close();

    assertThat(modes(root)).isEqualTo("rwx------");
  }

  @Test
  void whatIsLeftAloneKeepsItsModes() throws IOException {
    Path root = open("data");
    Path alone = open("data/theirs");

    OpenFolder.at(root, alone::equals).orElseThrow().close();

    assertThat(modes(alone)).isEqualTo("rwxr-xr-x");
    assertThat(modes(root)).isEqualTo("rwx------");
  }

  private Path open(String name) throws IOException {
    Path folder = Files.createDirectories(home.resolve(name));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  private static String modes(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
