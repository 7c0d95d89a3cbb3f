package dev.concert.bridges.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.json.Json;
import java.util.Map;
import java.util.TreeMap;

/** The command {@code /concert}, and how its use is acknowledged. Pure. */
final class DiscordCommand {
  private static final int SUBCOMMAND = 1;
  private static final int STRING = 3;
  private static final int DEFERRED = 5;
  private static final int DEFERRED_UPDATE = 6;
  private static final int ONLY_FOR_ONE = 64;
  private static final Map<String, String> SUBCOMMANDS =
      new TreeMap<>(
          Map.of(
              "help", "What you can ask for",
              "model", "Shows or changes the model of this conversation",
              "new", "Begins a new session",
              "pair", "Tells who you are in Concert",
              "status", "What I am doing",
              "stop", "Stops what I am doing"));
  private static final Map<String, String> ARGUMENTS = Map.of("model", "name", "pair", "code");

  private DiscordCommand() {}

  static ObjectNode definition() {
    ObjectNode command =
        Json.MAPPER
            .createObjectNode()
            .put("name", "concert")
            .put("type", 1)
            .put("description", "Talk to your agents");
    ArrayNode options = command.putArray("options");
    SUBCOMMANDS.forEach(
        (name, description) -> {
          ObjectNode option =
              options
                  .addObject()
                  .put("type", SUBCOMMAND)
                  .put("name", name)
                  .put("description", description);
          if (ARGUMENTS.containsKey(name)) {
            option
                .putArray("options")
                .addObject()
                .put("type", STRING)
                .put("name", ARGUMENTS.get(name))
                .put("description", ARGUMENTS.get(name))
                .put("required", name.equals("pair"));
          }
        });
    return command;
  }

  /** "We have it": Discord waits three seconds for this, and fifteen minutes for the answer. */
  static ObjectNode deferred(InboundEvent event) {
    boolean isCommand = event.kind() == InboundEvent.Kind.COMMAND;
    ObjectNode reply =
        Json.MAPPER.createObjectNode().put("type", isCommand ? DEFERRED : DEFERRED_UPDATE);
    if (isCommand) {
      reply.putObject("data").put("flags", ONLY_FOR_ONE);
    }
    return reply;
  }
}
