package dev.concert.ensemble.demo.instruction;

import java.util.Locale;
import java.util.Optional;

/** What "it" refers to: the file that was mentioned last. Not thread-safe. */
final class FileReference {
  private Optional<String> file;

  FileReference(Optional<String> file) {
    this.file = file;
  }

  /** The file a word names; a pronoun names the last one. */
  Optional<String> file(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "it", "that", "this", "file", "program", "script" -> file;
      default -> {
        file = Optional.of(word);
        yield file;
      }
    };
  }
}
