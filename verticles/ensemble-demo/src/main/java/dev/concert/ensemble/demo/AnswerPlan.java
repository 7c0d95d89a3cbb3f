package dev.concert.ensemble.demo;

import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.message.FinishReason;
import java.util.List;

/**
 * A planned answer of the demo model.
 *
 * @param thinking empty for none
 */
record AnswerPlan(String thinking, String text, List<ToolCall> calls) {

  FinishReason finishReason() {
    return calls.isEmpty() ? FinishReason.END_TURN : FinishReason.TOOL_USE;
  }
}
