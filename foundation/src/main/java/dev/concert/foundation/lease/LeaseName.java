package dev.concert.foundation.lease;

import java.util.regex.Pattern;

/** What a lease may be named: it becomes the name of a file and of a key. */
final class LeaseName {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

  private LeaseName() {}

  static void verify(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("The name of a lease has letters, digits, '.', '_', '-'.");
    }
  }
}
