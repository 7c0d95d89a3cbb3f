package dev.concert.chronicle.replication.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages over a transport. A frame is the length of the message, four bytes little-endian, and
 * the message. One thread receives; any number send, one after the other, in the order in which
 * they come. Both block.
 */
public final class WireChannel implements AutoCloseable {
  /** Largest message, bytes. */
  public static final int MAX_MESSAGE = 100 * 1024 * 1024;

  private final Transport transport;
  private final InputStream input;
  private final OutputStream output;
  private final ReentrantLock sending = new ReentrantLock(true);
  private volatile long sendingSince;
  private volatile long receivingSince;

  public WireChannel(Transport transport) throws IOException {
    this.transport = transport;
    this.input = transport.input();
    this.output = transport.output();
  }

  public void send(WireMessage message) throws IOException {
    byte[] bytes = WireTable.encode(message);
    if (bytes.length > MAX_MESSAGE) {
      throw new WireException("a message of " + bytes.length + " bytes cannot be sent");
    }
    ByteBuffer frame =
        ByteBuffer.allocate(Integer.BYTES + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(bytes.length).put(bytes);
    sending.lock();
    try {
      sendingSince = System.nanoTime();
      output.write(frame.array());
      output.flush();
    } finally {
      sendingSince = 0;
      sending.unlock();
    }
  }

  /** The next message; empty when the other side ended the connection between two messages. */
  public Optional<WireMessage> receive() throws IOException {
    receivingSince = System.nanoTime();
    try {
      return read();
    } finally {
      receivingSince = 0;
    }
  }

  private Optional<WireMessage> read() throws IOException {
    byte[] header = input.readNBytes(Integer.BYTES);
    if (header.length == 0) {
      return Optional.empty();
    }
    if (header.length < Integer.BYTES) {
      throw new EOFException("the connection ended within a frame's length");
    }
    long length =
        Integer.toUnsignedLong(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt());
    if (length > MAX_MESSAGE) {
      throw new WireException(
          "a frame claims %d bytes, %d are allowed".formatted(length, MAX_MESSAGE));
    }
    // readNBytes makes room as bytes arrive, not for what the length claims.
    byte[] message = input.readNBytes((int) length);
    if (message.length < length) {
      throw new EOFException(
          "the connection ended after %d of a frame's %d bytes".formatted(message.length, length));
    }
    return Optional.of(WireTable.decode(message));
  }

  /** How long the other side has let us wait: for its next message, or for taking ours. */
  public Duration waiting() {
    long now = System.nanoTime();
    long sent = sendingSince;
    long received = receivingSince;
    return Duration.ofNanos(
        Math.max(sent == 0 ? 0 : now - sent, received == 0 ? 0 : now - received));
  }

  @Override
  public void close() {
    transport.close();
  }
}
