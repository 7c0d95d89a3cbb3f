package dev.concert.automations.store;

import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/**
 * What members of a tenant want to be told, and where. A trigger of the database puts each new item
 * into the outbox of those channels that want it, in the transaction of the item. Thread-safe and
 * non-blocking.
 */
public final class DeliveryStore {
  /** To be run once on the database, after the schemas of the inbox and of the outbox. */
  public static final String SCHEMA =
      """
      CREATE TABLE delivery_wish (
        owner TEXT NOT NULL,
        channel TEXT NOT NULL,
        from_rank INTEGER NOT NULL,
        url TEXT,
        PRIMARY KEY (owner, channel)
      ) WITHOUT ROWID;
      CREATE TRIGGER item_delivered AFTER INSERT ON inbox_item BEGIN
        INSERT INTO outbox (route, conversation, message_key, content, changed_ms)
        SELECT channel, channel || ' ' || owner, NEW.id, NEW.id, NEW.created_ms FROM delivery_wish
        WHERE owner = NEW.owner AND from_rank <=
          CASE NEW.severity WHEN 'info' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END; END;
      CREATE TRIGGER item_rated AFTER UPDATE OF severity ON inbox_item BEGIN
        INSERT INTO outbox (route, conversation, message_key, content, changed_ms)
        SELECT channel, channel || ' ' || owner, NEW.id, NEW.id, NEW.updated_ms FROM delivery_wish
        WHERE owner = NEW.owner AND from_rank <=
          CASE NEW.severity WHEN 'info' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END
        ON CONFLICT DO NOTHING; END;
      """;

  /**
   * To be run once after it, and after the schema of the devices: each device is a lane of its own.
   * Whoever snoozed an item wants to be told again when that ends: the same message goes out once
   * more, or for the first time, with the end of the snooze in its content.
   */
  public static final String LANES =
      """
      CREATE VIEW delivery_lane AS
        SELECT owner, channel, from_rank, channel || ' ' || owner AS lane FROM delivery_wish
        WHERE channel <> 'push'
        UNION ALL
        SELECT wish.owner, 'push', from_rank, 'push ' || wish.owner || ' ' || push_device.id
        FROM delivery_wish AS wish JOIN push_device ON push_device.owner = wish.owner
        WHERE channel = 'push';
      DROP TRIGGER item_delivered;
      CREATE TRIGGER item_delivered AFTER INSERT ON inbox_item BEGIN
        INSERT INTO outbox (route, conversation, message_key, content, changed_ms)
        SELECT channel, lane, NEW.id, NEW.id, NEW.created_ms FROM delivery_lane
        WHERE owner = NEW.owner AND from_rank <=
          CASE NEW.severity WHEN 'info' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END; END;
      DROP TRIGGER item_rated;
      CREATE TRIGGER item_rated AFTER UPDATE OF severity ON inbox_item BEGIN
        INSERT INTO outbox (route, conversation, message_key, content, changed_ms)
        SELECT channel, lane, NEW.id, NEW.id, NEW.updated_ms FROM delivery_lane
        WHERE owner = NEW.owner AND from_rank <=
          CASE NEW.severity WHEN 'info' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END
        ON CONFLICT DO NOTHING; END;
      CREATE INDEX inbox_item_snoozed ON inbox_item (until_ms) WHERE state = 'snoozed';
      CREATE TRIGGER item_woken AFTER UPDATE OF state ON inbox_item
        WHEN OLD.state = 'snoozed' AND NEW.state = 'new' AND NEW.updated_ms >= OLD.until_ms BEGIN
        INSERT INTO outbox (route, conversation, message_key, content, changed_ms)
        SELECT channel, lane, NEW.id, NEW.id || '~' || OLD.until_ms, NEW.updated_ms
        FROM delivery_lane WHERE owner = NEW.owner AND from_rank <=
          CASE NEW.severity WHEN 'info' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END
        ON CONFLICT (conversation, message_key) DO UPDATE SET
          content = excluded.content, version = version + 1, changed_ms = excluded.changed_ms,
          attempts = 0, not_before_ms = 0,
          state = CASE WHEN state IN ('sent', 'failed') THEN 'pending' ELSE state END; END;
      """;

  /** The names of the ranks, which grow. */
  private static final List<String> SEVERITIES = List.of("info", "warning", "error", "off");

  private final FencedDatabase database;

  /**
   * @param database with {@link #SCHEMA}
   */
  public DeliveryStore(FencedDatabase database) {
    this.database = database;
  }

  /**
   * What a member wants of one channel.
   *
   * @param from the least severity, or {@code off}
   */
  public record DeliveryWish(String from, Optional<String> url) {
    private static final DeliveryWish NOTHING = new DeliveryWish("off", Optional.empty());

    public boolean isOff() {
      return from.equals("off");
    }

    /** Whether an item of this severity is wanted. */
    public boolean wants(String severity) {
      return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(from);
    }
  }

  /**
   * How the messages of a lane are.
   *
   * @param fault of the newest that is not sent
   */
  public record LaneState(int waiting, int failed, Optional<String> fault) {}

  /** Off where the member never said anything. */
  public Future<DeliveryWish> find(String owner, String channel) {
    return database
        .query(
            "SELECT from_rank, url FROM delivery_wish WHERE owner = ? AND channel = ?",
            Tuple.of(owner, channel))
        .map(
            rows -> {
              for (Row row : rows) {
                return new DeliveryWish(
                    SEVERITIES.get(row.getInteger(0)), Optional.ofNullable(row.getString(1)));
              }
              return DeliveryWish.NOTHING;
            });
  }

  public Future<Void> set(String owner, String channel, DeliveryWish wish) {
    return database
        .update(
            "INSERT OR REPLACE INTO delivery_wish VALUES (?, ?, ?, ?)",
            Tuple.of(owner, channel, SEVERITIES.indexOf(wish.from()), wish.url().orElse(null)))
        .mapEmpty();
  }

  /** How the messages of a lane of the outbox are, or of all lanes that begin like that. */
  public Future<LaneState> state(String lane) {
    return database
        .query(
            """
            SELECT count(*) FILTER (WHERE state IN ('pending', 'sending', 'uncertain')),
              count(*) FILTER (WHERE state = 'failed'),
              (SELECT note FROM outbox
                WHERE (conversation = ?1 OR substr(conversation, 1, length(?1) + 1) = ?1 || ' ')
                  AND state <> 'sent' AND note IS NOT NULL ORDER BY id DESC LIMIT 1)
            FROM outbox
            WHERE conversation = ?1 OR substr(conversation, 1, length(?1) + 1) = ?1 || ' '
            """,
            Tuple.of(lane))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new LaneState(
                  row.getInteger(0), row.getInteger(1), Optional.ofNullable(row.getString(2)));
            });
  }
}
