package dev.concert.foundation.http;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import java.util.Set;

/**
 * The TCP ports that Concert's servers in this JVM listen on. Whoever passes the traffic of
 * strangers on asks it, so that none of it reaches these servers. Thread-safe.
 */
public final class ListeningPorts {
  private static final String NAME = "concert.listening-ports";

  private ListeningPorts() {}

  /** To be called by each server when it listens. */
  public static void add(Vertx vertx, int port) {
    map(vertx).put(port, true);
  }

  /** A view: later ports appear in it. */
  public static Set<Integer> of(Vertx vertx) {
    return map(vertx).keySet();
  }

  private static LocalMap<Integer, Boolean> map(Vertx vertx) {
    return vertx.sharedData().getLocalMap(NAME);
  }
}
