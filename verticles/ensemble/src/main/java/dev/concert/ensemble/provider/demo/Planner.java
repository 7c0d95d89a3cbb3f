package dev.concert.ensemble.provider.demo;

import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.provider.demo.instruction.Instructions;
import dev.concert.ensemble.provider.demo.task.Exchange;
import dev.concert.ensemble.provider.demo.task.Move;
import dev.concert.ensemble.provider.demo.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what the demo model says next. A pure function of the conversation: it plays the tasks of
 * the last request against the tool results that are there, and stops where one is missing.
 */
final class Planner {
  static final String INTRODUCTION =
      "I am Concert's built-in demo model, not a language model: I follow fixed rules. ";
  private static final String SIGNATURE = "(Concert's demo model) ";

  private Planner() {}

  static Plan plan(InferenceRequest request) {
    Transcript transcript = Transcript.of(request.messages());
    List<Exchange> open = new ArrayList<>(transcript.exchanges());
    boolean first = open.isEmpty();
    List<String> reports = new ArrayList<>();
    for (Task task : Instructions.read(transcript.request(), transcript.lastFile())) {
      switch (play(task, open)) {
        case Move.Act act -> {
          return offered(request, act)
              ? act(act, first, transcript.toolCalls())
              : words(first, reports, missing(act));
        }
        case Move.Done done -> reports.add(done.report());
        case Move.Stopped stopped -> {
          return words(first, reports, stopped.report());
        }
      }
    }
    return words(first, reports, "");
  }

  /** Feeds a task the results it has waited for; what is left belongs to the next one. */
  private static Move play(Task task, List<Exchange> open) {
    List<Exchange> past = new ArrayList<>();
    while (true) {
      Move move = task.next(List.copyOf(past));
      if (!(move instanceof Move.Act act) || open.isEmpty()) {
        return move;
      }
      Exchange result = open.removeFirst();
      if (!result.call().name().equals(act.tool())) {
        return new Move.Stopped(
            "Something else happened here than I had planned, so I stopped: a call of "
                + result.call().name()
                + ".");
      }
      past.add(result);
    }
  }

  private static Plan act(Move.Act act, boolean first, int callsBefore) {
    String raw = Arguments.text(act.arguments());
    return new Plan(
        act.thinking(),
        (first ? INTRODUCTION : "") + act.text(),
        List.of(ToolCall.ofText("call_demo_" + (callsBefore + 1), act.tool(), raw)));
  }

  private static Plan words(boolean first, List<String> reports, String last) {
    List<String> parts = new ArrayList<>(reports);
    if (!last.isEmpty()) {
      parts.add(last);
    }
    String opening = first ? INTRODUCTION : SIGNATURE;
    return new Plan("", opening + String.join("\n\n", parts), List.of());
  }

  private static boolean offered(InferenceRequest request, Move.Act act) {
    return request.offeredTools().stream().anyMatch(tool -> tool.name().equals(act.tool()));
  }

  private static String missing(Move.Act act) {
    return "For this I need the tool `" + act.tool() + "`, which I was not given, so I stopped.";
  }
}
