package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers what the agent asks. */
public interface Approver {

  /**
   * Fills the answer to a question.
   *
   * @param request the event {@code permission_requested} or {@code question_requested}
   * @param answer the message {@code answer_question}, which names the question already
   */
  void answer(JsonNode request, ObjectNode answer);

  /** Allows everything; has nothing to say to other questions. */
  static Approver yes() {
    return (request, answer) -> {
      if (isPermission(request)) {
        answer.put("approved", true).put("remember", "once");
      } else {
        answer.put("dismissed", true);
      }
    };
  }

  /** Allows nothing: for a program that has nobody to ask. */
  static Approver no() {
    return (request, answer) -> {
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
