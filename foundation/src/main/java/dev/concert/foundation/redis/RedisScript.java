package dev.concert.foundation.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A Lua script that Redis runs atomically. */
public record RedisScript(String text) {
  /**
   * @param owner the class next to which the files are
   * @param files the parts of the script, in order
   */
  public static RedisScript of(Class<?> owner, String... files) {
    return new RedisScript(
        Arrays.stream(files).map(file -> read(owner, file)).collect(Collectors.joining("\n")));
  }

  private static String read(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the script " + file, e);
    }
  }
}
