package dev.concert.chronicle.recording.changelog;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.iteration.SkipReason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Records as bytes; the layout is described in {@code package-info}. For one thread. */
final class RecordFormat {
  /** Length and checksum. */
  static final int HEADER = 8;

  /** No record is longer: the largest content that is put into one, and its path. */
  static final int MAX_LENGTH = ChangeLog.LARGEST_INLINE + 8 * 1024;

  private static final int BODY = HEADER + Long.BYTES + Long.BYTES;
  private static final int FIXED = 128;
  private static final int HASH = 32;

  private final ByteBuffer bytes;

  private RecordFormat(int capacity) {
    bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).position(BODY);
  }

  static RecordFormat of(LogRecord record) {
    return switch (record) {
      case LogRecord.Written(FileState file, byte[] content) -> {
        RecordFormat frame =
            new RecordFormat(FIXED + room(file.path()) + content.length).type(1).file(file);
        frame.bytes.put(content);
        yield frame;
      }
      case LogRecord.Stored(FileState file, Blob blob) ->
          new RecordFormat(FIXED + room(file.path())).type(2).file(file).blob(blob);
      case LogRecord.Promised(FileState file) ->
          new RecordFormat(FIXED + room(file.path())).type(3).file(file);
      case LogRecord.Captured(long promise, Blob blob) -> {
        RecordFormat frame = new RecordFormat(FIXED).type(4);
        frame.bytes.putLong(promise);
        yield frame.blob(blob);
      }
      case LogRecord.GivenUp(long promise, SkipReason reason) -> {
        RecordFormat frame = new RecordFormat(FIXED).type(9);
        frame.bytes.putLong(promise).put((byte) reason.ordinal());
        yield frame;
      }
      case LogRecord.Skipped(FileState file, SkipReason reason) -> {
        RecordFormat frame = new RecordFormat(FIXED + room(file.path())).type(10).file(file);
        frame.bytes.put((byte) reason.ordinal());
        yield frame;
      }
      case LogRecord.ModeChanged(String path, int mode, boolean shared) -> {
        RecordFormat frame = new RecordFormat(FIXED + room(path)).type(5).text(path);
        frame.bytes.putInt(mode).put((byte) (shared ? 1 : 0));
        yield frame;
      }
      case LogRecord.Removed(String path) ->
          new RecordFormat(FIXED + room(path)).type(6).text(path);
      case LogRecord.Renamed(String from, String to) ->
          new RecordFormat(FIXED + room(from) + room(to)).type(7).text(from).text(to);
      case LogRecord.Exchanged(String one, String other) ->
          new RecordFormat(FIXED + room(one) + room(other)).type(8).text(one).text(other);
    };
  }

  private static int room(String text) {
    return 3 * text.length();
  }

  private RecordFormat type(int type) {
    bytes.put((byte) type);
    return this;
  }

  private RecordFormat text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.putShort((short) encoded.length).put(encoded);
    return this;
  }

  private RecordFormat file(FileState file) {
    text(file.path());
    bytes.put((byte) file.kind().ordinal()).putInt(file.mode()).put((byte) (file.shared() ? 1 : 0));
    Signature seen = file.signature();
    bytes.putLong(seen.size()).putLong(seen.modifiedNanos()).putLong(seen.inode());
    return this;
  }

  private RecordFormat blob(Blob blob) {
    bytes.put(HexFormat.of().parseHex(blob.hash())).putLong(blob.size());
    return this;
  }

  /** Completes the record. Its bytes are the first {@link #length()} of the array. */
  byte[] seal(long number, long time) {
    bytes.putLong(HEADER, number).putLong(HEADER + Long.BYTES, time);
    bytes.putInt(0, bytes.position() - HEADER);
    bytes.putInt(Integer.BYTES, checksum(bytes.array(), HEADER, bytes.position() - HEADER));
    return bytes.array();
  }

  int length() {
    return bytes.position();
  }

  private static int checksum(byte[] array, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(array, from, length);
    return (int) crc.getValue();
  }

  /** Length of what follows the header; empty where this cannot be a header. */
  static Optional<Integer> bodyLength(byte[] header) {
    int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return length > BODY - HEADER && length <= MAX_LENGTH ? Optional.of(length) : Optional.empty();
  }

  /** The record behind a header; empty where the bytes are not what was written. */
  static Optional<LogRecord.Numbered> read(byte[] header, byte[] body) {
    int expected = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(Integer.BYTES);
    if (checksum(body, 0, body.length) != expected) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    return Optional.of(new LogRecord.Numbered(in.getLong(), in.getLong(), record(in)));
  }

  private static LogRecord record(ByteBuffer in) {
    byte type = in.get();
    return switch (type) {
      case 1 -> {
        FileState file = file(in);
        byte[] content = new byte[in.remaining()];
        in.get(content);
        yield new LogRecord.Written(file, content);
      }
      case 2 -> new LogRecord.Stored(file(in), blob(in));
      case 3 -> new LogRecord.Promised(file(in));
      case 4 -> new LogRecord.Captured(in.getLong(), blob(in));
      case 5 -> new LogRecord.ModeChanged(text(in), in.getInt(), in.get() == 1);
      case 6 -> new LogRecord.Removed(text(in));
      case 7 -> new LogRecord.Renamed(text(in), text(in));
      case 8 -> new LogRecord.Exchanged(text(in), text(in));
      case 9 -> new LogRecord.GivenUp(in.getLong(), SkipReason.of(in.get()));
      case 10 -> new LogRecord.Skipped(file(in), SkipReason.of(in.get()));
      default ->
          throw new IllegalStateException(
              "The change log has a record of type " + type + "; start a newer Concert");
    };
  }

  private static String text(ByteBuffer in) {
    byte[] encoded = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(encoded);
    return new String(encoded, StandardCharsets.UTF_8);
  }

  private static FileState file(ByteBuffer in) {
    String path = text(in);
    Kind kind = Kind.values()[in.get()];
    int mode = in.getInt();
    boolean shared = in.get() == 1;
    return new FileState(
        path, kind, mode, shared, new Signature(in.getLong(), in.getLong(), in.getLong()));
  }

  private static Blob blob(ByteBuffer in) {
    byte[] hash = new byte[HASH];
    in.get(hash);
    return new Blob(HexFormat.of().formatHex(hash), in.getLong());
  }
}
