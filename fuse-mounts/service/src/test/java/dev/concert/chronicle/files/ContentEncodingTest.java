package dev.concert.chronicle.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.workspace.WorkspaceMessages.FileContent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Contents in pieces: each is text or Base64, and together they are the content. */
class ContentEncodingTest {

  private static byte[] decoded(FileContent piece) {
    return piece.encoding().equals("base64")
        ? Base64.getDecoder().decode(piece.content())
        : piece.content().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] readInPieces(byte[] content, int length, boolean isText) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    Long offset = 0L;
    while (offset != null) {
      int from = (int) Math.min(offset, content.length);
      byte[] bytes = Arrays.copyOfRange(content, from, Math.min(content.length, from + length));
      FileContent piece = ContentEncoding.piece("f", bytes, offset, content.length, 1, "hash");
      if (isText && length >= 4) {
        assertThat(piece.encoding()).isEqualTo("utf8");
      }
      assertThat(piece.size()).isEqualTo(content.length);
      byte[] got = decoded(piece);
      assertThat(got.length).isLessThanOrEqualTo(length);
      read.writeBytes(got);
      assertThat(piece.nextOffset())
          .isEqualTo(read.size() < content.length ? Long.valueOf(read.size()) : null);
      offset = piece.nextOffset();
    }
    return read.toByteArray();
  }

  @Property
  void piecesOfAnyLengthAreTheContent(
      @ForAll byte[] content, @ForAll @IntRange(min = 1) int length) {
    assertThat(readInPieces(content, Math.min(length, 1 << 20), false)).isEqualTo(content);
  }

  @Property
  void textIsCutBetweenCharacters(
      @ForAll @NotEmpty @StringLength(max = 200) String any,
      @ForAll @IntRange(min = 1, max = 20) int length) {
    String text = any.replace('\0', '0').replaceAll("[\\ud800-\\udfff]", "😀ü€");
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    assertThat(readInPieces(content, length, true)).isEqualTo(content);
  }

  @Test
  void aPieceThatBeginsInsideACharacterIsExactlyTheBytesThatWereAskedFor() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    FileContent piece =
        ContentEncoding.piece("f", Arrays.copyOfRange(euro, 1, 3), 1, euro.length, 1, "hash");
    assertThat(piece.encoding()).isEqualTo("base64");
    assertThat(decoded(piece)).isEqualTo(Arrays.copyOfRange(euro, 1, 3));
  }

  @Test
  void aPieceBehindTheEndIsEmptyAndTheLast() {
    FileContent piece = ContentEncoding.piece("f", new byte[0], 99, 3, 1, "hash");
    assertThat(piece.content()).isEmpty();
    assertThat(piece.nextOffset()).isNull();
    assertThat(piece.size()).isEqualTo(3);
  }

  @Test
  void aLongTextOfControlCharactersIsSentAsBase64() {
    byte[] controls = "\1".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    assertThat(ContentEncoding.content("f", controls, 1, "hash").encoding()).isEqualTo("base64");
    byte[] quotes = "\"\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    assertThat(ContentEncoding.content("f", quotes, 1, "hash").encoding()).isEqualTo("utf8");
    assertThat(ContentEncoding.content("f", new byte[] {1, 2}, 1, "hash").encoding())
        .isEqualTo("utf8");
  }
}
