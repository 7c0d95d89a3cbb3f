package dev.concert.chronicle.content.blake3;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of {@code blake3.h}, in the shared library that comes with {@code
 * org.alephium:blake3-jni}. Thread-safe.
 */
final class Blake3Library {
  private static final Logger LOG = LoggerFactory.getLogger(Blake3Library.class);

  /** {@code sizeof(blake3_hasher)} is 1912. */
  static final int STATE_BYTES = 2048;

  private final MethodHandle init;
  private final MethodHandle update;
  private final MethodHandle finish;

  private Blake3Library(SymbolLookup symbols) {
    // Heap arrays are handed over as they are.
    Linker.Option inPlace = Linker.Option.critical(true);
    Linker linker = Linker.nativeLinker();
    init =
        linker.downcallHandle(
            symbols.findOrThrow("blake3_hasher_init"), FunctionDescriptor.ofVoid(ADDRESS), inPlace);
    FunctionDescriptor withBytes = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG);
    update = linker.downcallHandle(symbols.findOrThrow("blake3_hasher_update"), withBytes, inPlace);
    finish =
        linker.downcallHandle(symbols.findOrThrow("blake3_hasher_finalize"), withBytes, inPlace);
  }

  /** Empty where this host has no such library, or {@code -Dconcert.blake3=java} refuses it. */
  static Optional<Blake3Library> load() {
    if ("java".equals(System.getProperty("concert.blake3")) || fileName().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Blake3Library(extract(fileName().get())));
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.info("Hashing in Java, because native BLAKE3 cannot be loaded: {}", e.toString());
      return Optional.empty();
    }
  }

  /** It is built for x86-64 only. */
  private static Optional<String> fileName() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    if (!processor.equals("amd64") && !processor.equals("x86_64")) {
      return Optional.empty();
    }
    return system.contains("linux")
        ? Optional.of("libblake3.so")
        : system.contains("mac") ? Optional.of("libblake3.dylib") : Optional.empty();
  }

  private static SymbolLookup extract(String name) throws IOException {
    Path file = Files.createTempFile("concert-", "-" + name);
    try (InputStream library = Blake3Library.class.getResourceAsStream("/" + name)) {
      if (library == null) {
        throw new FileNotFoundException(name);
      }
      Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
      return SymbolLookup.libraryLookup(file, Arena.global());
    } finally {
      // It stays loaded without its name, so that a killed process leaves nothing.
      Files.deleteIfExists(file);
    }
  }

  void start(MemorySegment state) {
    try {
      init.invokeExact(state);
    } catch (Throwable never) {
      throw new AssertionError(never);
    }
  }

  void add(MemorySegment state, MemorySegment bytes) {
    try {
      update.invokeExact(state, bytes, bytes.byteSize());
    } catch (Throwable never) {
      throw new AssertionError(never);
    }
  }

  void finish(MemorySegment state, MemorySegment hash) {
    try {
      finish.invokeExact(state, hash, hash.byteSize());
    } catch (Throwable never) {
      throw new AssertionError(never);
    }
  }
}
