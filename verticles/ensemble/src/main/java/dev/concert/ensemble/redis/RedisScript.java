package dev.concert.ensemble.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A Lua script that runs inside Redis, all of it or nothing. */
public record RedisScript(String text) {
  /**
   * @param owner next to whose class the files lie
   * @param files parts of it, in their order
   */
  public static RedisScript of(Class<?> owner, String... files) {
    return new RedisScript(
        Arrays.stream(files).map(file -> read(owner, file)).collect(Collectors.joining("\n")));
  }

  private static String read(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("A script of ours cannot be read: " + file, e);
    }
  }
}
