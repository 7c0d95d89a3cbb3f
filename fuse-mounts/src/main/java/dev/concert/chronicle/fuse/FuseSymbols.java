package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Finds functions of libfuse by name and version.
 *
 * <p>libfuse 2 keeps old functions under their old names in older versions of the symbol, and
 * Debian's build has some of them without a version, so that a plain look-up of {@code fuse_new}
 * finds the one of 2004 with other parameters.
 */
final class FuseSymbols {
  private static final int RTLD_NOW = 2;

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup plain;
  private final String library;

  FuseSymbols(String library) {
    this.library = library;
    this.plain = SymbolLookup.libraryLookup(library, Arena.global());
  }

  MemorySegment find(String name) {
    return plain.findOrThrow(name);
  }

  /** The function as it is since that version of libfuse. */
  MemorySegment find(String name, String version) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle =
          (MemorySegment)
              bind("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT))
                  .invokeExact(arena.allocateFrom(library), RTLD_NOW);
      MemorySegment symbol =
          (MemorySegment)
              bind("dlvsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS))
                  .invokeExact(handle, arena.allocateFrom(name), arena.allocateFrom(version));
      if (symbol.address() == 0) {
        throw new UnsatisfiedLinkError(library + " has no " + name + " of version " + version);
      }
      return symbol;
    } catch (Throwable failure) {
      throw new LinkageError("Cannot look up " + name + " in " + library, failure);
    }
  }

  private MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }
}
