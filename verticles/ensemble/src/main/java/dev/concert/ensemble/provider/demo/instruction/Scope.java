package dev.concert.ensemble.provider.demo.instruction;

import java.util.Locale;
import java.util.Optional;

/** What "it" means: the file that was spoken of last. Not thread-safe. */
final class Scope {
  private Optional<String> file;

  Scope(Optional<String> file) {
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
