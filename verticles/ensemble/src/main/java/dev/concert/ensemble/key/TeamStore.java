package dev.concert.ensemble.key;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Stores teams beside their keys. Thread-safe; every method blocks. */
public final class TeamStore {
  private final KeyDatabase database;

  TeamStore(KeyDatabase database) {
    this.database = database;
  }

  /**
   * Creates a team.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} if there is no such customer
   */
  public Team add(String customerId, KeySettings settings) {
    Team team = new Team(Team.PREFIX + UUID.randomUUID(), customerId, settings, database.now());
    return database.change(
        connection -> {
          KeyRows.requireCustomer(connection, customerId);
          TeamRows.insert(connection, team);
          return team;
        });
  }

  /**
   * Changes the settings of a team; empty if there is none with this id.
   *
   * @param change receives the current settings; if it throws, nothing changes
   */
  public Optional<Team> configure(String id, UnaryOperator<KeySettings> change) {
    return database.change(
        connection -> {
          Optional<Team> before = TeamRows.find(connection, id);
          if (before.isPresent()) {
            TeamRows.update(connection, id, change.apply(before.get().settings()));
          }
          return TeamRows.find(connection, id);
        });
  }

  /**
   * What a deletion has done.
   *
   * @param keys how many keys were revoked with it
   */
  public record Deleted(Team team, int keys) {}

  /**
   * Deletes a team; empty if there is none with this id. Its keys would be without its limits, so
   * they are revoked with it.
   *
   * @param withKeys whether it may have keys that are not revoked
   * @throws ConcertException {@code INVALID_MESSAGE} if it has keys and may not
   */
  public Optional<Deleted> delete(String id, boolean withKeys) {
    return database.change(
        connection -> {
          Optional<Team> team = TeamRows.find(connection, id);
          if (team.isEmpty()) {
            return Optional.empty();
          }
          int keys = TeamRows.keys(connection, id);
          if (keys > 0 && !withKeys) {
            throw new ConcertException(
                ErrorCode.INVALID_MESSAGE,
                "keys: the team has %d %s. Give them another team, or delete them with it: they are revoked then, for good."
                    .formatted(keys, keys == 1 ? "key" : "keys"));
          }
          TeamRows.delete(connection, id);
          return Optional.of(new Deleted(team.get(), keys));
        });
  }

  public Optional<Team> find(String id) {
    return database.read(connection -> TeamRows.find(connection, id));
  }

  public List<Team> all() {
    return database.read(TeamRows::all);
  }
}
