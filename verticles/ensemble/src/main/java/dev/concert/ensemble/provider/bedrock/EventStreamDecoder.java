package dev.concert.ensemble.provider.bedrock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.provider.upstream.EventDecoder;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import dev.concert.ensemble.provider.upstream.SseEvent;
import dev.concert.ensemble.provider.upstream.UpstreamError;
import dev.concert.error.ConcertException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * Reads frames of Amazon's event stream. Amazon's library checks and reads each frame; the bytes
 * are gathered here, because its own decoder holds 2 MiB for each response. An exception in the
 * stream is thrown. Not thread-safe.
 *
 * <p>Format: https://smithy.io/2.0/aws/amazon-eventstream.html
 */
final class EventStreamDecoder implements EventDecoder {
  /** A longer frame is refused, because frames are held in memory. */
  private static final int MAX_FRAME = 16 * 1024 * 1024;

  /** Two lengths and two checksums. */
  private static final int MIN_FRAME = 16;

  private static final int LENGTH = 4;

  private final String provider;
  private final Consumer<SseEvent> events;
  private final RecordParser frames = RecordParser.newFixed(LENGTH);
  private Buffer length = Buffer.buffer();

  /**
   * @param provider the name in error messages
   */
  EventStreamDecoder(String provider, Consumer<SseEvent> events) {
    this.provider = provider;
    this.events = events;
    frames.handler(this::part);
  }

  @Override
  public void accept(Buffer piece) {
    frames.handle(piece);
  }

  @Override
  public void end() {
    // An unfinished frame is no event; whoever reads the events knows whether the last one came.
  }

  private void part(Buffer bytes) {
    if (length.length() == 0) {
      int whole = bytes.getInt(0);
      if (whole < MIN_FRAME || whole > MAX_FRAME) {
        throw MalformedResponse.of(provider, "sent a frame of an impossible length");
      }
      length = bytes;
      frames.fixedSizeMode(whole - LENGTH);
    } else {
      Buffer whole = Buffer.buffer().appendBuffer(length).appendBuffer(bytes);
      length = Buffer.buffer();
      frames.fixedSizeMode(LENGTH);
      read(whole);
    }
  }

  private void read(Buffer whole) {
    Message frame;
    try {
      frame = Message.decode(ByteBuffer.wrap(whole.getBytes()));
    } catch (RuntimeException broken) {
      // Without the cause, whose message may repeat text of the model.
      throw MalformedResponse.of(provider, "sent a damaged frame");
    }
    String payload = new String(frame.getPayload(), StandardCharsets.UTF_8);
    switch (header(frame, ":message-type")) {
      case "event" -> events.accept(new SseEvent(header(frame, ":event-type"), payload));
      case "exception" -> throw failure(header(frame, ":exception-type"), payload);
      case "error" ->
          throw failure(
              header(frame, ":error-code"),
              JsonNodeFactory.instance
                  .objectNode()
                  .put("message", header(frame, ":error-message"))
                  .toString());
      default -> throw MalformedResponse.of(provider, "sent a frame of an unknown kind");
    }
  }

  private ConcertException failure(String name, String payload) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error
        .putObject("error")
        .put("type", name)
        .put("message", MalformedResponse.object(provider, payload).path("message").asText());
    return UpstreamError.inStream(provider, error);
  }

  private static String header(Message frame, String name) {
    Map<String, HeaderValue> headers = frame.getHeaders();
    return headers.containsKey(name) ? headers.get(name).getString() : "";
  }
}
