package dev.concert.platform.project;

/** A project that cannot be worked on, in a sentence for the user that says what to do. */
public final class ProjectException extends RuntimeException {
  public ProjectException(String sentence) {
    super(sentence);
  }

  ProjectException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
