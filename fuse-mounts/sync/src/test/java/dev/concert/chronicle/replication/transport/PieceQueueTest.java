package dev.concert.chronicle.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PieceQueueTest {
  @Property(tries = 200)
  void the_stream_is_the_pieces_one_after_the_other(
      @ForAll List<byte[]> pieces, @ForAll @IntRange(min = 1, max = 50) int size)
      throws IOException {
    AtomicInteger consumed = new AtomicInteger();
    PieceQueue queue = new PieceQueue(consumed::incrementAndGet);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      queue.add(piece);
      expected.write(piece);
    }
    queue.end();

    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] buffer = new byte[size];
    for (int count = queue.read(buffer, 0, size); count >= 0; count = queue.read(buffer, 0, size)) {
      read.write(buffer, 0, count);
    }
    assertThat(read.toByteArray()).isEqualTo(expected.toByteArray());
    assertThat(consumed).hasValue(pieces.size());
  }

  @Test
  void a_reader_waits_for_the_next_piece() throws Exception {
    PieceQueue queue = new PieceQueue(() -> {});
    CompletableFuture<Integer> read = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                read.complete(queue.read());
              } catch (IOException e) {
                read.completeExceptionally(e);
              }
            });
    assertThat(read).isNotDone();
    queue.add(new byte[] {(byte) 0xfe});
    assertThat(read.get(3, TimeUnit.MINUTES)).isEqualTo(0xfe);
  }

  @Test
  void after_the_end_there_is_nothing_however_often_it_is_read() throws IOException {
    PieceQueue queue = new PieceQueue(() -> {});
    queue.add(new byte[] {1});
    queue.end();
    queue.add(new byte[] {2});
    assertThat(queue.read()).isEqualTo(1);
    assertThat(queue.read()).isEqualTo(-1);
    assertThat(queue.read()).isEqualTo(-1);
  }

  @Test
  void an_interrupted_reader_gets_an_error() {
    PieceQueue queue = new PieceQueue(() -> {});
    Thread.currentThread().interrupt();
    assertThatThrownBy(queue::read).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
