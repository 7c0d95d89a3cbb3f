// What the agent wants from the person: permissions belong to their tool call, questions stand alone.
import { closeText } from "./settle.js";
import { toolOf } from "./tool-events.js";

export const questionEvents = {
  permission_requested(conversation, event) {
    const tool = toolOf(conversation, event);
    tool.toolName ||= event.toolName;
    tool.arguments ??= event.arguments;
    tool.request = { questionId: event.questionId, reason: event.reason, outcome: null };
    conversation.name(`question ${event.questionId}`, tool);
    conversation.touch(tool);
  },

  question_requested(conversation, event) {
    closeText(conversation);
    conversation.add(
      "question",
      event,
      { questions: event.questions, request: { questionId: event.questionId, outcome: null } },
      `question ${event.questionId}`,
    );
  },

  approval_resolved(conversation, event) {
    const item = conversation.find(`question ${event.questionId}`);
    if (item) {
      const { approved, answers, dismissed, remember } = event;
      item.request.outcome = { approved, answers, dismissed, remember };
      conversation.touch(item);
    }
  },
};
