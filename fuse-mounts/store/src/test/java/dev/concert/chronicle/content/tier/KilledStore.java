package dev.concert.chronicle.content.tier;

import dev.concert.chronicle.content.Content;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A tiered store in a process of its own, for a test that kills it. Puts as many contents as it is
 * sent bytes, and prints their hashes.
 */
final class KilledStore {
  private KilledStore() {}

  static Process start(Path folder, int port, String bucket, long seed) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dvertx.disableDnsResolver=true",
                "-cp",
                System.getProperty("java.class.path"),
                KilledStore.class.getName(),
                folder.toString(),
                Integer.toString(port),
                bucket,
                Long.toString(seed)))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] arguments) throws IOException {
    TieredStore store =
        TieredStore.open(
            Vertx.vertx(),
            Path.of(arguments[0]),
            Integer.parseInt(arguments[1]),
            arguments[2],
            Long.MAX_VALUE);
    Random random = new Random(Long.parseLong(arguments[3]));
    while (System.in.read() >= 0) {
      byte[] bytes = new byte[random.nextInt(50) == 0 ? 2_000_000 : random.nextInt(20_000)];
      random.nextBytes(bytes);
      System.out.println(store.store().put(Content.of(bytes)).hash());
    }
  }
}
