package dev.concert.bus;

/**
 * Where messages without an answer go.
 *
 * @param name address on the event bus
 * @param message type of what is sent there
 */
public record Topic<E extends Record>(String name, Class<E> message) {

  /** The same topic for one key only, for example one instance. */
  public Topic<E> of(String key) {
    return new Topic<>(name + "." + key, message);
  }
}
