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
 * {"message":"text"}} (Amazon and others; Amazon's sign-in writes {@code Message}), and {@code
 * {"detail":…}}.
 *
 * @param names the vendor's error names, in lower case, the most specific first
 * @param message may be empty
 * @param retryAfterMs 0 if the body names no time
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
    String message = holder.path("message").asText(holder.path("Message").asText(""));
    return new VendorError(
        names(holder), message.isEmpty() ? elsewhere(outer) : message, retryDelay(holder));
  }

  /** {@code {"detail":"text"}}, or one line for each wrong field (FastAPI, vLLM and others). */
  private static String elsewhere(JsonNode body) {
    JsonNode detail = body.path(body.has("detail") ? "detail" : "errors");
    if (!detail.isArray()) {
      return detail.path("message").asText(detail.asText(""));
    }
    List<String> lines = new ArrayList<>();
    for (JsonNode one : detail) {
      List<String> place = new ArrayList<>();
      one.path("loc").forEach(step -> place.add(step.asText()));
      String text = one.path("msg").asText(one.path("message").asText(one.asText("")));
      lines.add(place.isEmpty() ? text : String.join(".", place) + ": " + text);
    }
    return String.join("; ", lines);
  }

  /**
   * The same error, which a header names: {@code ThrottlingException:http://…}.
   *
   * @param name may be null
   */
  VendorError named(String name) {
    if (name == null) {
      return this;
    }
    List<String> all = new ArrayList<>();
    all.add(withoutNamespace(name).toLowerCase(Locale.ROOT));
    all.addAll(names);
    return new VendorError(List.copyOf(all), message, retryAfterMs);
  }

  /** {@code com.amazon.coral.service#AccessDeniedException:http://…}. */
  private static String withoutNamespace(String name) {
    return name.substring(name.indexOf('#') + 1).replaceFirst(":.*", "");
  }

  private static List<String> names(JsonNode error) {
    List<String> names = new ArrayList<>();
    // google.rpc.ErrorInfo names the reason, for example API_KEY_INVALID.
    error.path("details").forEach(detail -> add(names, detail.path("reason")));
    add(names, error.path("code"));
    if (error.path("__type").isTextual()) {
      names.add(withoutNamespace(error.path("__type").asText()).toLowerCase(Locale.ROOT));
    }
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
