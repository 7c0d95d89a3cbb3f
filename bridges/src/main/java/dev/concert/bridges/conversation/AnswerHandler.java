package dev.concert.bridges.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.view.OpenButtons;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BiFunction;

/** Passes on what members answer to questions, by a button or in words. */
final class AnswerHandler {
  private static final String CLOSED = "This question is no longer open.";

  /** Finds what a button stands for, by its short name or by what people write instead. */
  @FunctionalInterface
  interface ButtonLookup {
    Future<Optional<String>> apply(String connectionId, String conversation, String said);
  }

  private final ConversationStore conversations;
  private final ButtonLookup buttons;
  private final BiFunction<MemberRequest, String, Future<Void>> reply;
  private final BiFunction<MemberRequest, Throwable, Future<Void>> refused;

  AnswerHandler(
      ConversationStore conversations,
      ButtonLookup buttons,
      BiFunction<MemberRequest, String, Future<Void>> reply,
      BiFunction<MemberRequest, Throwable, Future<Void>> refused) {
    this.conversations = conversations;
    this.buttons = buttons;
    this.reply = reply;
    this.refused = refused;
  }

  /** The button that a message stands for; empty where it says something else. */
  Future<Optional<String>> typed(MemberRequest request) {
    InboundEvent event = request.event();
    return buttons.apply(request.connection().id(), event.conversation(), event.text());
  }

  /** {@code session|question|allow}, {@code …|deny} or {@code …|key|option}. */
  Future<Void> press(MemberRequest request) {
    String pressed = request.event().text();
    return pressed.startsWith("#")
        ? typed(request).compose(value -> press(request, value.orElse("")))
        : press(request, pressed);
  }

  Future<Void> press(MemberRequest request, String value) {
    String[] parts = value.split("\\|", 3);
    if (parts.length != 3) {
      return reply.apply(request, CLOSED);
    }
    ObjectNode answer =
        GatewayClient.request().put("sessionId", parts[0]).put("questionId", parts[1]);
    return conversations
        .session(request.connection().id(), request.event().conversation())
        .compose(
            bound ->
                bound.filter(parts[0]::equals).isEmpty()
                    ? reply.apply(request, CLOSED)
                    : answer(request, answer, parts[2]));
  }

  private Future<Void> answer(MemberRequest request, ObjectNode answer, String pressed) {
    switch (pressed) {
      case OpenButtons.ALLOW -> answer.put("approved", true);
      case OpenButtons.DENY -> answer.put("approved", false);
      default -> {
        String[] choice = pressed.split("\\|", 2);
        answer.putObject("answers").put(choice[0], choice[choice.length - 1]);
      }
    }
    return request
        .call("answer_question", answer)
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.QUESTION_NOT_FOUND
                    ? reply.apply(request, CLOSED)
                    : refused.apply(request, failure));
  }
}
