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

  private static final String LIVE = "SELECT * FROM objects WHERE deleted = 0";
  private static final String MINE = LIVE + " AND owner = ? AND kind = ?";

  /** A node that was not the first to have it changes it for itself only. */
  private static final String SAVE =
      "INSERT INTO objects (owner, customer, kind, id, endpoint, api, body, plan, settled, home,"
          + " made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, kind, id)"
          + " DO UPDATE SET body = excluded.body, settled = MAX(settled, excluded.settled),"
          + " revision = revision + (home = excluded.home),"
          + " sent = CASE WHEN home = excluded.home THEN 0 ELSE sent END"
          + " WHERE deleted = 0 AND (body <> excluded.body OR settled < excluded.settled)";

  private final SqliteDatabase database;
  private final Optional<Path> temporary;
  private final String node;

  private KeptObjectStore(Path file, Optional<Path> temporary, String node) {
    this.database = SqliteDatabase.open(file, List.of(SCHEMA, ObjectRecords.SCHEMA));
    this.temporary = temporary;
    this.node = node;
    change("UPDATE objects SET home = ? WHERE home = ''", node);
  }

  /**
   * Opens the file beside the ledger; without one, a file that is deleted at the end.
   *
   * @param node the name of this one, also after a restart
   */
  public static KeptObjectStore beside(Optional<Path> ledger, String node) throws IOException {
    if (ledger.isPresent()) {
      Path file = ledger.get();
      return new KeptObjectStore(
          file.resolveSibling(file.getFileName() + ".objects.db"), Optional.empty(), node);
    }
    Path folder = Files.createTempDirectory("ensemble-objects");
    return new KeptObjectStore(folder.resolve("objects.db"), Optional.of(folder), node);
  }

  /** The same objects, as nodes exchange them. */
  public ObjectRecords records() {
    return new ObjectRecords(database);
  }

  /** Stores an object, or what is new about one. */
  void save(KeptObject object) {
    database.write(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(SAVE)) {
            insert.setString(1, object.owner());
            insert.setString(2, object.customer());
            insert.setString(3, object.kind().name());
            insert.setString(4, object.id());
            insert.setString(5, object.endpoint());
            insert.setString(6, object.api().name());
            insert.setString(7, ExactJson.text(object.body()));
            insert.setString(8, object.plan().map(KeptObjectStore::text).orElse(null));
            insert.setInt(9, object.settled() ? 1 : 0);
            insert.setString(10, node);
            insert.setLong(11, System.currentTimeMillis());
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
    return select(
        MINE + " AND api = ? ORDER BY made_ms DESC, seq DESC", owner, kind.name(), api.name());
  }

  /** The batches of this node that hold money. */
  List<KeptObject> unsettled() {
    return select(LIVE + " AND settled = 0 AND home = ? ORDER BY seq", node);
  }

  /** The batches that another node has to settle. */
  List<KeptObject> unsettledElsewhere() {
    return select(LIVE + " AND settled = 0 AND home <> ? ORDER BY seq", node);
  }

  /** Another node has it in its books from now on. */
  void move(KeptObject object, String home) {
    change(
        "UPDATE objects SET home = ?, revision = revision + 1, sent = 0"
            + " WHERE owner = ? AND kind = ? AND id = ?",
        home,
        object.owner(),
        object.kind().name(),
        object.id());
  }

  /** Everything of a key that was made at this node. */
  List<KeptObject> of(String owner) {
    return select(LIVE + " AND owner = ? AND home = ? ORDER BY seq", owner, node);
  }

  List<String> owners() {
    return database.read(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT DISTINCT owner FROM objects WHERE deleted = 0");
              ResultSet row = select.executeQuery()) {
            List<String> owners = new ArrayList<>();
            while (row.next()) {
              owners.add(row.getString(1));
            }
            return owners;
          }
        });
  }

  /** Its row stays without its contents, so that other nodes learn of it. */
  void delete(KeptObject object) {
    change(
        "UPDATE objects SET deleted = 1, body = '{}', plan = NULL, settled = 1,"
            + " revision = revision + 1, sent = 0 WHERE owner = ? AND kind = ? AND id = ?",
        object.owner(),
        object.kind().name(),
        object.id());
  }

  private void change(String sql, String... values) {
    database.write(
        connection -> {
          try (PreparedStatement change = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              change.setString(i + 1, values[i]);
            }
            return change.executeUpdate();
          }
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

  private KeptObject object(ResultSet row) throws SQLException {
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
          row.getInt("settled") == 1,
          !row.getString("home").equals(node));
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
