package dev.concert.platform.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes a branch from a bundle into a repository of the user. Blocking. */
public final class BundleFetch {
  private BundleFetch() {}

  /**
   * Makes the branch, or moves it on. Nothing is checked out.
   *
   * @throws ProjectException with what git says, where it does not take it
   */
  public static void into(Path repository, byte[] bundle, String branch) {
    try {
      Path file = Files.createTempFile("concert", ".bundle");
      try {
        Files.write(file, bundle);
        String name = "refs/heads/" + branch;
        new GitCommand(repository, false)
            .fromFiles()
            .run(
                "-c",
                "fetch.fsckObjects=true",
                "fetch",
                "-q",
                "--no-tags",
                "--no-write-fetch-head",
                "--no-recurse-submodules",
                "--no-auto-maintenance",
                file.toString(),
                name + ":" + name);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A bundle cannot be written", e);
    }
  }
}
