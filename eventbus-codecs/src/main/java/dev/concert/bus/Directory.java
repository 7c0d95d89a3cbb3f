package dev.concert.bus;

import io.vertx.core.Future;

/**
 * Finds the node that owns a key. Thread-safe.
 *
 * <p>An answer may be out of date: the owner itself decides, and refuses with {@code NOT_OWNER}
 * what it does not own.
 */
public interface Directory {

  /**
   * Name of the node that owns a key of a service. Fails with a coded failure when no node can own
   * it at present.
   */
  Future<String> ownerOf(Service service, String key);

  /** This node does not own the key: the next question looks further. */
  void forget(Service service, String key, String node);

  /**
   * Host name or IP address of a node, for connections beside the bus. Fails with a coded failure
   * for a node that is not there.
   */
  Future<String> hostOf(String node);
}
