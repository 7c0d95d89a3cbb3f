// Puts the page together. The address after # names the open session, so a reload comes back to it.
import { Connection } from "./net/connection.js";
import { Entrance } from "./net/entrance.js";
import { Feed } from "./net/feed.js";
import { Account } from "./model/account.js";
import { Attachments } from "./model/attachments.js";
import { BrowserNotes } from "./model/browser-notes.js";
import { cloneOf } from "./model/clone.js";
import { Commands } from "./model/commands.js";
import { Drafts } from "./model/drafts.js";
import { Files } from "./model/files.js";
import { Folders } from "./model/folders.js";
import { MessageQueue } from "./model/message-queue.js";
import { Models } from "./model/models.js";
import { sessionNameOf } from "./model/names.js";
import { Sessions } from "./model/sessions.js";
import { Turns } from "./model/turns.js";
import { Workspace } from "./model/workspace.js";
import { el, setText, show } from "./lib/dom.js";
import { AccountView } from "./view/account-view.js";
import { ActivityView } from "./view/activity-view.js";
import { announce } from "./view/announcer.js";
import { AttachmentsView } from "./view/attachments-view.js";
import { commandList } from "./view/command-list.js";
import { CommandMenu } from "./view/command-menu.js";
import { Composer } from "./view/composer.js";
import { ConnectionView } from "./view/connection-view.js";
import { ConversationView } from "./view/conversation-view.js";
import { FileView } from "./view/file-view.js";
import { HeaderView } from "./view/header-view.js";
import { noticeIsolation } from "./view/isolation-notice.js";
import { lazyDialog } from "./view/lazy-dialog.js";
import { Notifier } from "./view/notifier.js";
import { Notices } from "./view/notices.js";
import { Panels } from "./view/panels.js";
import { QueueView } from "./view/queue-view.js";
import { SessionListView } from "./view/session-list-view.js";
import { ThemeChoice } from "./view/theme-choice.js";
import { TreeView } from "./view/tree-view.js";
import { welcomeView } from "./view/welcome-view.js";
import { WorkspaceView } from "./view/workspace-view.js";

/** The agent that runs a command for the person. */
const SETS_UP = "coding-agent";

const connection = new Connection(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws?protocol=2`);
const feed = new Feed(connection);
const sessions = new Sessions(connection);
const models = new Models(connection);
const attachments = new Attachments();
const attachmentsView = new AttachmentsView(attachments);
const turns = new Turns(connection);
const files = new Files(connection);
const workspace = new Workspace();
const folders = new Folders();
const decisions = new BrowserNotes(localStorage, "concert.review.");

const drafts = new Drafts(localStorage);
const queue = new MessageQueue(sessionStorage);
const account = new Account();
const entrance = new Entrance(account, connection);
const accountView = new AccountView(account);
const notices = new Notices();
const notifier = new Notifier();
const panels = new Panels();
const composer = new Composer();
const commandMenu = new CommandMenu(new Commands(commandList({ openId: () => openId(), conversation: () => feed.conversation, review: (turnId) => showChanges(turnId), save: () => openTranscript(feed.conversation) })));
const queueView = new QueueView();
const header = new HeaderView();
const activity = new ActivityView();
const connectionView = new ConnectionView(connection);
const sessionList = new SessionListView(sessions);
const tree = new TreeView(files);
const file = new FileView(files, workspace);
const workspaceView = new WorkspaceView(workspace);
const conversationView = new ConversationView({ answer, send, rewind, fork, review: (turnId) => showChanges(turnId) });
const trouble = document.getElementById("trouble");
const pendingMessage = document.getElementById("pending");
const welcome = document.getElementById("welcome");
new ThemeChoice();
noticeIsolation(document.getElementById("isolation"));
const folderChoice = el("select", { id: "folder" });
welcome.append(welcomeView((text) => composer.set(text), clone, folderChoice));

const openDialog = (path, make) => lazyDialog(path, make, (problem) => notices.problem(problem));
const openChanges = openDialog("/js/view/review-dialog.js", (module) => new module.ReviewDialog(files, folders, decisions));
const openTranscript = openDialog("/js/view/transcript-download.js", (module) => new module.TranscriptDownload());
const openKeys = openDialog("/js/view/keys-view.js", (module) => new module.KeysView());
const openShares = openDialog("/js/view/share-view.js", (module) => new module.ShareView(connection, (problem) => notices.problem(problem)));
const shareButton = document.getElementById("show-shares");
shareButton.addEventListener("click", () => openShares(feed.conversation.sessionId));
const openUsage = openDialog("/js/view/usage-view.js", (module) => new module.UsageView());
const showChanges = (turnId) => openChanges(feed.conversation, turnId);

let creating = false;
let stopping = false;

const openId = () => /^#session=([\w-]+)$/.exec(location.hash)?.[1] ?? null;

function draw() {
  const { conversation } = feed;
  header.draw(conversation, sessions.list, conversation && models.of(conversation));
  notifier.draw(sessions.list);
  const pending = turns.pendingIn(conversation);
  setText(pendingMessage, pending?.text ?? "");
  show(pendingMessage, pending !== null);
  activity.draw(conversation, pending !== null && connection.online);
  sessionList.draw(conversation?.sessionId ?? null);
  stopping &&= conversation?.running ?? false;
  composer.draw({
    isNew: conversation === null,
    running: conversation?.running ?? false,
    stopping,
    online: connection.online,
    busy: creating || turns.pending !== null,
  });
  queueView.draw(conversation === null ? [] : queue.of(conversation.sessionId), conversation?.running ?? false);
  setText(trouble, conversation?.trouble ?? "");
  show(trouble, Boolean(conversation?.trouble));
  show(welcome, conversation === null);
  show(document.getElementById("show-files"), conversation !== null);
  show(shareButton, Boolean(conversation?.sessionId));
  document.body.dataset.live = String(conversation?.live ?? true);
}

conversationView.onDrawn = draw;
const drawSoon = conversationView.drawSoon;

function route() {
  const id = openId();
  composer.show(drafts.get(id));
  if (id === (feed.conversation?.sessionId ?? null)) {
    return;
  }
  panels.close();
  notices.clear();
  file.close();
  files.open(id);
  workspace.open(id);
  if (id === null) {
    feed.close();
    conversationView.open(null);
  } else {
    feed.open(id);
  }
  drawSoon();
  composer.focus();
}

async function send(text) {
  const { conversation } = feed;
  conversationView.toEnd();
  if (conversation === null) {
    await begin(text);
    return;
  }
  const { sessionId } = conversation;
  try {
    const files = await attachments.upload(sessionId);
    if (feed.conversation === conversation && conversation.running && connection.online && (await turns.guide(sessionId, text, files))) {
      return;
    }
    if (!conversation.running) {
      await folders.enter(sessionId);
    }
    turns.start(sessionId, text, files);
  } catch (problem) {
    notices.problem(problem);
    giveBack(sessionId, text);
  }
}

/** A message that was not taken is a draft of its session again. */
function giveBack(sessionId, text) {
  if (sessionId === openId()) {
    composer.restore(text);
  } else if (drafts.get(sessionId) === "") {
    drafts.put(sessionId, text);
  }
}

/** Begins a session that has a repository in its workspace; answers what is wrong with the address. */
function clone(address) {
  const wanted = cloneOf(address);
  if (wanted === null) {
    return "Give an address that begins with https:// and has no user name or password.";
  }
  begin(wanted.command, wanted.name, SETS_UP);
  return null;
}

/** A new session is made by its first message, and named after it. */
async function begin(text, name = text, agent = composer.agentType) {
  creating = true;
  drawSoon();
  try {
    const session = await sessions.create(agent, sessionNameOf(name), composer.model);
    location.hash = `session=${session.id}`;
    route();
    const folder = name === text ? folderChoice.value : "";
    const setUp = folder === "" ? null : await folders.begin(session.id, folder, agent === SETS_UP);
    if (setUp !== null) {
      queue.add(session.id, text);
      turns.start(session.id, `/run ${setUp}`);
    } else {
      turns.start(session.id, text, await attachments.upload(session.id));
    }
  } catch (problem) {
    notices.problem(problem);
    composer.restore(text);
  } finally {
    creating = false;
    drawSoon();
  }
}

function answer(questionId, given) {
  return attempt({ type: "answer_question", sessionId: feed.conversation.sessionId, questionId, ...given });
}

/** Goes back to before a message, which then stands in the composer to be sent in another form. */
async function rewind({ messageId, text }) {
  const { sessionId } = feed.conversation;
  if (!confirm("Go back to before this message? The files go back with it.")) {
    return;
  }
  if (await attempt({ type: "rewind_session", sessionId, messageId })) {
    composer.restore(text);
  }
}

/** Opens a new session that has everything up to a message. */
async function fork({ messageId }) {
  try {
    const { sessionId } = feed.conversation;
    const { session } = await connection.request({ type: "fork_session", sessionId, messageId });
    sessions.refresh();
    location.hash = `session=${session.id}`;
  } catch (problem) {
    notices.problem(problem);
  }
}

/** Whether the server took a message; says what was wrong when it did not. */
async function attempt(message) {
  try {
    await connection.request(message);
    return true;
  } catch (problem) {
    notices.problem(problem);
    return false;
  }
}

composer.textOfNothing = () => (attachments.list.length > 0 ? "See the attached files." : "");
commandMenu.onText = (text) => composer.set(text);
composer.onWrite = (text) => {
  drafts.put(openId(), text);
  commandMenu.update();
};
composer.onSubmit = send;
composer.onQueue = (text) => queue.add(openId(), text);
queue.onChange = drawSoon;
queueView.onSend = () => send(queue.take(openId()));
queueView.onTake = (index) => composer.restore(queue.take(openId(), index));
composer.onStop = stop;
document.querySelector(".stage").addEventListener("keydown", (event) => {
  const writes = event.target.matches("input, select, textarea:not(#message)");
  if (event.key === "Escape" && !event.isComposing && !writes && feed.conversation?.running && !stopping) {
    stop();
  }
});

async function stop() {
  stopping = true;
  drawSoon();
  stopping = await attempt({ type: "stop_turn", sessionId: feed.conversation.sessionId });
  drawSoon();
}


account.onChange = () => accountView.draw();
account.onLeave = () => [drafts, decisions, queue].forEach((kept) => kept.clear());
accountView.onUsage = openUsage;
accountView.onKeys = () => openKeys(account.identity);
accountView.onError = (problem) => notices.problem(problem);

connection.onMessage = (message) => {
  if (message.type === "authenticated") {
    account.note(message.identity);
  }
  // One with a number is an event of the session.
  if (message.type === "error" && message.requestId === undefined && message.seq === undefined) {
    notices.problem(message);
  }
  if (message.type === "session_deleted") {
    drafts.put(message.sessionId, "");
    decisions.put(message.sessionId, null);
    queue.forget(message.sessionId);
    if (message.sessionId === openId()) {
      location.hash = "";
    }
  }
  if (message.requestId === undefined) {
    sessions.note(message);
  }
  feed.conversation?.note(message.session);
  feed.take(message);
};
connection.onStatus = (status) => {
  connectionView.draw();
  drawSoon();
  if (status === "refused") {
    entrance.enterAgain();
  }
  if (status === "online") {
    sessions.refresh();
    models.load();
    folders.load();
    feed.resume().then(() => turns.resume(feed.conversation, feed.conversation?.joinedInTurn ?? false));
  }
};

feed.onConversation = (conversation) => {
  conversation.onChange = drawSoon;
  conversation.onCut = () => conversationView.open(conversation);
  conversationView.open(conversation);
};
feed.onEvent = (event) => {
  const { live, sessionId } = feed.conversation;
  turns.note(event);
  if (!live) {
    return;
  }
  announce(event);
  if (event.type === "turn_complete" && event.stopReason !== "stopped" && queue.of(sessionId).length > 0) {
    send(queue.take(sessionId));
  }
  notifier.note(event, feed.conversation.session);
  if (event.type === "file_changed") {
    files.changed(event);
  } else if (event.type === "session.rewound") {
    // The agent was stopped, so that nothing reports the single files.
    files.load();
    file.noteChanges();
  } else if (event.type === "session_state") {
    sessions.noteState(sessionId, event.state);
    sessions.refreshSoon();
  }
};
feed.onCaughtUp = () => files.load();
feed.onError = (problem) => notices.problem(problem);

sessions.onChange = drawSoon;
attachments.onChange = () => attachmentsView.draw();
attachmentsView.onError = (problem) => notices.problem(problem);
folders.onQuestion = (text) => confirm(text);
folders.onChange = () => {
  show(document.getElementById("folder-choice"), folders.list.length > 0);
  folderChoice.replaceChildren(...["", ...folders.list].map((path) => el("option", { value: path }, path || "an empty workspace")));
};
models.onChange = () => {
  composer.offer(models);
  drawSoon();
};
sessionList.onError = (problem) => notices.problem(problem);
turns.onChange = drawSoon;
turns.onRefused = (problem, { sessionId, text }) => {
  notices.problem(problem);
  giveBack(sessionId, text);
};
files.onChange = tree.drawSoon;
files.onFileChanged = (path) => file.noteChange(path);
files.onError = (problem) => notices.problem(problem);
workspaceView.onChanges = () => showChanges(null);
workspace.onChange = () => workspaceView.draw();
workspace.onError = (problem) => notices.problem(problem);
tree.onOpen = (path) => file.open(path);
file.onOpened = (path) => tree.mark(path);

document.getElementById("new-session").addEventListener("click", () => {
  location.hash = "";
  panels.close();
  composer.focus();
});
addEventListener("hashchange", route);
addEventListener("hashchange", () => accountView.draw());

route();
entrance.enter();
drawSoon();
tree.drawSoon();
