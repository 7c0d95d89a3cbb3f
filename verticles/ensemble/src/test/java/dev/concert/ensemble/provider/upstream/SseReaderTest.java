package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SseReaderTest {
  private static final String STREAM =
      "\uFEFFdata: one\n\n: comment\n\ndata: two\r\ndata:  indented\r\n\r\nevent: x\nretry: 5\n\n"
          + "data\n\ndata: Grüße 🎻\r\rdata: last\n\r\n\rdata: half";

  private final List<String> events = new ArrayList<>();
  private final SseReader reader = new SseReader(event -> events.add(event.data()));

  @Property
  void readsTheSameHoweverTheBytesAreCut(@ForAll @IntRange(min = 1, max = 40) int size) {
    List<String> read = new ArrayList<>();
    SseReader cut = new SseReader(event -> read.add(event.data()));
    Buffer bytes = Buffer.buffer(STREAM);
    for (int at = 0; at < bytes.length(); at += size) {
      cut.accept(bytes.getBuffer(at, Math.min(at + size, bytes.length())));
    }
    cut.end();
    assertThat(read).containsExactly("one", "two\n indented", "", "Grüße 🎻", "last");
  }

  @Test
  void readsAnEventAsSoonAsItsEmptyLineIsThere() {
    reader.accept(Buffer.buffer("data: one\r\r"));

    assertThat(events).containsExactly("one");
  }

  @Test
  void takesAnEndMarkWithoutItsEmptyLine() {
    reader.accept(Buffer.buffer("data: [DONE]\n"));
    reader.end();

    assertThat(events).containsExactly("[DONE]");
  }

  @Test
  void refusesAnEventThatIsTooLong() {
    Buffer mebibyte = Buffer.buffer("data: " + "x".repeat(1024 * 1024) + "\n");

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 17; i++) {
                reader.accept(mebibyte);
              }
            })
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("16 MiB");
  }

  @Test
  void refusesALineThatIsTooLong() {
    Buffer mebibyte = Buffer.buffer("x".repeat(1024 * 1024));

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 18; i++) {
                reader.accept(mebibyte);
              }
            })
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("16 MiB");
  }
}
