package dev.concert.chronicle.journal;

import dev.concert.chronicle.content.Blob;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Lists the contents that a journal names, while another process may write it. Every method blocks.
 */
public final class JournalContents {
  private static final String ALL =
      "SELECT hash, size FROM iteration WHERE hash <> ''"
          + " UNION SELECT hash, size FROM file WHERE hash <> ''";
  private static final String NAMED =
      "SELECT f.path, i.number, i.hash FROM iteration i JOIN file f ON f.id = i.file"
          + " WHERE i.hash <> '' ORDER BY f.path, i.number";

  private JournalContents() {}

  /** Where a content is named. */
  public record Place(String path, long iteration, String hash) {}

  /** Tells every content that an iteration or a file has; nothing where there is no journal. */
  public static void each(Path journal, Consumer<Blob> taker) {
    if (!Files.exists(journal)) {
      return;
    }
    try (SqliteDatabase database = SqliteDatabase.open(journal, JournalSchema.MIGRATIONS)) {
      database.read(
          connection -> {
            try (PreparedStatement query = connection.prepareStatement(ALL);
                ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                taker.accept(new Blob(rows.getString(1), rows.getLong(2)));
              }
            }
            return true;
          });
    }
  }

  /** The iterations that have one of these contents. */
  public static List<Place> places(Path journal, Set<String> hashes) {
    List<Place> found = new ArrayList<>();
    if (!Files.exists(journal)) {
      return found;
    }
    try (SqliteDatabase database = SqliteDatabase.open(journal, JournalSchema.MIGRATIONS)) {
      return database.read(
          connection -> {
            try (PreparedStatement query = connection.prepareStatement(NAMED);
                ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                if (hashes.contains(rows.getString(3))) {
                  found.add(new Place(rows.getString(1), rows.getLong(2), rows.getString(3)));
                }
              }
            }
            return found;
          });
    }
  }
}
