package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Looks for stop sequences in an answer on its way, for vendors that do not. Text that may be the
 * beginning of one waits until it is known; what follows one is not passed on. Not thread-safe.
 *
 * <p>The answer is still read to its end, because only there the vendor says what it costs.
 */
final class StopScanner implements Consumer<Block> {
  private final List<String> stops;
  private final Consumer<Block> sink;
  private final StringBuilder waiting = new StringBuilder();
  private Optional<String> found = Optional.empty();

  StopScanner(List<String> stops, Consumer<Block> sink) {
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

  /** The sequence that ended the answer, if one did. */
  Optional<String> found() {
    return found;
  }

  /** The answer has ended: nothing that waits is a beginning of anything. */
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

  /** How many characters at the end of the text may be the beginning of a stop sequence. */
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
