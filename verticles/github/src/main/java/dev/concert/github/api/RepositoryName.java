package dev.concert.github.api;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Owner and name of a repository, both without a character that would change a path.
 *
 * @param owner an account; at GitLab also a group in a group, such as {@code a/b}
 */
public record RepositoryName(String owner, String name) {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  public RepositoryName {
    if (!isOwner(owner) || !isPart(name)) {
      throw new IllegalArgumentException("A repository is named OWNER/NAME.");
    }
  }

  private static boolean isOwner(String text) {
    return Arrays.stream(text.split("/", -1)).allMatch(RepositoryName::isPart);
  }

  /** Whether an owner or a repository can be named so. */
  public static boolean isPart(String text) {
    return PART.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }

  /** Reads {@code owner/name}. */
  public static Optional<RepositoryName> parse(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String owner = text.substring(0, slash);
    String name = text.substring(slash + 1);
    return isOwner(owner) && isPart(name)
        ? Optional.of(new RepositoryName(owner, name))
        : Optional.empty();
  }

  /** Where it is in the API of a forge whose accounts have no parts. */
  public String path() {
    if (!isPart(owner)) {
      throw new IllegalArgumentException("A repository is named OWNER/NAME here.");
    }
    return "/repos/" + owner + "/" + name;
  }

  @Override
  public String toString() {
    return owner + "/" + name;
  }
}
