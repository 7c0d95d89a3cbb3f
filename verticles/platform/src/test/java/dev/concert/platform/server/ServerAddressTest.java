package dev.concert.platform.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.files.LockFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands find the server that works on a data folder, and no other program. */
class ServerAddressTest {
  private static final String URL = "http://127.0.0.1:40001";

  @TempDir Path data;

  @Test
  void itHoldsForAsLongAsAServerWorksOnTheFolder() throws Exception {
    assertThat(ServerAddress.read(data)).isEmpty();
    try (LockFile used = LockFile.tryLock(data.resolve("concert.lock")).orElseThrow()) {
      assertThat(used).isNotNull();
      ServerAddress.write(data, URL);

      assertThat(ServerAddress.read(data)).contains(URL);
    }

    assertThat(ServerAddress.read(data)).as("another program may listen there by now").isEmpty();
  }
}
