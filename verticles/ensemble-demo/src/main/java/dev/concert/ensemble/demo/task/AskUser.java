package dev.concert.ensemble.demo.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the user a question and repeats the answer.
 *
 * @param options answers to choose from; empty: any
 */
public record AskUser(String question, List<String> options) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    if (past.isEmpty()) {
      Map<String, Object> arguments = new LinkedHashMap<>();
      arguments.put("question", question);
      if (!options.isEmpty()) {
        arguments.put("options", options);
      }
      return new NextMove.Act(
          "The user wants to be asked.", "I have a question for you.", "ask_user", arguments);
    }
    ToolExchange answer = past.getFirst();
    return answer.failed()
        ? new NextMove.Stopped("I got no answer: " + answer.reason())
        : new NextMove.Done("You answered: " + answer.reason());
  }
}
