package dev.concert.automations.store;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.protocol.PushDevice;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The browsers that get members' notifications. Thread-safe and non-blocking. */
public final class PushDeviceStore {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE push_device (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        created_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX push_device_of ON push_device (owner);
      """;

  private final FencedDatabase database;

  /**
   * @param database with {@link #SCHEMA}
   */
  public PushDeviceStore(FencedDatabase database) {
    this.database = database;
  }

  /** The devices of a member, the oldest first. */
  public Future<List<PushDevice>> of(String owner) {
    return database
        .query(
            "SELECT id, name, created_ms FROM push_device WHERE owner = ? ORDER BY created_ms, id",
            Tuple.of(owner))
        .map(
            rows -> {
              List<PushDevice> devices = new ArrayList<>();
              rows.forEach(
                  row ->
                      devices.add(
                          new PushDevice(row.getString(0), row.getString(1), row.getLong(2))));
              return devices;
            });
  }

  /** Adds a device. It leaves the member who had it before. */
  public Future<Void> put(String owner, PushDevice device) {
    return database
        .update(
            """
            INSERT INTO push_device (id, owner, name, created_ms) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (id) DO UPDATE SET owner = ?2, name = ?3
            """,
            Tuple.of(device.deviceId(), owner, device.name(), device.createdAt()))
        .mapEmpty();
  }

  /**
   * Removes a device.
   *
   * @return whether the member had it
   */
  public Future<Boolean> remove(String owner, String id) {
    return database
        .update("DELETE FROM push_device WHERE owner = ? AND id = ?", Tuple.of(owner, id))
        .map(removed -> removed == 1);
  }
}
