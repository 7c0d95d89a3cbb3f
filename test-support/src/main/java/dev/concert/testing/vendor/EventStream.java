package dev.concert.testing.vendor;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** Amazon's event stream: frames with headers and checksums, made by Amazon's library. */
public final class EventStream {
  private static final String EXCEPTION = "exception:";
  private static final String EVENTS = "text/event-stream";

  private EventStream() {}

  /** One frame. A name that begins with {@code exception:} makes an exception of it. */
  public static Buffer frame(String name, String payload) {
    boolean exception = name.startsWith(EXCEPTION);
    String kind = exception ? "exception" : "event";
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(
        ":" + kind + "-type",
        HeaderValue.fromString(exception ? name.substring(EXCEPTION.length()) : name));
    headers.put(":content-type", HeaderValue.fromString("application/json"));
    headers.put(":message-type", HeaderValue.fromString(kind));
    Message message = new Message(headers, payload.getBytes(StandardCharsets.UTF_8));
    return Buffer.buffer(toBytes(message));
  }

  private static byte[] toBytes(Message message) {
    ByteBuffer encoded = message.toByteBuffer();
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  /** A response that sends each server-sent event that is written to it as a frame. */
  static HttpServerResponse framed(HttpServerResponse response) {
    return (HttpServerResponse)
        Proxy.newProxyInstance(
            EventStream.class.getClassLoader(),
            new Class<?>[] {HttpServerResponse.class},
            (proxy, method, arguments) -> {
              Object[] framed = arguments == null ? null : arguments.clone();
              if (framed != null && method.getName().equals("putHeader")) {
                framed[1] =
                    EVENTS.equals(framed[1]) ? "application/vnd.amazon.eventstream" : framed[1];
              }
              boolean event =
                  method.getName().equals("write") && frames(response) && framed.length == 1;
              try {
                if (event) {
                  return response.write(framed(framed[0].toString()));
                }
                Object result = method.invoke(response, framed);
                return result == response ? proxy : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static boolean frames(HttpServerResponse response) {
    return Optional.ofNullable(response.headers().get("content-type"))
        .filter(type -> type.contains("eventstream"))
        .isPresent();
  }

  /** Text that is no whole event is sent as it is. */
  static Buffer framed(String text) {
    Buffer frames = Buffer.buffer();
    for (String event : text.split("(?<=\n\n)")) {
      int data = event.indexOf("data: ");
      if (!event.startsWith("event: ") || data < 0 || !event.endsWith("\n\n")) {
        frames.appendString(event.startsWith(":") ? "" : event);
      } else {
        String name = event.substring("event: ".length(), event.indexOf('\n'));
        frames.appendBuffer(frame(name, event.substring(data + 6).strip()));
      }
    }
    return frames;
  }
}
