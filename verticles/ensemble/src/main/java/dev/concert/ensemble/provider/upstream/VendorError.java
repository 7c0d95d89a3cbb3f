package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An error as a vendor describes it.
 *
 * <p>The shapes do not overlap, so one reader reads them all: {@code
 * {"type":"error","error":{"type","message"}}} (Anthropic), {@code
 * {"error":{"message","type","code"}}} (OpenAI, xAI, OpenRouter), {@code
 * {"error":{"code":429,"status","message","details":[…]}}}, also inside an array (Google), {@code
 * {"code","message"}} (OpenAI's {@code error} event), {@code {"error":"text"}} and {@code
 * {"message":"text"}} (others).
 *
 * @param names the vendor's words for what happened, in lower case, the most exact first
 * @param message may be empty
 * @param retryAfterMs 0 when the body names no time
 */
public record VendorError(List<String> names, String message, long retryAfterMs) {
  public static final VendorError UNKNOWN = new VendorError(List.of(), "", 0);

  public static VendorError of(JsonNode body) {
    JsonNode outer = body.isArray() ? body.path(0) : body;
    JsonNode error = outer.path("error");
    if (error.isTextual()) {
      return new VendorError(names(outer), error.asText(), 0);
    }
    JsonNode holder = error.isObject() ? error : outer;
    return new VendorError(names(holder), holder.path("message").asText(""), retryDelay(holder));
  }

  private static List<String> names(JsonNode error) {
    List<String> names = new ArrayList<>();
    // google.rpc.ErrorInfo names the reason, for example API_KEY_INVALID.
    error.path("details").forEach(detail -> add(names, detail.path("reason")));
    add(names, error.path("code"));
    add(names, error.path("status"));
    add(names, error.path("type"));
    return List.copyOf(names);
  }

  private static void add(List<String> names, JsonNode name) {
    if (name.isValueNode() && !name.asText("").isBlank() && !name.isNull()) {
      names.add(name.asText().toLowerCase(Locale.ROOT));
    }
  }

  /** google.rpc.RetryInfo: {@code "retryDelay": "34.07s"}. */
  private static long retryDelay(JsonNode error) {
    for (JsonNode detail : error.path("details")) {
      String delay = detail.path("retryDelay").asText("");
      if (delay.endsWith("s")) {
        return RetryAfter.number(delay.substring(0, delay.length() - 1), 1_000);
      }
    }
    return 0;
  }
}
