package dev.concert.foundation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {
  private record Event(String name, String data) {}

  /**
   * @param end what ends it: CR, LF or both
   */
  private record Line(String text, String end) {}

  private static SseParser parser(int longest, List<Event> events) {
    return new SseParser(
        longest,
        () -> new IllegalStateException("too large"),
        (name, data) -> events.add(new Event(name, data)));
  }

  private static List<Event> read(Iterable<Buffer> pieces) {
    List<Event> events = new ArrayList<>();
    SseParser parser = parser(1000, events);
    pieces.forEach(parser::accept);
    return events;
  }

  private static List<Event> read(String... pieces) {
    return read(List.of(pieces).stream().map(Buffer::buffer).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void aLineEndsInEachWayOfTheStandard(String end) {
    String stream =
        "\uFEFFdata: one\n\n: comment\nid: 7\nevent: x\ndata:two\ndata:  three\ndata\n\n"
            + "event: without data\n\ndata: Grüße 🎻\nretry: 5\n\ndata: half\n";

    assertThat(read(stream.replace("\n", end)))
        .containsExactly(
            new Event("", "one"), new Event("x", "two\n three\n"), new Event("", "Grüße 🎻"));
  }

  @Test
  void anEventIsThereWithItsEmptyLineAndDoesNotWaitForALineFeed() {
    List<Event> events = new ArrayList<>();
    SseParser parser = parser(1000, events);

    parser.accept(Buffer.buffer("data: one\r\n\r"));
    assertThat(events).containsExactly(new Event("", "one"));
    parser.accept(Buffer.buffer(""));
    parser.accept(Buffer.buffer("\ndata: two\r"));
    parser.accept(Buffer.buffer("\n"));
    assertThat(events).hasSize(1);
    parser.accept(Buffer.buffer("\r"));

    assertThat(events).containsExactly(new Event("", "one"), new Event("", "two"));
  }

  @Test
  void onlyAMarkAtTheVeryBeginIsNoPartOfALine() {
    assertThat(read("\uFEFFdata: one\n\n\uFEFFdata: two\n\n"))
        .containsExactly(new Event("", "one"));
    assertThat(read("\r\uFEFFdata: one\n\n")).isEmpty();
  }

  @Property
  void theEventsAreTheSameWhateverTheLineEndsAndHoweverTheBytesAreCut(
      @ForAll("lines") List<Line> lines,
      @ForAll boolean marked,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 12) Integer> sizes) {
    StringBuilder plain = new StringBuilder();
    StringBuilder mixed = new StringBuilder(marked ? "\uFEFF" : "");
    for (Line line : lines) {
      plain.append(line.text()).append('\n');
      boolean joins = line.text().isEmpty() && !mixed.isEmpty() && last(mixed) == '\r';
      // An LF after a CR belongs to it, and would not end the empty line.
      String end = joins && line.end().equals("\n") ? "\r" : line.end();
      mixed.append(line.text()).append(end);
    }

    assertThat(read(cut(mixed.toString(), sizes))).isEqualTo(read(plain.toString()));
  }

  private static char last(CharSequence text) {
    return text.charAt(text.length() - 1);
  }

  private static List<Buffer> cut(String text, List<Integer> sizes) {
    Buffer bytes = Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
    List<Buffer> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length(); ) {
      int end = Math.min(bytes.length(), at + sizes.get(pieces.size() % sizes.size()));
      pieces.add(bytes.getBuffer(at, end));
      at = end;
    }
    return pieces;
  }

  @Provide
  Arbitrary<List<Line>> lines() {
    Arbitrary<String> text =
        Arbitraries.of("", "", "", "data: ", "data:", "data", "event: ", "id: ", ": ", "x")
            .flatMap(
                begin ->
                    begin.isEmpty()
                        ? Arbitraries.just("")
                        : Arbitraries.of("a", "b:", " ", "ü", "🎻", "\uFEFF", "\u2028", "\u0085")
                            .list()
                            .ofMaxSize(6)
                            .map(rest -> begin + String.join("", rest)));
    return Combinators.combine(text, Arbitraries.of("\n", "\r", "\r\n"))
        .as(Line::new)
        .list()
        .ofMaxSize(30);
  }

  @Test
  void aLineOrAnEventThatIsTooLargeIsRefused() {
    String half = "data: " + "x".repeat(30);
    assertThat(read(half + "\n\n")).hasSize(1);

    assertTooLarge(half + "\n", half + "\n");
    assertTooLarge("x".repeat(30), "x".repeat(30));
    assertTooLarge("x".repeat(51) + "\n");
  }

  private static void assertTooLarge(String... pieces) {
    SseParser parser = parser(50, new ArrayList<>());
    assertThatThrownBy(() -> List.of(pieces).forEach(piece -> parser.accept(Buffer.buffer(piece))))
        .hasMessage("too large");
  }
}
