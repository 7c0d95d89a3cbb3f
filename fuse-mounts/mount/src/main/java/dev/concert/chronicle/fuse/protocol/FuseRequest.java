package dev.concert.chronicle.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.CallingProcess;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A request: {@code struct fuse_in_header} and what follows it, where the kernel wrote it. Each
 * thread has one and reuses it.
 */
public final class FuseRequest implements CallingProcess {
  public static final int HEADER = 40;

  private static final long LENGTH = 0;
  private static final long OPCODE = 4;
  private static final long UNIQUE = 8;
  private static final long NODE = 16;
  private static final long USER = 24;
  private static final long GROUP = 28;
  private static final long THREAD = 32;

  private final MemorySegment memory;

  /**
   * @param memory large enough for the largest request
   */
  public FuseRequest(MemorySegment memory) {
    this.memory = memory;
  }

  /** The memory that a request is read into. */
  public MemorySegment memory() {
    return memory;
  }

  public int opcode() {
    return memory.get(JAVA_INT, OPCODE);
  }

  /** The number of the request among those in progress. */
  public long unique() {
    return memory.get(JAVA_LONG, UNIQUE);
  }

  /** The node number of the file. */
  public long node() {
    return memory.get(JAVA_LONG, NODE);
  }

  @Override
  public int user() {
    return memory.get(JAVA_INT, USER);
  }

  @Override
  public int group() {
    return memory.get(JAVA_INT, GROUP);
  }

  /** The thread that waits for the answer; 0 where it is in another namespace. */
  public int thread() {
    return memory.get(JAVA_INT, THREAD);
  }

  /** A number at an offset after the header. */
  public int int32(int offset) {
    return memory.get(JAVA_INT, HEADER + offset);
  }

  public long int64(int offset) {
    return memory.get(JAVA_LONG, HEADER + offset);
  }

  /** The bytes from an offset after the header to the end. */
  public MemorySegment from(int offset) {
    int end = memory.get(JAVA_INT, LENGTH);
    return memory.asSlice(HEADER + offset, end - HEADER - offset);
  }

  /**
   * A C string at an offset after the header.
   *
   * @throws PosixException with {@link Errno#EILSEQ} where it is not UTF-8
   */
  public String text(int offset) {
    byte[] bytes = bytes(offset);
    for (byte each : bytes) {
      if (each < 0) {
        return strictly(bytes);
      }
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The bytes of a C string at an offset after the header, which need not be text. */
  public byte[] bytes(int offset) {
    byte[] bytes = new byte[length(offset)];
    MemorySegment.copy(memory, JAVA_BYTE, HEADER + offset, bytes, 0, bytes.length);
    return bytes;
  }

  private static String strictly(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new PosixException(Errno.EILSEQ, "name that is not UTF-8");
    }
  }

  /** The offset after the C string at this one. */
  public int after(int offset) {
    return offset + length(offset) + 1;
  }

  private int length(int offset) {
    int end = HEADER + offset;
    while (memory.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return end - HEADER - offset;
  }
}
