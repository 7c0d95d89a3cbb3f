package dev.concert.bridges.platform;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Where a {@link ChatReceiver} puts what it hears. Non-blocking. */
public interface ChatInbox {
  /** Takes events of people; durable when the future succeeds. One that came before is dropped. */
  Future<Void> receive(List<InboundEvent> events);

  /** What the receiver last kept, also in an earlier process. */
  Future<Optional<String>> bookmark();

  /** Keeps how far the receiver is, after the events before it were taken. */
  Future<Void> keep(String bookmark);
}
