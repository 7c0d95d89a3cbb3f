package dev.concert.coordinator.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {

  @Property(tries = 200)
  void framesComeOutWholeHoweverTheStreamIsCut(
      @ForAll @Size(max = 8) List<@IntRange(min = 1, max = 200_000) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 70_000) int cut) {
    Buffer stream = Buffer.buffer();
    List<byte[]> sent = new ArrayList<>();
    for (int length : lengths) {
      byte[] frame = new byte[length];
      Arrays.fill(frame, (byte) (length % 127));
      sent.add(frame);
      stream.appendIntLE(length).appendBytes(frame);
    }
    int step = stream.length() > 2000 ? Math.max(cut, stream.length() / 2000) : cut;
    FrameParser parser = new FrameParser();
    List<byte[]> received = new ArrayList<>();
    for (int at = 0; at < stream.length(); at += step) {
      parser.feed(stream.slice(at, Math.min(stream.length(), at + step)), received);
    }
    assertThat(received).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(received.get(i)).isEqualTo(sent.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, (16 << 20) + 1, 200 << 20, 0xFFFFFFFFL})
  void aLengthThatIsNotAllowedIsRefused(long length) {
    assertThatThrownBy(
            () ->
                new FrameParser()
                    .feed(Buffer.buffer().appendUnsignedIntLE(length), new ArrayList<>()))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("a frame of " + length + " bytes");
  }

  @Test
  void theLargestFrameIsTaken() {
    FrameParser parser = new FrameParser();
    List<byte[]> received = new ArrayList<>();
    parser.feed(Buffer.buffer().appendIntLE(16 << 20), received);
    parser.feed(Buffer.buffer(new byte[16 << 20]), received);
    assertThat(received).hasSize(1);
  }
}
