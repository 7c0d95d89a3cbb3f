package dev.concert.chronicle.replication.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.testing.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundedWorkQueueTest {
  private static final int MANY = 2000;

  private final BoundedWorkQueue queue = new BoundedWorkQueue();
  private final AtomicInteger delivered = new AtomicInteger();

  private Thread deliver(int count) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; i < count; i++) {
                  queue.deliver(new WireMessage.Heartbeat(i, i), () -> {});
                  delivered.incrementAndGet();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Test
  void work_is_taken_in_the_order_in_which_it_was_put() throws InterruptedException {
    StringBuilder done = new StringBuilder();
    queue.put(() -> done.append('a'));
    queue.put(() -> done.append('b'));
    queue.take(Duration.ZERO).orElseThrow().run();
    queue.take(Duration.ZERO).orElseThrow().run();
    assertThat(done).hasToString("ab");
    assertThat(queue.take(Duration.ofMillis(1))).isEmpty();
  }

  @Test
  void the_connection_waits_when_the_queue_is_full_and_goes_on_when_there_is_room()
      throws InterruptedException {
    Thread connection = deliver(MANY + 10);
    Await.until(() -> connection.getState() == Thread.State.WAITING);
    assertThat(delivered).hasValue(MANY);

    for (int i = 0; i < 10; i++) {
      assertThat(queue.take(Duration.ZERO)).isPresent();
    }
    Await.until(() -> delivered.get() == MANY + 10);
  }

  @Test
  void while_a_content_is_fetched_the_queue_takes_more() {
    queue.fetching(true);
    deliver(MANY + 10);
    Await.until(() -> delivered.get() == MANY + 10);
  }

  @Test
  void own_work_never_waits_for_room() throws InterruptedException {
    Thread connection = deliver(MANY);
    connection.join();
    queue.put(() -> {});
    assertThat(queue.take(Duration.ZERO)).isPresent();
  }

  @Test
  void the_end_lets_a_waiting_connection_go() {
    Thread connection = deliver(MANY + 1);
    Await.until(() -> connection.getState() == Thread.State.WAITING);
    queue.end();
    Await.until(() -> !connection.isAlive());
  }
}
