package dev.concert.gateway.auth;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads who owns which TCP socket from {@code /proc/net/tcp} and {@code /proc/net/tcp6}. To read
 * them takes milliseconds, most of them in the kernel, so one reading serves many questions.
 * Blocking.
 */
final class SocketTable {
  private static final Path IPV4 = Path.of("/proc/net/tcp");
  private static final Path IPV6 = Path.of("/proc/net/tcp6");
  private static final int CHUNK = 1 << 16;

  private SocketTable() {}

  /** A connection, as seen by its one end. */
  record Ends(Address local, Address remote) {}

  /**
   * @param bytes 16; an IPv4 address is mapped into IPv6
   */
  record Address(String bytes, int port) {
    private static final String MAPPED = "00000000000000000000ffff";

    static Address of(InetSocketAddress address) {
      return of(address.getAddress().getAddress(), address.getPort());
    }

    private static Address of(byte[] bytes, int port) {
      String hex = HexFormat.of().formatHex(bytes);
      return new Address(bytes.length == 4 ? MAPPED + hex : hex, port);
    }
  }

  static boolean exists() {
    return IPV4.toFile().canRead();
  }

  /** Looks these connections up and puts in who owns them; those that are not there stay. */
  static void read(Map<Ends, OptionalLong> wanted) throws IOException {
    int left = read(IPV4, wanted, wanted.size());
    if (left > 0 && IPV6.toFile().canRead()) {
      read(IPV6, wanted, left);
    }
  }

  private static int read(Path table, Map<Ends, OptionalLong> wanted, int open) throws IOException {
    int left = open;
    try (FileChannel file = FileChannel.open(table, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
      while (left > 0 && file.read(buffer) > 0) {
        left -= takeLines(buffer.flip(), wanted);
        buffer.compact();
      }
    }
    return left;
  }

  private static int takeLines(ByteBuffer buffer, Map<Ends, OptionalLong> wanted) {
    int found = 0;
    byte[] bytes = buffer.array();
    for (int i = buffer.position(); i < buffer.limit(); i++) {
      if (bytes[i] == '\n') {
        int start = buffer.position();
        String line = new String(bytes, start, i - start, StandardCharsets.US_ASCII);
        buffer.position(i + 1);
        found += take(line.strip().split("\\s+"), wanted);
      }
    }
    return found;
  }

  /**
   * {@code sl local_address rem_address st queues timer retransmits uid timeout inode}. A socket
   * without inode is one that its program has closed; older kernels give it to root.
   */
  private static int take(String[] fields, Map<Ends, OptionalLong> wanted) {
    if (fields.length < 10 || !fields[0].endsWith(":") || fields[9].equals("0")) {
      return 0;
    }
    Ends ends = new Ends(address(fields[1]), address(fields[2]));
    return wanted.replace(ends, OptionalLong.empty(), OptionalLong.of(Long.parseLong(fields[7])))
        ? 1
        : 0;
  }

  /** {@code 0100007F:1F90}: words in the machine's byte order, and the port. */
  private static Address address(String text) {
    int colon = text.indexOf(':');
    byte[] raw = HexFormat.of().parseHex(text, 0, colon);
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      for (int word = 0; word < raw.length; word += 4) {
        swap(raw, word, word + 3);
        swap(raw, word + 1, word + 2);
      }
    }
    return Address.of(raw, HexFormat.fromHexDigits(text, colon + 1, text.length()));
  }

  private static void swap(byte[] bytes, int one, int other) {
    byte kept = bytes[one];
    bytes[one] = bytes[other];
    bytes[other] = kept;
  }
}
