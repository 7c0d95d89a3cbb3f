package dev.concert.bus;

/**
 * Where a request goes and what it and its answer are.
 *
 * @param name address on the event bus
 * @param request type of the request
 * @param reply type of the answer
 */
public record Address<Q extends Record, R extends Record>(
    String name, Class<Q> request, Class<R> reply) {

  /** The same service for one key only, for example one workspace. */
  public Address<Q, R> of(String key) {
    return new Address<>(name + "." + key, request, reply);
  }
}
