// What the agent means to do, step by step. A revised plan keeps what is known of the steps that stay.
import { closeText } from "./settle.js";

export const planEvents = {
  "plan.created"(conversation, event) {
    const plan = planOf(conversation, event);
    plan.title = event.title ?? "";
    plan.steps = stepsOf(event.steps, []);
    conversation.touch(plan);
  },

  "plan.revised"(conversation, event) {
    const plan = planOf(conversation, event);
    plan.title = event.reason || plan.title;
    plan.steps = stepsOf(event.steps, plan.steps);
    conversation.touch(plan);
  },

  "plan.step_started"(conversation, event) {
    mark(conversation, event, "running");
  },

  "plan.step_completed"(conversation, event) {
    mark(conversation, event, event.outcome || "done");
  },
};

/** One in each turn, where it was made first. */
function planOf(conversation, event) {
  const key = `plan ${event.turnId} ${event.planId}`;
  const known = conversation.find(key);
  if (known) {
    return known;
  }
  closeText(conversation);
  return conversation.add("plan", event, { title: "", steps: [] }, key);
}

function stepsOf(steps, before) {
  return (steps ?? []).map(({ stepId, title }) => ({
    stepId,
    title,
    state: before.find((step) => step.stepId === stepId)?.state ?? "open",
  }));
}

function mark(conversation, event, state) {
  const plan = planOf(conversation, event);
  const step = plan.steps.find(({ stepId }) => stepId === event.stepId);
  if (step) {
    step.state = state;
    conversation.touch(plan);
  }
}
