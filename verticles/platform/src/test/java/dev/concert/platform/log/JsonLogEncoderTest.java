package dev.concert.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** What a line of the JSON log is. */
class JsonLogEncoderTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  private final LoggerContext context = new LoggerContext();

  @Test
  void anEventWithEverything() {
    LoggingEvent event = event("Session {} is gone", new IllegalStateException("no\nway"), "s1");
    event.addKeyValuePair(new KeyValuePair("sessionId", "s1"));
    event.addKeyValuePair(new KeyValuePair("turns", 3));
    event.addKeyValuePair(new KeyValuePair("nothing", null));
    event.addKeyValuePair(new KeyValuePair("message", "not this one"));

    JsonObject line = written(event);

    assertThat(line.getString("stackTrace"))
        .startsWith("java.lang.IllegalStateException: no\nway")
        .contains("at dev.concert.platform.log.JsonLogEncoderTest");
    line.remove("stackTrace");
    assertThat(line)
        .isEqualTo(
            new JsonObject()
                .put("time", "2026-01-02T03:04:05.678Z")
                .put("level", "WARN")
                .put("logger", "a.Logger")
                .put("thread", Thread.currentThread().getName())
                .put("message", "Session s1 is gone")
                .put("sessionId", "s1")
                .put("turns", 3));
  }

  @Property(tries = 300)
  void anyMessageIsOneLineAndComesBack(@ForAll String message, @ForAll String value) {
    LoggingEvent event = event("{}", null, message);
    event.addKeyValuePair(new KeyValuePair("value", value));

    JsonObject line = written(event);

    assertThat(line.getString("message")).isEqualTo(asUtf8(message));
    assertThat(line.getString("value")).isEqualTo(asUtf8(value));
  }

  /** Half a surrogate pair is no character: it becomes a question mark. */
  private static String asUtf8(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  private LoggingEvent event(String message, Throwable failure, Object argument) {
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("a.Logger"),
            Level.WARN,
            message,
            failure,
            new Object[] {argument});
    event.setInstant(TIME);
    event.setMDCPropertyMap(Map.of());
    return event;
  }

  private JsonObject written(LoggingEvent event) {
    JsonLogEncoder encoder = new JsonLogEncoder();
    encoder.setContext(context);
    encoder.start();
    String line = new String(encoder.encode(event), UTF_8);
    assertThat(line).endsWith("\n");
    assertThat(line.substring(0, line.length() - 1)).doesNotContain("\n", "\r");
    return new JsonObject(line);
  }
}
