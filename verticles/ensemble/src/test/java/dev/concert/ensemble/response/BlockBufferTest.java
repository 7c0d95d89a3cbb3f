package dev.concert.ensemble.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks that are kept for subscribers, and subscribers that read at their own pace. */
class BlockBufferTest {
  private static final int LARGE = 1_000_000;

  private final BlockBuffer.Room room = new BlockBuffer.Room(10_000);
  private final BlockBuffer buffer = new BlockBuffer(room, LARGE);
  private final Reader reader = new Reader();

  @Test
  void keepsAllBlocksInOrder() {
    add("a", "b", "c");

    assertThat(buffer.all()).extracting(BlockBufferTest::text).containsExactly("a", "b", "c");
    assertThat(buffer.complete()).isTrue();
  }

  @Test
  void dropsAllOfThemWhereTheyAreTooMany() {
    BlockBuffer small = new BlockBuffer(room, 500);
    small.add(new TextBlock("x".repeat(300)));
    small.add(new TextBlock("x".repeat(300)));
    small.add(new TextBlock("x"));

    assertThat(small.complete()).isFalse();
    assertThat(small.all()).isEmpty();
    assertThat(small.count()).isEqualTo(3);
  }

  @Test
  void sharesItsRoomAndGivesItBack() {
    buffer.add(new TextBlock("x".repeat(9_000)));
    BlockBuffer other = new BlockBuffer(room, LARGE);
    other.add(new TextBlock("x".repeat(9_000)));
    assertThat(other.complete()).isFalse();

    buffer.close();
    BlockBuffer later = new BlockBuffer(room, LARGE);
    later.add(new TextBlock("x".repeat(9_000)));

    assertThat(later.complete()).isTrue();
  }

  @Test
  void aSubscriberReceivesTheBlocksItHasNotSeenAndThenNewOnes() {
    add("a", "b");
    ResponseSubscriber subscriber = new ResponseSubscriber(buffer, 1, reader);

    subscriber.pump();
    add("c");
    subscriber.pump();
    subscriber.end(sink -> sink.failed(null));

    assertThat(reader.received).containsExactly("b", "c", "failed");
  }

  @Test
  void aSlowSubscriberIsNotSentMoreThanItTakes() {
    reader.full = true;
    ResponseSubscriber subscriber = new ResponseSubscriber(buffer, 0, reader);
    add("a", "b");

    subscriber.pump();
    subscriber.pump();
    subscriber.end(sink -> sink.failed(null));
    assertThat(reader.received).isEmpty();

    reader.full = false;
    reader.drained.run();
    assertThat(reader.received).containsExactly("a", "b", "failed");
  }

  @Test
  void aSubscriberOfADroppedBufferFailsOnce() {
    BlockBuffer small = new BlockBuffer(room, 100);
    small.add(new TextBlock("x".repeat(300)));
    ResponseSubscriber subscriber = new ResponseSubscriber(small, 0, reader);

    subscriber.pump();
    subscriber.pump();
    subscriber.end(sink -> sink.failed(null));

    assertThat(reader.received).containsExactly("failed");
  }

  private void add(String... texts) {
    for (String text : texts) {
      buffer.add(new TextBlock(text));
    }
  }

  private static String text(Block block) {
    return ((TextBlock) block).text();
  }

  private static final class Reader implements ResponseSink {
    private final List<String> received = new ArrayList<>();
    private boolean full;
    private Runnable drained;

    @Override
    public void block(Block block) {
      received.add(text(block));
    }

    @Override
    public void done(InferenceResponse response) {
      received.add("done");
    }

    @Override
    public void failed(Problem problem) {
      received.add("failed");
    }

    @Override
    public boolean full() {
      return full;
    }

    @Override
    public void whenDrained(Runnable action) {
      drained = action;
    }
  }
}
