package dev.concert.ensemble.ledger.report;

import dev.concert.ensemble.message.FinishReason;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Selects the latest calls of all keys; a call must match every condition that is present.
 *
 * @param limit the most calls to return, 1 to {@link #MOST}
 * @param offset the number of calls to skip, 0 to {@link #FARTHEST}
 * @param successful whether the call succeeded; a call in progress matches neither
 * @param since the earliest start
 */
public record CallQuery(
    int limit,
    int offset,
    Optional<String> model,
    Optional<String> provider,
    Optional<Boolean> successful,
    Optional<Instant> since) {
  public static final int MOST = 1_000;

  /** Farther back an export serves better. */
  public static final int FARTHEST = 100_000;

  /** The outcomes of successful calls; constants, so that they need no quoting. */
  private static final String ENDS =
      Arrays.stream(FinishReason.values())
          .map(reason -> "'" + reason.name().toLowerCase(Locale.ROOT) + "'")
          .collect(Collectors.joining(", ", "(", ")"));

  String sql() {
    List<String> conditions = new ArrayList<>(List.of("TRUE"));
    model.ifPresent(name -> conditions.add("model = ?"));
    provider.ifPresent(name -> conditions.add("provider = ?"));
    since.ifPresent(time -> conditions.add("started_ms >= ?"));
    successful.ifPresent(
        yes ->
            conditions.add(
                "ended_ms IS NOT NULL AND outcome " + (yes ? "" : "NOT ") + "IN " + ENDS));
    return "SELECT * FROM calls WHERE %s ORDER BY id DESC LIMIT ? OFFSET ?"
        .formatted(String.join(" AND ", conditions));
  }

  void fill(PreparedStatement select) throws SQLException {
    List<Object> values = new ArrayList<>();
    model.ifPresent(values::add);
    provider.ifPresent(values::add);
    since.map(Instant::toEpochMilli).ifPresent(values::add);
    values.add(limit);
    values.add(offset);
    for (int i = 0; i < values.size(); i++) {
      select.setObject(i + 1, values.get(i));
    }
  }
}
