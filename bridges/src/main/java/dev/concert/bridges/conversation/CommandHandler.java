package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.conversation.ConversationStore.FollowedTurn;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Does what members ask for beside turns. Everything can be done again. */
final class CommandHandler {
  private static final int SHOWN_MODELS = 20;

  private final ConversationStore conversations;
  private final BiFunction<MemberRequest, String, Future<Void>> reply;

  CommandHandler(
      ConversationStore conversations, BiFunction<MemberRequest, String, Future<Void>> reply) {
    this.conversations = conversations;
    this.reply = reply;
  }

  Future<Void> run(MemberRequest request, ConversationCommand command) {
    return switch (command.name()) {
      case HELP, PAIR -> reply.apply(request, ConversationCommand.HELP);
      case NEW -> beginAnew(request, "Your next message begins a new session.");
      case MODEL -> model(request, command.argument());
      case STATUS ->
          running(request)
              .compose(
                  turns ->
                      reply.apply(
                          request,
                          turns.isEmpty() ? "I am doing nothing here." : "I am working on it."));
      case STOP -> running(request).compose(turns -> stop(request, turns));
    };
  }

  private Future<Void> beginAnew(MemberRequest request, String text) {
    return conversations
        .unbind(request.connection().id(), request.event().conversation())
        .compose(_ -> reply.apply(request, text));
  }

  /** A session keeps its model, so another model is for the next session. */
  private Future<Void> model(MemberRequest request, String wanted) {
    return request
        .call("list_models", GatewayClient.request())
        .compose(
            listed -> {
              List<String> models = new ArrayList<>();
              for (JsonNode model : listed.path("models")) {
                models.add(model.path("id").asText());
              }
              if (wanted.isEmpty()) {
                return shown(request, listed, models);
              }
              if (!models.contains(wanted)) {
                return reply.apply(request, "There is no model `%s` here.".formatted(wanted));
              }
              InboundEvent event = request.event();
              return conversations
                  .setModel(request.connection().id(), event.conversation(), wanted)
                  .compose(
                      _ ->
                          beginAnew(
                              request,
                              "Your next message begins a new session with `%s`."
                                  .formatted(wanted)));
            });
  }

  private Future<Void> shown(MemberRequest request, JsonNode listed, List<String> models) {
    String standard = listed.path("defaultModel").asText("");
    return conversations
        .model(request.connection().id(), request.event().conversation())
        .compose(
            chosen ->
                reply.apply(
                    request,
                    "New sessions here use `%s`. There are: `%s`."
                        .formatted(
                            chosen.orElse(standard),
                            String.join("`, `", models.stream().limit(SHOWN_MODELS).toList()))));
  }

  /** A command that has no thread is about its channel. */
  private Future<List<FollowedTurn>> running(MemberRequest request) {
    InboundEvent event = request.event();
    return conversations
        .openIn(request.connection().id(), event.channel())
        .map(
            turns ->
                turns.stream()
                    .filter(
                        turn ->
                            event.kind() == Kind.COMMAND
                                ? turn.userId().equals(request.userId())
                                : turn.conversation().equals(event.conversation()))
                    .toList());
  }

  private Future<Void> stop(MemberRequest request, List<FollowedTurn> turns) {
    if (turns.isEmpty()) {
      return reply.apply(request, "Nothing is running here.");
    }
    ObjectNode stop = GatewayClient.request().put("sessionId", turns.getFirst().sessionId());
    return request
        .call("stop_turn", stop)
        .compose(_ -> Future.<Void>succeededFuture())
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.NO_TURN
                    ? reply.apply(request, "Nothing is running here.")
                    : Future.failedFuture(failure));
  }
}
