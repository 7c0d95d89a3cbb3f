package dev.concert.chronicle.replication.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.replication.wire.WireMessage.Ack;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class WireChannelTest {
  private static final class Memory implements Transport {
    private final InputStream input;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    Memory(byte... input) {
      this.input = new ByteArrayInputStream(input);
    }

    @Override
    public InputStream input() {
      return input;
    }

    @Override
    public OutputStream output() {
      return output;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  @Test
  void a_frame_begins_with_its_length() throws IOException {
    Memory memory = new Memory();
    try (WireChannel channel = new WireChannel(memory)) {
      channel.send(new Ack(1));
    }
    assertThat(memory.output.toByteArray())
        .containsExactly(12, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void messages_come_one_after_the_other_until_the_connection_ends() throws IOException {
    Memory sent = new Memory();
    try (WireChannel channel = new WireChannel(sent)) {
      channel.send(new Ack(1));
      channel.send(new ContentFetchRequest("ä"));
    }
    try (WireChannel channel = new WireChannel(new Memory(sent.output.toByteArray()))) {
      assertThat(channel.receive()).contains(new Ack(1));
      assertThat(channel.receive()).contains(new ContentFetchRequest("ä"));
      assertThat(channel.receive()).isEmpty();
    }
  }

  @Test
  void a_frame_that_claims_too_much_is_refused_before_it_is_read() throws IOException {
    try (WireChannel channel =
        new WireChannel(new Memory((byte) 1, (byte) 0, (byte) 64, (byte) 6))) {
      assertThatThrownBy(channel::receive)
          .isInstanceOf(WireException.class)
          .hasMessageContaining("104857601 bytes");
    }
  }

  @Test
  void a_frame_that_is_cut_off_is_named_as_such() throws IOException {
    try (WireChannel channel = new WireChannel(new Memory((byte) 1, (byte) 0))) {
      assertThatThrownBy(channel::receive)
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("within a frame's length");
    }
    // 99 MiB are claimed, three bytes come: only what comes is made room for.
    try (WireChannel channel =
        new WireChannel(
            new Memory((byte) 0, (byte) 0, (byte) 48, (byte) 6, (byte) 1, (byte) 2, (byte) 3))) {
      assertThatThrownBy(channel::receive)
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("after 3 of");
    }
  }
}
