package dev.concert.ensemble.provider.demo;

import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.message.FinishReason;
import java.util.List;

/**
 * One answer of the demo model before it is streamed.
 *
 * @param thinking empty when there is nothing to think about
 */
record Plan(String thinking, String text, List<ToolCall> calls) {

  FinishReason finishReason() {
    return calls.isEmpty() ? FinishReason.END_TURN : FinishReason.TOOL_USE;
  }
}
