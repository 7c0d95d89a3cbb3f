// Which view shows which kind of item.
import { assistantView, userView } from "./message-view.js";
import { endView } from "./end-view.js";
import { errorView } from "./error-view.js";
import { compactionView } from "./compaction-view.js";
import { planView } from "./plan-view.js";
import { questionView } from "./question-view.js";
import { thinkingView } from "./thinking-view.js";
import { toolView } from "./tool-view.js";

const VIEWS = {
  user: userView,
  assistant: assistantView,
  thinking: thinkingView,
  tool: toolView,
  question: questionView,
  plan: planView,
  compaction: compactionView,
  end: endView,
  error: errorView,
};

export const viewOf = (item, actions) => VIEWS[item.kind](item, actions);
