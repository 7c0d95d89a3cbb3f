package dev.concert.platform;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/**
 * How all services run in one JVM.
 *
 * @param host address of the gateway
 * @param port port of the gateway, 0 for any free one
 * @param data folder for everything that is kept
 * @param home folder of the program, which holds {@code agents/}
 * @param config the configuration file's content; empty without one
 */
public record PlatformOptions(String host, int port, Path data, Path home, JsonObject config) {
  PlatformOptions with(JsonObject other) {
    return new PlatformOptions(host, port, data, home, other);
  }
}
