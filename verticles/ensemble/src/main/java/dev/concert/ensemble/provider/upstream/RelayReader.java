package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.ensemble.provider.VendorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads an answer for a client with the same API: beside its blocks the events themselves are
 * passed on. The first events are held back until the first block, because up to then the call can
 * still go to another provider. Not thread-safe.
 */
final class RelayReader implements ResponseReader, Consumer<Block> {
  /** Ends a stream of OpenAI's; the sink writes its own. */
  private static final String DONE = "[DONE]";

  /** More than vendors send before they begin to answer; a spoken answer has no block at all. */
  private static final int MOST_HELD = 16;

  private final String provider;
  private final AnswerSink sink;
  private final Consumer<Block> blocks;
  private final ResponseReader reader;
  private final List<VendorEvent> held = new ArrayList<>();
  private boolean open;

  /**
   * @param provider the name in error messages
   * @param pipe what blocks pass on their way to the sink
   * @param reading creates the reader of the blocks
   */
  RelayReader(
      String provider,
      AnswerSink sink,
      Function<Consumer<Block>, Consumer<Block>> pipe,
      Function<Consumer<Block>, ResponseReader> reading) {
    this.provider = provider;
    this.sink = sink;
    this.blocks = pipe.apply(sink);
    this.reader = reading.apply(this);
  }

  @Override
  public void accept(Block block) {
    open();
    blocks.accept(block);
  }

  @Override
  public void event(SseEvent event) {
    if (reader.isLast() || event.data().strip().equals(DONE)) {
      reader.event(event);
      return;
    }
    // Also checks that it is one that may be passed on: an error throws.
    reader.event(event);
    pass(event);
  }

  private void pass(SseEvent event) {
    VendorEvent theirs = new VendorEvent(event.name(), event.data(), event.object(provider));
    if (open) {
      sink.relay(theirs);
    } else {
      held.add(theirs);
      if (held.size() > MOST_HELD) {
        open();
      }
    }
  }

  private void open() {
    if (!open) {
      open = true;
      held.forEach(sink::relay);
      held.clear();
    }
  }

  @Override
  public void whole(JsonNode body) {
    reader.whole(body);
    sink.relayWhole(body);
  }

  @Override
  public boolean isLast() {
    return reader.isLast();
  }

  @Override
  public ProviderOutcome end() {
    ProviderOutcome outcome = reader.end();
    open();
    return outcome;
  }

  @Override
  public Optional<TokenCount> counted() {
    return reader.counted();
  }
}
