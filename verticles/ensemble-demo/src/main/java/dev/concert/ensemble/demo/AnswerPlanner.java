package dev.concert.ensemble.demo;

import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.demo.instruction.Instructions;
import dev.concert.ensemble.demo.task.NextMove;
import dev.concert.ensemble.demo.task.Task;
import dev.concert.ensemble.demo.task.ToolExchange;
import dev.concert.ensemble.message.InferenceRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans the demo model's next answer. A pure function of the conversation: it replays the tasks of
 * the last request with the tool results so far, and calls a tool where a result is missing.
 */
final class AnswerPlanner {
  static final String INTRODUCTION =
      "I am Concert's built-in demo model, not a language model: I follow fixed rules. ";
  private static final String SIGNATURE = "(Concert's demo model) ";

  private AnswerPlanner() {}

  static AnswerPlan plan(InferenceRequest request) {
    Transcript transcript = Transcript.of(request.messages());
    if (TitleRequest.isOne(request)) {
      return new AnswerPlan("", TitleRequest.answer(transcript.request()), List.of());
    }
    if (ScheduleRequest.isOne(request)) {
      return new AnswerPlan("", ScheduleRequest.answer(transcript.request()), List.of());
    }
    List<ToolExchange> open = new ArrayList<>(transcript.exchanges());
    boolean first = open.isEmpty();
    List<String> reports = new ArrayList<>();
    for (Task task : Instructions.read(transcript.request(), transcript.lastFile())) {
      switch (play(task, open)) {
        case NextMove.Act act -> {
          return offered(request, act)
              ? act(act, first, transcript.toolCalls())
              : words(first, reports, missing(act));
        }
        case NextMove.Done done -> reports.add(done.report());
        case NextMove.Stopped stopped -> {
          return words(first, reports, stopped.report());
        }
      }
    }
    return words(first, reports, "");
  }

  /** Replays a task with its tool results; the remaining results belong to the next task. */
  private static NextMove play(Task task, List<ToolExchange> open) {
    List<ToolExchange> past = new ArrayList<>();
    while (true) {
      NextMove move = task.next(List.copyOf(past));
      if (!(move instanceof NextMove.Act act) || open.isEmpty()) {
        return move;
      }
      ToolExchange result = open.removeFirst();
      if (!result.call().name().equals(act.tool())) {
        return new NextMove.Stopped(
            "Something else happened here than I had planned, so I stopped: a call of "
                + result.call().name()
                + ".");
      }
      past.add(result);
    }
  }

  private static AnswerPlan act(NextMove.Act act, boolean first, int callsBefore) {
    String raw = ToolArguments.text(act.arguments());
    return new AnswerPlan(
        act.thinking(),
        (first ? INTRODUCTION : "") + act.text(),
        List.of(ToolCall.ofText("call_demo_" + (callsBefore + 1), act.tool(), raw)));
  }

  private static AnswerPlan words(boolean first, List<String> reports, String last) {
    List<String> parts = new ArrayList<>(reports);
    if (!last.isEmpty()) {
      parts.add(last);
    }
    String opening = first ? INTRODUCTION : SIGNATURE;
    return new AnswerPlan("", opening + String.join("\n\n", parts), List.of());
  }

  private static boolean offered(InferenceRequest request, NextMove.Act act) {
    return request.offeredTools().stream().anyMatch(tool -> tool.name().equals(act.tool()));
  }

  private static String missing(NextMove.Act act) {
    return "For this I need the tool `" + act.tool() + "`, which I was not given, so I stopped.";
  }
}
