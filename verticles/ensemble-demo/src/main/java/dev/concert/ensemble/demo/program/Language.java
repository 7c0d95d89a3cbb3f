package dev.concert.ensemble.demo.program;

import java.util.Arrays;
import java.util.Optional;

/** The languages in which the demo model can write programs. */
public enum Language {
  PYTHON("py", "python3"),
  SHELL("sh", "bash");

  private final String extension;
  private final String interpreter;

  Language(String extension, String interpreter) {
    this.extension = extension;
    this.interpreter = interpreter;
  }

  public String extension() {
    return extension;
  }

  public String interpreter() {
    return interpreter;
  }

  public static Optional<Language> ofPath(String path) {
    return Arrays.stream(values())
        .filter(language -> path.endsWith("." + language.extension))
        .findFirst();
  }
}
