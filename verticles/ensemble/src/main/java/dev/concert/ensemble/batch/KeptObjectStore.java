package dev.concert.ensemble.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whose the files and batches are, in a file of SQLite. Thread-safe; every method blocks. */
public final class KeptObjectStore implements AutoCloseable {
  private static final String SCHEMA =
      """
      CREATE TABLE objects (
        seq INTEGER PRIMARY KEY, owner TEXT NOT NULL, customer TEXT NOT NULL, kind TEXT NOT NULL,
        id TEXT NOT NULL, endpoint TEXT NOT NULL, api TEXT NOT NULL, body TEXT NOT NULL,
        plan TEXT, settled INTEGER NOT NULL, UNIQUE (owner, kind, id)) STRICT;
      CREATE INDEX open_batches ON objects (seq) WHERE settled = 0;
      """;

  private static final String MINE = "SELECT * FROM objects WHERE owner = ? AND kind = ?";

  private final SqliteDatabase database;
  private final Optional<Path> temporary;

  private KeptObjectStore(Path file, Optional<Path> temporary) {
    this.database = SqliteDatabase.open(file, List.of(SCHEMA));
    this.temporary = temporary;
  }

  /** Opens the file beside the ledger; without one, a file that is deleted at the end. */
  public static KeptObjectStore beside(Optional<Path> ledger) throws IOException {
    if (ledger.isPresent()) {
      Path file = ledger.get();
      return new KeptObjectStore(
          file.resolveSibling(file.getFileName() + ".objects.db"), Optional.empty());
    }
    Path folder = Files.createTempDirectory("ensemble-objects");
    return new KeptObjectStore(folder.resolve("objects.db"), Optional.of(folder));
  }

  /** Stores an object, or what is new about one. */
  void save(KeptObject object) {
    database.write(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO objects (owner, customer, kind, id, endpoint, api, body, plan,"
                      + " settled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, kind, id)"
                      + " DO UPDATE SET body = excluded.body, settled = excluded.settled")) {
            insert.setString(1, object.owner());
            insert.setString(2, object.customer());
            insert.setString(3, object.kind().name());
            insert.setString(4, object.id());
            insert.setString(5, object.endpoint());
            insert.setString(6, object.api().name());
            insert.setString(7, ExactJson.text(object.body()));
            insert.setString(8, object.plan().map(KeptObjectStore::text).orElse(null));
            insert.setInt(9, object.settled() ? 1 : 0);
            insert.executeUpdate();
          }
          return null;
        });
  }

  Optional<KeptObject> find(String owner, KeptObject.Kind kind, String id) {
    return select(MINE + " AND id = ?", owner, kind.name(), id).stream().findFirst();
  }

  /** What a caller has of an API, the newest first. */
  List<KeptObject> all(String owner, KeptObject.Kind kind, VendorStore.Api api) {
    return select(MINE + " AND api = ? ORDER BY seq DESC", owner, kind.name(), api.name());
  }

  /** The batches that hold money. */
  List<KeptObject> unsettled() {
    return select("SELECT * FROM objects WHERE settled = 0 ORDER BY seq");
  }

  /** Everything of a key. */
  List<KeptObject> of(String owner) {
    return select("SELECT * FROM objects WHERE owner = ? ORDER BY seq", owner);
  }

  List<String> owners() {
    return database.read(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT DISTINCT owner FROM objects");
              ResultSet row = select.executeQuery()) {
            List<String> owners = new ArrayList<>();
            while (row.next()) {
              owners.add(row.getString(1));
            }
            return owners;
          }
        });
  }

  void delete(KeptObject object) {
    database.write(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM objects WHERE owner = ? AND kind = ? AND id = ?")) {
            delete.setString(1, object.owner());
            delete.setString(2, object.kind().name());
            delete.setString(3, object.id());
            delete.executeUpdate();
          }
          return null;
        });
  }

  private List<KeptObject> select(String sql, String... values) {
    return database.read(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              select.setString(i + 1, values[i]);
            }
            List<KeptObject> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(object(row));
              }
            }
            return found;
          }
        });
  }

  private static KeptObject object(ResultSet row) throws SQLException {
    try {
      String plan = row.getString("plan");
      return new KeptObject(
          KeptObject.Kind.valueOf(row.getString("kind")),
          row.getString("id"),
          row.getString("owner"),
          row.getString("customer"),
          row.getString("endpoint"),
          VendorStore.Api.valueOf(row.getString("api")),
          (ObjectNode) ExactJson.MAPPER.readTree(row.getString("body")),
          plan == null
              ? Optional.empty()
              : Optional.of(Json.MAPPER.readValue(plan, BatchPlan.class)),
          row.getInt("settled") == 1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored object is JSON", e);
    }
  }

  private static String text(BatchPlan plan) {
    try {
      return Json.MAPPER.writeValueAsString(plan);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    database.close();
    if (temporary.isPresent()) {
      try (Stream<Path> files = Files.list(temporary.get())) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(temporary.get());
    }
  }
}
