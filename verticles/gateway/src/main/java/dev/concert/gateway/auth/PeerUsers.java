package dev.concert.gateway.auth;

import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.util.OptionalLong;

/** Tells the user id of the program at the other end of a connection. Thread-safe. */
interface PeerUsers {

  /**
   * @param peer address of the other end
   * @param own address of this end
   * @return empty where no program of this machine has such a socket, or nobody can tell
   */
  Future<OptionalLong> userOf(InetSocketAddress peer, InetSocketAddress own);
}
