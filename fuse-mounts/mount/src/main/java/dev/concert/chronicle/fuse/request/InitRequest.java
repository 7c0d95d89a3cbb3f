package dev.concert.chronicle.fuse.request;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.concert.chronicle.fuse.protocol.FuseReply;
import dev.concert.chronicle.fuse.protocol.FuseRequest;
import dev.concert.chronicle.fuse.protocol.Operation;
import dev.concert.chronicle.posix.Errno;
import java.lang.foreign.MemorySegment;

/**
 * Negotiates the version and the features with the kernel ({@code FUSE_INIT}).
 *
 * <p>The kernel does locks, {@code access} and {@code poll} itself, since a mount has one host.
 */
public final class InitRequest implements Operation {
  /** The most that one request writes or reads, in bytes. */
  public static final int MAX_TRANSFER = 1 << 20;

  private static final int MAJOR = 7;

  /** Of Linux 5.4; older ones have no {@code openat2} either. */
  private static final int OLDEST_MINOR = 31;

  private static final int MINOR = 38;
  private static final int PAGE = 4096;
  private static final short MOST_IN_BACKGROUND = 32;
  private static final short CONGESTED = 24;
  private static final int ANSWER = 64;

  private static final int ASYNC_READ = 1;
  private static final int BIG_WRITES = 1 << 5;
  private static final int DO_READDIRPLUS = 1 << 13;
  private static final int READDIRPLUS_AUTO = 1 << 14;
  private static final int PARALLEL_DIROPS = 1 << 18;
  private static final int MAX_PAGES = 1 << 22;
  private static final int CACHE_SYMLINKS = 1 << 23;

  /** Without it the kernel asks for {@code security.capability} before every write. */
  private static final int HANDLE_KILLPRIV_V2 = 1 << 28;

  /**
   * Without {@code FUSE_ATOMIC_O_TRUNC}: when an open truncates the file, the kernel does not wait
   * for mapped pages that are being written back, and those arrive after the truncation.
   */
  private static final int WANTED =
      ASYNC_READ
          | BIG_WRITES
          | DO_READDIRPLUS
          | READDIRPLUS_AUTO
          | PARALLEL_DIROPS
          | MAX_PAGES
          | CACHE_SYMLINKS
          | HANDLE_KILLPRIV_V2;

  @Override
  public int serve(FuseRequest request, FuseReply reply) {
    int major = request.int32(0);
    int minor = request.int32(4);
    if (major < MAJOR || major == MAJOR && minor < OLDEST_MINOR) {
      return -Errno.EPROTO;
    }
    MemorySegment answer = reply.body().asSlice(0, ANSWER).fill((byte) 0);
    answer.set(JAVA_INT, 0, MAJOR);
    answer.set(JAVA_INT, 4, Math.min(minor, MINOR));
    answer.set(JAVA_INT, 8, request.int32(8));
    answer.set(JAVA_INT, 12, request.int32(12) & WANTED);
    answer.set(JAVA_SHORT, 16, MOST_IN_BACKGROUND);
    answer.set(JAVA_SHORT, 18, CONGESTED);
    answer.set(JAVA_INT, 20, MAX_TRANSFER);
    answer.set(JAVA_INT, 24, 1);
    answer.set(JAVA_SHORT, 28, (short) (MAX_TRANSFER / PAGE));
    return ANSWER;
  }
}
