package dev.concert.chronicle.content;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A process that puts contents into a store, for a test that starts several. Half of them are the
 * same in all processes. Prints the hash of each when it was put.
 */
final class SharedStore {
  private SharedStore() {}

  static Process start(Path folder, int seed, int count) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SharedStore.class.getName(),
                folder.toString(),
                Integer.toString(seed),
                Integer.toString(count)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The content with a number as a process with this seed puts it. */
  static byte[] content(int seed, int number) {
    Random random = new Random(number % 2 == 0 ? number : seed * 1_000_000L + number);
    byte[] bytes = new byte[number % 25 == 0 ? 1_500_000 : random.nextInt(20_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  public static void main(String[] arguments) {
    ContentStore store = ContentStore.open(Path.of(arguments[0]));
    int seed = Integer.parseInt(arguments[1]);
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      System.out.println(store.put(Content.of(content(seed, i))).hash());
      if (i % 50 == 0) {
        store.sync();
      }
    }
  }
}
