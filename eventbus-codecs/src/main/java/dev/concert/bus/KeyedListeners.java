package dev.concert.bus;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Gives each message of one address to the listener of its key. Messages without a listener are
 * dropped. Thread-safe; a listener runs where the message comes in.
 */
public final class KeyedListeners<E extends Record> implements Consumer<E> {
  private final Function<E, String> key;
  private final Map<String, Consumer<E>> listeners = new ConcurrentHashMap<>();

  /**
   * @param key reads the key from a message
   */
  public KeyedListeners(Function<E, String> key) {
    this.key = key;
  }

  @Override
  public void accept(E message) {
    Consumer<E> listener = listeners.get(key.apply(message));
    if (listener != null) {
      listener.accept(message);
    }
  }

  /**
   * Sets the listener of a key.
   *
   * @return removes this listener, if it still is the listener of the key
   */
  public Runnable set(String listenedKey, Consumer<E> listener) {
    listeners.put(listenedKey, listener);
    return () -> listeners.remove(listenedKey, listener);
  }
}
