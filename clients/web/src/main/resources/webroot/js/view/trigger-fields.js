// When an automation is due: the fields of each kind of trigger.

const of = (...kinds) => (get) => kinds.includes(get("kind"));
const TIMED = ["cron", "interval", "once", "rrule", "heartbeat"];

export const isTimed = (kind) => TIMED.includes(kind);

const KINDS = [
  ["By time", [
    ["cron", "at set times (cron)"],
    ["interval", "again and again (interval)"],
    ["once", "once"],
    ["rrule", "as a calendar says (RRULE)"],
    ["heartbeat", "as the heartbeat of a session"],
  ]],
  ["By an event", [
    ["github", "something happens on GitHub"],
    ["chat", "somebody writes in a chat"],
    ["file", "files of a session change"],
    ["inbox", "something comes into your inbox"],
    ["webhook", "somebody posts to a webhook"],
    ["automation", "another automation ends"],
  ]],
  ["By hand", [["manual", "only when you start it"]]],
];

const EXPRESSION = "trigger.expression";
const DURATION = { pattern: "P.+", like: "PT2H, PT15M or P1D", required: true, hint: "A duration: PT15M, PT2H or P1D." };

export const TRIGGER = [
  { id: "kind", path: "trigger.kind", label: "When", type: "choice", choices: KINDS },
  { id: "cron", path: EXPRESSION, label: "Minute, hour, day of the month, month, weekday", shown: of("cron"), required: true,
    hint: "0 9 * * 1-5 is 9:00 from Monday to Friday." },
  { id: "interval", path: EXPRESSION, label: "Every", shown: of("interval", "heartbeat"), ...DURATION },
  { id: "once", path: EXPRESSION, label: "At", shown: of("once"), type: "time", required: true,
    hint: "The time by the clocks of the zone below. It is shown with its offset before anything is saved." },
  { id: "rrule", path: EXPRESSION, label: "DTSTART and RRULE of a calendar", type: "lines", shown: of("rrule"), required: true,
    placeholder: "DTSTART;TZID=Europe/Warsaw:20261201T090000\nRRULE:FREQ=WEEKLY;BYDAY=TU",
    hint: "Paste both lines (RFC 5545). The start names its zone." },
  { id: "github-events", path: "trigger.github.events", label: "Events of GitHub", type: "list", shown: of("github"), required: true,
    hint: "With commas: push, issues.opened, pull_request.closed." },
  { id: "github-repositories", path: "trigger.github.repositories", label: "Repositories", type: "list", shown: of("github"),
    hint: "Names or globs such as acme/*, with commas. Empty: all that the App serves." },
  { id: "github-branches", path: "trigger.github.branches", label: "Branches", type: "list", shown: of("github"), hint: "Globs such as release/**. Empty: all." },
  { id: "github-labels", path: "trigger.github.labels", label: "Labels", type: "list", shown: of("github"), hint: "One of them is there. Empty: any." },
  { id: "github-from", path: "trigger.github.from", label: "Whose events count", type: "choice", shown: of("github"),
    choices: [["writers", "those who may write in the repository"], ["anyone", "everybody's, strangers' too"]] },
  { id: "chat-words", path: "trigger.chat.words", label: "Words", type: "list", shown: of("chat"), hint: "One of them is in the message. With commas." },
  { id: "chat-pattern", path: "trigger.chat.pattern", label: "Regular expression", shown: of("chat"), hint: "It is found in the message." },
  { id: "chat-channel", path: "trigger.chat.channel", label: "Channel", shown: of("chat"), hint: "The platform's id of it, such as C024BE91L." },
  { id: "chat-platform", path: "trigger.chat.platform", label: "Platform", shown: of("chat"), hint: "Such as slack. Empty: all." },
  { id: "chat-connection", path: "trigger.chat.connection", label: "Connection", shown: of("chat"), hint: "The id of a bridge. Empty: all." },
  { id: "chat-roles", path: "trigger.chat.roles", label: "Whose messages count", type: "choices", shown: of("chat"), hint: "None: everybody's who is paired.",
    choices: ["guest", "viewer", "developer", "admin", "owner"].map((role) => [role, role]) },
  { id: "file-session", path: "trigger.source", label: "Session of the files", type: "choice", shown: of("file"), required: true },
  { id: "file", path: EXPRESSION, label: "Which files", shown: of("file"), required: true, hint: "A glob such as src/**.py." },
  { id: "inbox", path: EXPRESSION, label: "Kinds of items", type: "choices", shown: of("inbox"), hint: "None: all kinds.",
    choices: ["result", "question", "failure", "notice"].map((kind) => [kind, kind]) },
  { id: "automation", path: "trigger.source", label: "The other automation", type: "choice", shown: of("automation"), required: true },
  { id: "automation-end", path: EXPRESSION, label: "How it ends", type: "choice", shown: of("automation"),
    choices: [["any", "in any way"], ["completed", "with success"], ["failed", "with a failure"]] },
  { id: "zone", path: "trigger.zone", label: "Zone", shown: of(...TIMED), hint: "Such as Europe/Berlin." },
  { id: "quiet", path: "trigger.quietHours", label: "Quiet hours", shown: of(...TIMED), pattern: "\\d\\d:\\d\\d-\\d\\d:\\d\\d", like: "22:00-07:00",
    hint: "Nothing runs in them, by the clocks of the zone: 22:00-07:00. Empty: none." },
];

/** The kinds of items are one text in a trigger. */
export const triggerOf = ({ trigger }) =>
  Array.isArray(trigger.expression) ? { ...trigger, expression: trigger.expression.join(",") } : trigger;

export const shownTrigger = (trigger) =>
  trigger.kind === "inbox" ? { ...trigger, expression: (trigger.expression ?? "").split(",").map((one) => one.trim()).filter(Boolean) } : trigger;
