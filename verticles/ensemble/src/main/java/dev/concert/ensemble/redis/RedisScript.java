package dev.concert.ensemble.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A Lua script that runs inside Redis, all of it or nothing. */
public record RedisScript(String text) {
  /**
   * @param owner next to whose class the file lies
   */
  public static RedisScript of(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      return new RedisScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("A script of ours cannot be read: " + file, e);
    }
  }
}
