package dev.concert.ensemble.demo;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.MessageRole;
import dev.concert.json.Json;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request to turn words into an automation. The demo model knows a few ways to say a time. */
final class ScheduleRequest {
  private static final String ASKS = "Turn the message into an automation";
  private static final Pattern AT_TIME =
      Pattern.compile(
          "every (?<day>weekday|day|morning) at (?<hour>\\d{1,2})(:(?<minute>\\d{2}))?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EVERY =
      Pattern.compile("every (?<count>\\d+) (?<unit>minute|hour)s", Pattern.CASE_INSENSITIVE);

  private ScheduleRequest() {}

  static boolean isOne(InferenceRequest request) {
    return request.messages().stream()
        .anyMatch(
            message ->
                message.role() == MessageRole.SYSTEM && message.plainText().startsWith(ASKS));
  }

  static String answer(String message) {
    Matcher atTime = AT_TIME.matcher(message);
    if (atTime.find()) {
      String minute = atTime.group("minute") == null ? "0" : atTime.group("minute");
      String days = atTime.group("day").equalsIgnoreCase("weekday") ? "1-5" : "*";
      return object(
          "cron",
          "%d %s * * %s".formatted(Integer.parseInt(minute), atTime.group("hour"), days),
          atTime.replaceFirst("").strip());
    }
    Matcher every = EVERY.matcher(message);
    if (every.find()) {
      String unit = every.group("unit").equalsIgnoreCase("minute") ? "M" : "H";
      return object("interval", "PT" + every.group("count") + unit, every.replaceFirst("").strip());
    }
    return Json.MAPPER
        .createObjectNode()
        .put("error", "I am a demo model and find no time such as 'every weekday at 9'.")
        .toString();
  }

  private static String object(String kind, String expression, String prompt) {
    return Json.MAPPER
        .valueToTree(
            Map.of(
                "name", "Demo: " + prompt,
                "prompt", prompt,
                "kind", kind,
                "expression", expression))
        .toString();
  }
}
