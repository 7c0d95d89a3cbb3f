package dev.concert.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the system's table of sockets, on a thread of its own. What is asked while the table is read
 * waits for the next reading, which answers all of it.
 */
final class SocketTableUsers implements PeerUsers {
  private static final Logger LOG = LoggerFactory.getLogger(SocketTableUsers.class);

  private final WorkerExecutor worker;
  private Map<SocketTable.Ends, Promise<OptionalLong>> waiting = new HashMap<>();

  SocketTableUsers(Vertx vertx) {
    this.worker = vertx.createSharedWorkerExecutor("socket-table", 1);
  }

  @Override
  public Future<OptionalLong> userOf(InetSocketAddress peer, InetSocketAddress own) {
    SocketTable.Ends ends =
        new SocketTable.Ends(SocketTable.Address.of(peer), SocketTable.Address.of(own));
    synchronized (this) {
      if (waiting.isEmpty()) {
        worker.executeBlocking(this::answer, true);
      }
      return waiting.computeIfAbsent(ends, _ -> Promise.promise()).future();
    }
  }

  private synchronized Map<SocketTable.Ends, Promise<OptionalLong>> take() {
    Map<SocketTable.Ends, Promise<OptionalLong>> taken = waiting;
    waiting = new HashMap<>();
    return taken;
  }

  private Void answer() {
    Map<SocketTable.Ends, Promise<OptionalLong>> asked = take();
    Map<SocketTable.Ends, OptionalLong> users = HashMap.newHashMap(asked.size());
    asked.keySet().forEach(ends -> users.put(ends, OptionalLong.empty()));
    try {
      SocketTable.read(users);
    } catch (IOException e) {
      LOG.error("The table of sockets cannot be read", e);
    }
    asked.forEach((ends, promise) -> promise.complete(users.get(ends)));
    return null;
  }
}
