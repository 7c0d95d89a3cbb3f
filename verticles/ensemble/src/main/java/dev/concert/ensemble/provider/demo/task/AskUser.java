package dev.concert.ensemble.provider.demo.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the person something and repeats the answer.
 *
 * @param options answers to choose from; empty: any
 */
public record AskUser(String question, List<String> options) implements Task {

  @Override
  public Move next(List<Exchange> past) {
    if (past.isEmpty()) {
      Map<String, Object> arguments = new LinkedHashMap<>();
      arguments.put("question", question);
      if (!options.isEmpty()) {
        arguments.put("options", options);
      }
      return new Move.Act(
          "The user wants to be asked.", "I have a question for you.", "ask_user", arguments);
    }
    Exchange answer = past.getFirst();
    return answer.failed()
        ? new Move.Stopped("I got no answer: " + answer.reason())
        : new Move.Done("You answered: " + answer.reason());
  }
}
