package dev.concert.bridges.googlechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * An interaction event, in one form whether the application is an add-on or not.
 *
 * @param message that it is about; missing for none
 * @param parameters of a button, by name or as a list of pairs
 */
record GoogleChatEvent(
    Type type,
    boolean isAddOn,
    JsonNode space,
    JsonNode user,
    JsonNode message,
    JsonNode parameters,
    String time) {
  /** What happened. */
  enum Type {
    MESSAGE,
    ADDED_TO_SPACE,
    CARD_CLICKED,
    APP_COMMAND,
    OTHER
  }

  static GoogleChatEvent of(JsonNode event) {
    return event.has("chat") ? ofAddOn(event) : plain(event);
  }

  private static GoogleChatEvent plain(JsonNode event) {
    Type type =
        switch (event.path("type").asText("")) {
          case "MESSAGE" -> Type.MESSAGE;
          case "ADDED_TO_SPACE" -> Type.ADDED_TO_SPACE;
          case "CARD_CLICKED" -> Type.CARD_CLICKED;
          case "APP_COMMAND" -> Type.APP_COMMAND;
          default -> Type.OTHER;
        };
    JsonNode named = event.path("common").path("parameters");
    return new GoogleChatEvent(
        type,
        false,
        event.path("space"),
        event.path("user"),
        event.path("message"),
        named.isObject() ? named : event.path("action").path("parameters"),
        time(event.path("eventTime")));
  }

  private static GoogleChatEvent ofAddOn(JsonNode event) {
    JsonNode chat = event.path("chat");
    Type type =
        chat.has("messagePayload")
            ? Type.MESSAGE
            : chat.has("addedToSpacePayload")
                ? Type.ADDED_TO_SPACE
                : chat.has("buttonClickedPayload")
                    ? Type.CARD_CLICKED
                    : chat.has("appCommandPayload") ? Type.APP_COMMAND : Type.OTHER;
    JsonNode payload =
        switch (type) {
          case MESSAGE -> chat.path("messagePayload");
          case ADDED_TO_SPACE -> chat.path("addedToSpacePayload");
          case CARD_CLICKED -> chat.path("buttonClickedPayload");
          case APP_COMMAND -> chat.path("appCommandPayload");
          case OTHER -> MissingNode.getInstance();
        };
    return new GoogleChatEvent(
        type,
        true,
        payload.path("space"),
        chat.path("user"),
        payload.path("message"),
        event.path("commonEventObject").path("parameters"),
        time(chat.path("eventTime")));
  }

  /** A text, or seconds and nanoseconds. */
  private static String time(JsonNode time) {
    return time.isTextual()
        ? time.asText()
        : time.path("seconds").asText("") + "." + time.path("nanos").asText("");
  }

  /** A parameter of a button; empty for none. */
  String parameter(String name) {
    if (parameters.isArray()) {
      for (JsonNode one : parameters) {
        if (one.path("key").asText("").equals(name)) {
          return one.path("value").asText("");
        }
      }
    }
    return parameters.path(name).asText("");
  }
}
