package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The extended attributes of a file. Their system calls know no directory descriptors before Linux
 * 6.13, so files are addressed by way of {@code /proc/self/fd}. Thread-safe.
 */
public final class ExtendedAttributes {
  private static final String DESCRIPTORS = "/proc/self/fd/";
  private static final Calls OF_NAME =
      Calls.bind("lgetxattr", "llistxattr", "lsetxattr", "lremovexattr");
  private static final Calls OF_OPEN =
      Calls.bind("getxattr", "listxattr", "setxattr", "removexattr");

  private record Calls(MethodHandle get, MethodHandle list, MethodHandle set, MethodHandle remove) {
    static Calls bind(String get, String list, String set, String remove) {
      return new Calls(
          LibC.bind(get, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG),
          LibC.bind(list, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG),
          LibC.bind(set, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT),
          LibC.bind(remove, JAVA_INT, ADDRESS, ADDRESS));
    }
  }

  private final String address;
  private final Calls calls;

  private ExtendedAttributes(String address, Calls calls) {
    this.address = address;
    this.calls = calls;
  }

  /** Of a name in a directory; a symlink is not followed. */
  public static ExtendedAttributes of(OpenDirectory directory, String path) {
    return new ExtendedAttributes(DESCRIPTORS + directory.descriptor() + "/" + path, OF_NAME);
  }

  /** Of an open file, whether it has a name or not. */
  public static ExtendedAttributes of(int descriptor) {
    return new ExtendedAttributes(DESCRIPTORS + descriptor, OF_OPEN);
  }

  /** Fills the memory with a value; answers with its length. A size of 0 only asks for that. */
  public int get(String name, MemorySegment into, long size) {
    CallMemory scratch = CallMemory.current();
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          scratch.result(
              (long)
                  calls
                      .get()
                      .invokeExact(
                          scratch.state,
                          scratch.first(address),
                          arena.allocateFrom(name),
                          into,
                          size));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /** The same with all names, each closed by a NUL. */
  public int list(MemorySegment into, long size) {
    CallMemory scratch = CallMemory.current();
    try {
      return (int)
          scratch.result(
              (long) calls.list().invokeExact(scratch.state, scratch.first(address), into, size));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * @param flags as {@code setxattr(2)} has them
   */
  public int set(String name, MemorySegment value, int flags) {
    CallMemory scratch = CallMemory.current();
    try (Arena arena = Arena.ofConfined()) {
      return scratch.result(
          (int)
              calls
                  .set()
                  .invokeExact(
                      scratch.state,
                      scratch.first(address),
                      arena.allocateFrom(name),
                      value,
                      value.byteSize(),
                      flags));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public int remove(String name) {
    CallMemory scratch = CallMemory.current();
    try (Arena arena = Arena.ofConfined()) {
      return scratch.result(
          (int)
              calls
                  .remove()
                  .invokeExact(scratch.state, scratch.first(address), arena.allocateFrom(name)));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }
}
