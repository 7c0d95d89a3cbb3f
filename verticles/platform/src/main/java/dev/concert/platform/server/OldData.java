package dev.concert.platform.server;

import dev.concert.platform.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.function.Consumer;

/**
 * Data where older versions kept it: in the program's folder, or in {@code data} below the current
 * one. It moves to where the data is now, unless there is some already.
 */
public final class OldData {
  private final List<Path> places;

  OldData(List<Path> places) {
    this.places = places;
  }

  public static OldData ofThisUser() {
    return new OldData(
        List.of(EmbeddedServer.home().resolve(".concert").resolve("data"), Path.of("data")));
  }

  /**
   * Moves the first data that is found and not in use. Blocking.
   *
   * @param target where data is kept now
   * @param notice gets one sentence for what moved, and for what cannot
   */
  public void moveTo(Path target, Consumer<String> notice) {
    Path now = target.toAbsolutePath().normalize();
    for (Path place : places) {
      Path old = place.toAbsolutePath().normalize();
      if (old.equals(now) || !isData(old)) {
        continue;
      }
      if (!isOfThisUser(old)) {
        // In a folder that others can write, such data may be a trap.
        notice.accept("%s has data of another user. It stays there.".formatted(old));
      } else if (DataFolder.isFree(old)) {
        move(old, now, notice);
      }
    }
  }

  private static boolean isData(Path folder) {
    return Files.isRegularFile(folder.resolve("concert.lock"), LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isOfThisUser(Path folder) {
    try {
      UserPrincipal self =
          folder
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(System.getProperty("user.name"));
      return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(self);
    } catch (IOException | UnsupportedOperationException unknown) {
      // Data whose owner cannot be read may be another user's: it stays where it is.
      return false;
    }
  }

  private static void move(Path old, Path now, Consumer<String> notice) {
    if (Files.exists(now)) {
      notice.accept("%s has older data. Use it with --data %s.".formatted(old, old));
      return;
    }
    try {
      Files.createDirectories(now.getParent());
      Files.move(old, now);
      notice.accept("The data in %s is in %s from now on.".formatted(old, now));
    } catch (IOException e) {
      notice.accept(
          "%s has data that cannot be moved to %s. Move it yourself, or use --data %s."
              .formatted(old, now, old));
    }
  }
}
