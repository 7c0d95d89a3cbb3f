package dev.concert.gateway.auth;

import dev.concert.foundation.files.AtomicFile;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A token that programs of the server's user read from the data folder, on systems that do not tell
 * whose a connection is. A new one is written at each start. Blocking.
 */
final class LocalToken {
  /** In the data folder, for its owner only. */
  static final String FILE = "client.token";

  private static final int BYTES = 32;

  private LocalToken() {}

  static String write(Path data) throws IOException {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    PrivateFiles.createDirectories(data);
    AtomicFile.replace(data.resolve(FILE), (token + "\n").getBytes(StandardCharsets.US_ASCII));
    return token;
  }
}
