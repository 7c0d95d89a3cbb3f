package dev.concert.gateway;

import dev.concert.gateway.session.SessionTimes;
import java.nio.file.Path;

/**
 * How the gateway runs.
 *
 * @param host address to listen on
 * @param port TCP port; 0 for any free one
 * @param data folder that holds the tenants' and the sessions' folders
 * @param eventLoops over how many event loops connections and sessions are spread, at least 1
 * @param openDatabases how many session databases may be open at once
 */
public record GatewayOptions(
    String host, int port, Path data, int eventLoops, int openDatabases, SessionTimes times) {

  /** The defaults, for this place and folder. */
  public static GatewayOptions of(String host, int port, Path data) {
    int loops = Math.min(4, Runtime.getRuntime().availableProcessors());
    return new GatewayOptions(host, port, data, loops, 2048, SessionTimes.DEFAULT);
  }

  public GatewayOptions withTimes(SessionTimes times) {
    return new GatewayOptions(host, port, data, eventLoops, openDatabases, times);
  }
}
