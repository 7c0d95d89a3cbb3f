package dev.concert.ensemble.budget;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The name of a usage ledger among those of other nodes, in a file beside it. */
public final class LedgerName {
  private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}");

  private LedgerName() {}

  /**
   * Reads the name, or makes one. Blocks.
   *
   * @param ledger empty: the name is not kept, because nothing of what was spent is
   */
  public static String of(Optional<Path> ledger) {
    return ledger
        .map(file -> kept(file.resolveSibling(file.getFileName() + ".name")))
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  private static String kept(Path file) {
    try {
      if (Files.exists(file)) {
        String name = Files.readString(file).strip();
        if (NAME.matcher(name).matches()) {
          return name;
        }
      }
      String fresh = UUID.randomUUID().toString();
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      PrivateFiles.create(draft);
      Files.writeString(draft, fresh);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the name of the usage ledger in " + file, e);
    }
  }
}
