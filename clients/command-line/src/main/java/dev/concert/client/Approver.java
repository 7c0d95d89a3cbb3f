package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicBoolean;

/** Answers the questions of an agent. */
public interface Approver {

  /**
   * Fills the answer to a question.
   *
   * @param request the event {@code permission_requested} or {@code question_requested}
   * @param answer the message {@code answer_question}, which names the question already
   */
  void answer(JsonNode request, ObjectNode answer);

  /** Allows everything, and dismisses other questions. */
  static Approver yes() {
    return (request, answer) -> {
      if (isPermission(request)) {
        answer.put("approved", true).put("remember", "once");
      } else {
        answer.put("dismissed", true);
      }
    };
  }

  /** Allows nothing: for a program without a user to ask. */
  static Approver no() {
    return no(() -> {});
  }

  /**
   * @param first runs at the first question
   */
  static Approver no(Runnable first) {
    AtomicBoolean asked = new AtomicBoolean();
    return (request, answer) -> {
      if (!asked.getAndSet(true)) {
        first.run();
      }
      if (isPermission(request)) {
        answer.put("approved", false);
      } else {
        answer.put("dismissed", true);
      }
    };
  }

  static boolean isPermission(JsonNode request) {
    return request.path("type").asText().equals("permission_requested");
  }
}
