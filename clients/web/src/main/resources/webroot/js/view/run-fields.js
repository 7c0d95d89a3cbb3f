// What a run does, what it ends as, and how runs are treated.

const ends = (...ways) => (get) => ways.includes(get("ends"));
const is = (id, value) => (get) => get(id) === value;
/** A whole number of the policy; the placeholder is its default. */
const whole = (id, label, min, max, placeholder, rest = {}) =>
  ({ id, path: `policy.${id}`, label, type: "number", min, max, step: 1, placeholder, ...rest });

export const RESULT = [
  { id: "ends", path: "ends", label: "A run ends as", type: "choice", choices: [
    ["answer", "its answer"],
    ["diff", "a diff that you accept into a session"],
    ["branch", "a branch of a repository, to fetch"],
    ["pull_request", "a draft of a pull request"],
  ] },
  { id: "session", path: "task.sessionId", label: "All runs go on in", type: "choice", shown: (get) => ends("answer")(get) || is("kind", "heartbeat")(get) },
  { id: "from-session", path: "task.workspace.sessionId", label: "Session whose files are copied", type: "choice", shown: ends("diff"), required: true },
  { id: "repository", path: "task.workspace.url", label: "Repository", shown: ends("branch", "pull_request"), required: true,
    pattern: "https://.+", like: "https://example.com/team/site.git", hint: "It is cloned: https only, without a password." },
  { id: "ref", path: "task.workspace.ref", label: "Branch or tag", shown: ends("branch", "pull_request"), hint: "Empty: the default branch." },
];

export const LATE = [
  { id: "concurrency", path: "policy.concurrency", label: "When a run is still open", type: "choice",
    choices: [["skip", "leave the time out"], ["queue", "wait, one at most"], ["parallel", "run beside it"]] },
  whole("maxParallel", "Runs at once", 1, 20, 1, { shown: is("concurrency", "parallel") }),
  { id: "misfire", path: "policy.misfire", label: "Times that passed while Concert was down", type: "choice",
    choices: [["once", "run the newest"], ["skip", "run none"], ["all", "run the newest ones"]] },
  whole("maxCatchUp", "How many of them", 1, 100, 10, { shown: is("misfire", "all") }),
  whole("graceSeconds", "Seconds late that are still on time", 0, 86400, 300),
  whole("jitterSeconds", "Seconds by which the start is moved, at most", 0, 3600, 0, { hint: "Always the same for one automation, so that not all begin at once." }),
];

export const LIMITS = [
  whole("timeoutSeconds", "Seconds after which a run is stopped", 10, 86400, 3600),
  whole("retries", "More attempts after a failure", 0, 5, 0),
  whole("disableAfterFailures", "Failures in a row after which it is disabled", 1, 100, 3),
  { id: "budgetPerRun", path: "policy.budgetPerRun", label: "Budget of a run, US dollars", type: "number", min: 0, hint: "Empty: no limit." },
  { id: "budgetPerDay", path: "policy.budgetPerDay", label: "Budget of a day, US dollars", type: "number", min: 0, hint: "Empty: no limit." },
];

export const PERMISSIONS = [
  { id: "permissions", path: "policy.permissions", label: "When the agent asks for permission", type: "choice",
    choices: [["deny", "deny it"], ["allow_list", "allow the tools below"], ["wait", "ask you, and wait"]] },
  { id: "allowedTools", path: "policy.allowedTools", label: "Allowed tools", type: "list", shown: is("permissions", "allow_list"), hint: "With commas." },
  whole("approvalTimeoutSeconds", "Seconds to wait for you", 10, 604800, 3600, { shown: is("permissions", "wait") }),
];

export const AGENT = [
  { id: "agent", path: "task.agentType", label: "Agent", hint: "Empty: the default agent." },
  { id: "model", path: "task.model", label: "Model", hint: "Empty: the agent's default." },
  { id: "visibility", path: "task.visibility", label: "Who sees the sessions of its runs", type: "choice",
    choices: [["private", "you"], ["tenant", "everybody here"]] },
];

/** How the form calls what the contract says in two fields. */
export const endsOf = ({ workspace, result }) =>
  result === "pull_request" ? result : ({ session: "diff", repository: "branch" })[workspace?.kind] ?? "answer";

const WORKSPACES = { diff: "session", branch: "repository", pull_request: "repository" };

/** The task that the fields say, with its checks. */
export function taskOf({ ends: way, task }, checks) {
  const kind = WORKSPACES[way];
  return {
    ...task,
    workspace: kind && { kind, ...task.workspace },
    result: way === "pull_request" ? way : undefined,
    checks,
  };
}
