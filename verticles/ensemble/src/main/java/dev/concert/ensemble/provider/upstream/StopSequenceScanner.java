package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Finds stop sequences in a streamed answer, for vendors that do not support them. Text that may
 * begin one is held back until that is known; text after one is dropped. Not thread-safe.
 *
 * <p>The response is still read to its end, because the token counts come last.
 */
final class StopSequenceScanner implements Consumer<Block> {
  private final List<String> stops;
  private final Consumer<Block> sink;
  private final StringBuilder waiting = new StringBuilder();
  private Optional<String> found = Optional.empty();

  StopSequenceScanner(List<String> stops, Consumer<Block> sink) {
    this.stops = List.copyOf(stops);
    this.sink = sink;
  }

  @Override
  public void accept(Block block) {
    if (found.isPresent()) {
      return;
    }
    if (!(block instanceof TextBlock text)) {
      flush();
      sink.accept(block);
      return;
    }
    waiting.append(text.text());
    scan();
    if (text.opaque() != null && found.isEmpty()) {
      flush();
      sink.accept(new TextBlock("", text.opaque()));
    }
  }

  /** The stop sequence that ended the answer, if one did. */
  Optional<String> found() {
    return found;
  }

  /** Ends the answer: releases the text that was held back. */
  void flush() {
    show(waiting.length());
  }

  private void scan() {
    String text = waiting.toString();
    found =
        stops.stream()
            .filter(text::contains)
            .min(Comparator.comparingInt((String stop) -> text.indexOf(stop)));
    if (found.isPresent()) {
      show(text.indexOf(found.get()));
      waiting.setLength(0);
    } else {
      show(text.length() - mayBegin(text));
    }
  }

  /** The number of characters at the end of the text that may begin a stop sequence. */
  private int mayBegin(String text) {
    int longest = stops.stream().mapToInt(String::length).max().orElse(1) - 1;
    return IntStream.rangeClosed(1, Math.min(longest, text.length()))
        .filter(
            length ->
                stops.stream()
                    .anyMatch(stop -> stop.startsWith(text.substring(text.length() - length))))
        .max()
        .orElse(0);
  }

  private void show(int length) {
    if (length > 0) {
      sink.accept(new TextBlock(waiting.substring(0, length)));
      waiting.delete(0, length);
    }
  }
}
