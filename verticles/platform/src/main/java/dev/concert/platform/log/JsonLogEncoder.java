package dev.concert.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes an event of the log as one line with one JSON object: {@code time} (ISO 8601, UTC), {@code
 * level}, {@code logger}, {@code thread}, {@code message}, what the event names as keys and values
 * (such as {@code sessionId}), {@code traceId} and {@code spanId} of the span that its thread is
 * in, and {@code stackTrace}. A key that is one of ours already is left out, and one without a
 * value. Thread-safe.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NOTHING = {};

  private final ThrowableProxyConverter stackTraces = new ThrowableProxyConverter();

  @Override
  public void start() {
    stackTraces.setContext(getContext());
    stackTraces.start();
    super.start();
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    try {
      // As text first: bytes at once would fail at half a surrogate pair.
      return (JSON.writeValueAsString(fields(event)) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and numbers are always JSON", e);
    }
  }

  private Map<String, Object> fields(ILoggingEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", event.getInstant().toString());
    fields.put("level", event.getLevel().toString());
    fields.put("logger", event.getLoggerName());
    fields.put("thread", event.getThreadName());
    fields.put("message", event.getFormattedMessage());
    SpanContext span = Span.current().getSpanContext();
    if (span.isValid()) {
      fields.put("traceId", span.getTraceId());
      fields.put("spanId", span.getSpanId());
    }
    if (event.getThrowableProxy() != null) {
      fields.put("stackTrace", stackTraces.convert(event).stripTrailing());
    }
    event.getMDCPropertyMap().forEach(fields::putIfAbsent);
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().stream()
          .filter(pair -> pair.value != null)
          .forEach(pair -> fields.putIfAbsent(pair.key, plain(pair.value)));
    }
    return fields;
  }

  /** A value as JSON has it, whatever it is. */
  private static Object plain(Object value) {
    return value instanceof Integer || value instanceof Long || value instanceof Boolean
        ? value
        : String.valueOf(value);
  }
}
