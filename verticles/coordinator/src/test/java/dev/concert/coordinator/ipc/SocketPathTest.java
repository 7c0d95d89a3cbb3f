package dev.concert.coordinator.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketPathTest {
  @TempDir Path home;

  /** The length of the longest of an instance's socket paths, were it in the instance's folder. */
  @ParameterizedTest
  @ValueSource(ints = {90, 104, 105, 106, 107, 108, 109, 200})
  void everySocketOfAnInstanceCanBeBoundHoweverLongItsFolderIs(int length) throws IOException {
    String name = "x".repeat(length - "/ensemble.sock".length() - home.toString().length() - 1);
    Path folder = Files.createDirectory(home.resolve(name));

    SocketPath path = SocketPath.prepare(folder);
    try {
      for (Path socket : List.of(path.socket(), path.proxy(), path.ensemble())) {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          server.bind(UnixDomainSocketAddress.of(socket));
        }
      }
    } finally {
      path.remove();
    }
    assertThat(path.socket()).doesNotExist();
  }
}
