package dev.concert.bus;

import java.util.function.Function;

/**
 * An operation of a service: who answers it, and what its request and reply are.
 *
 * <p>On the bus a service has two addresses on each node, {@code podium} and {@code podium@node};
 * the operation and the key travel in the message. So the number of addresses does not grow with
 * sessions, and none comes or goes while a node runs.
 */
public sealed interface Address<Q extends Record, R extends Record> {

  Service service();

  /** Name of the operation; unique within its service. */
  String operation();

  Class<Q> request();

  Class<R> reply();

  Delivery delivery();

  /** Full name, for logs: service and operation. */
  default String name() {
    return service().wireName() + "." + operation();
  }

  /** How often a request may be sent, and what its failures mean. */
  enum Delivery {
    /** Sent once: a second request would act a second time. */
    ONCE,
    /** May be sent again after it reached nobody: two have the effect of one. */
    REPEATABLE,
    /** Asks how a service is: sent once, also while the circuit breaker is open. */
    PROBE
  }

  /** An operation that any instance of the service answers. */
  record Any<Q extends Record, R extends Record>(
      Service service, String operation, Class<Q> request, Class<R> reply, Delivery delivery)
      implements Address<Q, R> {}

  /**
   * An operation that only the owner of a key answers. Another node refuses it with {@code
   * NOT_OWNER}.
   *
   * @param key reads the key (an instance, a workspace, a tenant) from the request
   */
  record Owner<Q extends Record, R extends Record>(
      Service service,
      String operation,
      Class<Q> request,
      Class<R> reply,
      Delivery delivery,
      Function<Q, String> key)
      implements Address<Q, R> {}
}
