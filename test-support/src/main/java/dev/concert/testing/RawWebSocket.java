package dev.concert.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A WebSocket client that sends whatever bytes it is given, for tests of what a server makes of
 * them. Not thread-safe, but one thread may read while another sends.
 */
public final class RawWebSocket implements AutoCloseable {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /** What {@link #awaitClose} gives where the connection ended without a close frame. */
  public static final int ABNORMAL = 1006;

  private static final int TIMEOUT_MS = 180_000;
  private static final int FIN = 0x80;

  private final Socket socket;
  private final OutputStream output;
  private final DataInputStream input;

  /** A frame of the server. */
  public record Frame(int opcode, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close frame; 1005 where it has none. */
    public int closeCode() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }
  }

  private RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.output = socket.getOutputStream();
    this.input = new DataInputStream(socket.getInputStream());
  }

  /** Connects, with the server's consent. */
  public static RawWebSocket open(int port, String path) {
    try {
      Socket socket = new Socket();
      // Small, so that a server soon notices that nobody reads.
      socket.setReceiveBufferSize(16 << 10);
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      RawWebSocket opened = new RawWebSocket(socket);
      opened.send(handshake(port, path));
      String status = opened.line();
      if (!status.contains(" 101 ")) {
        throw new AssertionError("The server answered the handshake with " + status);
      }
      while (!opened.line().isEmpty()) {
        // The headers do not matter.
      }
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request that opens a WebSocket. */
  public static byte[] handshake(int port, String path) {
    return ("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        .formatted(path, port)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = input.read(); c != '\n'; c = input.read()) {
      if (c < 0) {
        throw new EOFException("The connection ended in the middle of the headers");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** A whole message. */
  public static byte[] text(String text) {
    return frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A part of a message that is not its last. */
  public static byte[] part(int opcode, byte[] payload) {
    return frame(opcode, payload);
  }

  /** A frame that ends its message. */
  public static byte[] last(int opcode, byte[] payload) {
    return frame(FIN | opcode, payload);
  }

  /**
   * A masked frame of any kind.
   *
   * @param first the byte with FIN, the reserved bits and the opcode
   */
  public static byte[] frame(int first, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 14);
    bytes.write(first);
    if (payload.length < 126) {
      bytes.write(0x80 | payload.length);
    } else if (payload.length < 1 << 16) {
      bytes.write(0x80 | 126);
      bytes.write(payload.length >> 8);
      bytes.write(payload.length);
    } else {
      bytes.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        bytes.write((int) ((long) payload.length >> shift));
      }
    }
    byte[] mask = {1, 2, 3, 4};
    bytes.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      bytes.write(payload[i] ^ mask[i & 3]);
    }
    return bytes.toByteArray();
  }

  /** Sends; gives false where the server has closed the connection. */
  public boolean send(byte[] bytes) {
    try {
      output.write(bytes);
      return true;
    } catch (SocketException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame; empty where the connection has ended. Blocking, for a minute at most. */
  public Optional<Frame> read() {
    try {
      int first = input.readUnsignedByte();
      long length = input.readUnsignedByte() & 0x7f;
      if (length == 126) {
        length = input.readUnsignedShort();
      } else if (length == 127) {
        length = input.readLong();
      }
      byte[] payload = new byte[Math.toIntExact(length)];
      input.readFully(payload);
      return Optional.of(new Frame(first & 0x0f, payload));
    } catch (EOFException | SocketException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next frame with this opcode. */
  public Frame await(int opcode) {
    for (Optional<Frame> frame = read(); frame.isPresent(); frame = read()) {
      if (frame.get().opcode() == opcode) {
        return frame.get();
      }
    }
    throw new AssertionError("The connection ended before a frame with opcode " + opcode);
  }

  /** The next text that contains this. */
  public String awaitText(String part) {
    while (true) {
      String text = await(TEXT).text();
      if (text.contains(part)) {
        return text;
      }
    }
  }

  /** The code with which the server closes; {@link #ABNORMAL} where it gives none. */
  public int awaitClose() {
    for (Optional<Frame> frame = read(); frame.isPresent(); frame = read()) {
      if (frame.get().opcode() == CLOSE) {
        return frame.get().closeCode();
      }
    }
    return ABNORMAL;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
