package dev.concert.chronicle.collection;

import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;

/**
 * How a server looks after its workspaces (configuration {@code chronicle.retention} and {@code
 * chronicle.collection}).
 *
 * @param every pause between two times; zero for never
 * @param grace for which a content stays that nothing needs
 */
public record UpkeepOptions(RetentionPolicy policy, Duration every, Duration grace) {
  public static final UpkeepOptions USUAL =
      new UpkeepOptions(new RetentionPolicy.KeepAll(), Duration.ofHours(24), Collector.USUAL_GRACE);

  private static final int LONGEST_HOURS = 24 * 365;

  /**
   * @param chronicle section of the configuration
   * @throws ConfigException with a sentence that names the wrong key
   */
  public static UpkeepOptions from(JsonObject chronicle) {
    Object section = chronicle.getValue("collection", new JsonObject());
    if (!(section instanceof JsonObject collection)) {
      throw new ConfigException("chronicle.collection must be a mapping of names to values.");
    }
    Set<String> unknown = new java.util.TreeSet<>(collection.fieldNames());
    unknown.removeAll(Set.of("everyHours", "graceHours"));
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "chronicle.collection has no key '%s'; there are: everyHours, graceHours."
              .formatted(unknown.iterator().next()));
    }
    return new UpkeepOptions(
        policy(chronicle.getValue("retention", "all")),
        hours(collection, "everyHours", 0, USUAL.every()),
        // What is put is named long before.
        hours(collection, "graceHours", 1, USUAL.grace()));
  }

  private static RetentionPolicy policy(Object text) {
    try {
      return RetentionPolicy.parse(String.valueOf(text));
    } catch (IllegalArgumentException wrong) {
      throw new ConfigException("chronicle.retention: " + wrong.getMessage());
    }
  }

  private static Duration hours(JsonObject collection, String name, int least, Duration otherwise) {
    Object value = collection.getValue(name, otherwise.toHours());
    if (value instanceof Integer || value instanceof Long) {
      long hours = ((Number) value).longValue();
      if (hours >= least && hours <= LONGEST_HOURS) {
        return Duration.ofHours(hours);
      }
    }
    throw new ConfigException(
        "chronicle.collection.%s is '%s', but must be a number of hours from %d to %,d."
            .formatted(name, value, least, LONGEST_HOURS));
  }
}
