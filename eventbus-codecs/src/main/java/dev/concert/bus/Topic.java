package dev.concert.bus;

/**
 * What every listener gets, without an answer. A topic is one address; the key travels in the
 * message.
 *
 * @param name address on the event bus
 * @param message type of what is sent there
 * @param scope how far a message goes
 */
public record Topic<E extends Record>(String name, Class<E> message, Scope scope) {

  /** How far a message of a topic goes. */
  public enum Scope {
    /** Every node of the cluster. */
    CLUSTER,
    /** The listeners of the same node: services that share its disk. */
    NODE
  }
}
