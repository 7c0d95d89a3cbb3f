package dev.concert.chronicle.gc;

import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import java.time.Duration;

/**
 * How a server looks after its workspaces (configuration {@code chronicle.retention} and {@code
 * chronicle.collection}).
 *
 * @param every pause between two times; zero for never
 * @param grace for which a content stays that nothing needs
 */
public record GcOptions(RetentionPolicy policy, Duration every, Duration grace) {
  public static final GcOptions USUAL =
      new GcOptions(
          new RetentionPolicy.KeepAll(), Duration.ofHours(24), ContentSweeper.USUAL_GRACE);

  private static final int LONGEST_HOURS = 24 * 365;

  /**
   * @param chronicle section of the configuration
   * @throws ConfigException with a sentence that names the wrong key
   */
  public static GcOptions from(ConfigReader chronicle) {
    ConfigReader collection = chronicle.section("collection");
    return new GcOptions(
        policy(chronicle),
        hours(collection, "everyHours", 0, USUAL.every()),
        // A content is stored long before anything names it.
        hours(collection, "graceHours", 1, USUAL.grace()));
  }

  private static RetentionPolicy policy(ConfigReader chronicle) {
    try {
      return RetentionPolicy.parse(chronicle.text("retention", "all"));
    } catch (ConfigException wrong) {
      throw wrong;
    } catch (IllegalArgumentException wrong) {
      throw new ConfigException(
          "chronicle.retention", "chronicle.retention: " + wrong.getMessage());
    }
  }

  private static Duration hours(ConfigReader section, String key, int least, Duration fallback) {
    return Duration.ofHours(section.number(key, least, LONGEST_HOURS, (int) fallback.toHours()));
  }
}
