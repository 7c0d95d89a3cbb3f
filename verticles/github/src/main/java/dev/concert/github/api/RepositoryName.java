package dev.concert.github.api;

import java.util.Optional;
import java.util.regex.Pattern;

/** Owner and name of a repository, both without a character that would change a path. */
public record RepositoryName(String owner, String name) {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  public RepositoryName {
    if (!isPart(owner) || !isPart(name)) {
      throw new IllegalArgumentException("A repository is named OWNER/NAME.");
    }
  }

  /** Whether an owner or a repository can be named so. */
  public static boolean isPart(String text) {
    return PART.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }

  /** Reads {@code owner/name}. */
  public static Optional<RepositoryName> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String owner = text.substring(0, slash);
    String name = text.substring(slash + 1);
    return isPart(owner) && isPart(name)
        ? Optional.of(new RepositoryName(owner, name))
        : Optional.empty();
  }

  /** Where it is in the API. */
  public String path() {
    return "/repos/" + owner + "/" + name;
  }

  @Override
  public String toString() {
    return owner + "/" + name;
  }
}
