package dev.concert.chronicle.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.replication.wire.WireMessage.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTableTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void the_bytes_are_those_of_bincode() {
    assertBytes(
        new Notification(258, "ä/b", "ab", 3, 0100644, false, Optional.of(new byte[] {1, 2, 3})),
        "00000000 0201000000000000 0400000000000000c3a42f62 02000000000000006162"
            + " 0300000000000000 a481000000000000 00 01 0300000000000000010203");
    assertBytes(
        new Notification(1, "x", "", 0, 0, true, Optional.empty()),
        "00000000 0100000000000000 010000000000000078 0000000000000000 0000000000000000"
            + " 0000000000000000 01 00");
    assertBytes(new Heartbeat(7, -1), "01000000 0700000000000000 ffffffffffffffff");
    assertBytes(
        new WriteBack("s", List.of(new WriteBackEntry(1, "p", "h", 2, 0100755, 9))),
        "02000000 010000000000000073 0100000000000000 0100000000000000 010000000000000070"
            + " 010000000000000068 0200000000000000 ed81000000000000 0900000000000000");
    assertBytes(
        new WriteBackResult(List.of(new Accepted(1, 5)), List.of(new Rejected(2, "no"))),
        "03000000 0100000000000000 0100000000000000 0500000000000000"
            + " 0100000000000000 0200000000000000 02000000000000006e6f");
    assertBytes(new BarrierRequest(1), "04000000 0100000000000000");
    assertBytes(new BarrierConfirmation(true, 2), "05000000 01 0200000000000000");
    assertBytes(new Ack(-1), "06000000 ffffffffffffffff");
    assertBytes(new ContentFetchRequest("ff"), "07000000 02000000000000006666");
    assertBytes(
        new ContentFetchResponse("f", new byte[] {9}, 1, Optional.of("{}")),
        "08000000 010000000000000066 010000000000000009 0100000000000000 01"
            + " 02000000000000007b7d");
    assertBytes(new ContentNotFound("f"), "09000000 010000000000000066");
    assertBytes(new CatchupRequest("s", 3), "0a000000 010000000000000073 0300000000000000");
    assertBytes(new FullResyncRequired("r", 3), "0b000000 010000000000000072 0300000000000000");
  }

  private static void assertBytes(WireMessage message, String hex) {
    assertThat(HEX.formatHex(WireTable.encode(message))).isEqualTo(hex.replace(" ", ""));
    assertThat(decoded(HEX.parseHex(hex.replace(" ", ""))))
        .usingRecursiveComparison()
        .isEqualTo(message);
  }

  private static WireMessage decoded(byte[] bytes) {
    try {
      return WireTable.decode(bytes);
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', ends within a u32",
    "0c000000, there is no message 12",
    "ffffffff, there is no message 4294967295",
    "06000000 00, ends within a u64",
    "06000000 0000000000000000 00, 1 bytes follow the message",
    "07000000 ffffffffffffffff, claims 18446744073709551615 elements",
    "07000000 ffffff0000000000 41, claims 16777215 elements",
    "07000000 0100000000000000 ff, not UTF-8",
    "05000000 02 0000000000000000, neither 0 nor 1",
    "02000000 0000000000000000 0000000001000000, claims 4294967296 elements"
  })
  void bytes_that_are_no_message_are_refused_by_what_is_wrong_with_them(String hex, String wrong) {
    assertThatThrownBy(() -> WireTable.decode(HEX.parseHex(hex.replace(" ", ""))))
        .isInstanceOf(WireException.class)
        .hasMessageContaining(wrong);
  }

  @Property(tries = 3000)
  void garbage_is_a_message_or_a_clear_error(
      @ForAll byte[] garbage, @ForAll @net.jqwik.api.constraints.IntRange(max = 13) int variant) {
    byte[] bytes = new byte[garbage.length + 4];
    bytes[0] = (byte) variant;
    System.arraycopy(garbage, 0, bytes, 4, garbage.length);
    try {
      assertThat(WireTable.encode(WireTable.decode(bytes))).isEqualTo(bytes);
    } catch (WireException refused) {
      assertThat(refused).message().isNotBlank();
    }
  }

  @Property(tries = 500)
  void what_was_written_is_read_again(@ForAll("messages") WireMessage message) {
    assertThat(decoded(WireTable.encode(message))).usingRecursiveComparison().isEqualTo(message);
  }

  @Property(tries = 300)
  void no_beginning_of_a_message_is_a_message(
      @ForAll("messages") WireMessage message, @ForAll int cut) {
    byte[] whole = WireTable.encode(message);
    byte[] part = java.util.Arrays.copyOf(whole, Math.floorMod(cut, whole.length));
    assertThatThrownBy(() -> WireTable.decode(part)).isInstanceOf(WireException.class);
  }

  @Provide
  Arbitrary<WireMessage> messages() {
    Arbitrary<Long> numbers = Arbitraries.longs();
    Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(20).filter(WireTableTest::isText);
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
    Arbitrary<WriteBackEntry> entries =
        Combinators.combine(numbers, texts, texts, numbers, numbers, numbers)
            .as(WriteBackEntry::new);
    return Arbitraries.oneOf(
        Combinators.combine(numbers, texts, texts, numbers, numbers, bytes.optional())
            .as(
                (n, path, hash, size, mode, inline) ->
                    new Notification(n, path, hash, size, mode, n % 2 == 0, inline)),
        Combinators.combine(texts, entries.list().ofMaxSize(5)).as(WriteBack::new),
        Combinators.combine(texts, bytes, numbers, texts.optional()).as(ContentFetchResponse::new),
        Combinators.combine(numbers, numbers).as(Heartbeat::new),
        Combinators.combine(texts, numbers).as(CatchupRequest::new));
  }

  private static boolean isText(String text) {
    return text.equals(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }

  @Test
  void the_document_has_the_table() throws Exception {
    assertThat(
            Files.readString(Path.of(System.getProperty("concert.home"), "docs", "replication.md")))
        .contains(WireTable.document());
  }
}
