// Puts the page together. The address after # names the open session, so a reload comes back to it.
import { Connection } from "./net/connection.js";
import { Feed } from "./net/feed.js";
import { Files } from "./model/files.js";
import { Sessions } from "./model/sessions.js";
import { Turns } from "./model/turns.js";
import { Workspace } from "./model/workspace.js";
import { setText, show } from "./lib/dom.js";
import { ActivityView } from "./view/activity-view.js";
import { announce } from "./view/announcer.js";
import { Composer } from "./view/composer.js";
import { ConnectionView } from "./view/connection-view.js";
import { ConversationView } from "./view/conversation-view.js";
import { FileView } from "./view/file-view.js";
import { HeaderView } from "./view/header-view.js";
import { Notices } from "./view/notices.js";
import { Panels } from "./view/panels.js";
import { SessionListView } from "./view/session-list-view.js";
import { TreeView } from "./view/tree-view.js";
import { welcomeView } from "./view/welcome-view.js";
import { WorkspaceView } from "./view/workspace-view.js";

const NAME_LENGTH = 80;

const connection = new Connection(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
const feed = new Feed(connection);
const sessions = new Sessions(connection);
const turns = new Turns(connection);
const files = new Files(connection);
const workspace = new Workspace();

const notices = new Notices();
const panels = new Panels();
const composer = new Composer();
const header = new HeaderView();
const activity = new ActivityView();
const connectionView = new ConnectionView(connection);
const sessionList = new SessionListView(sessions);
const tree = new TreeView(files);
const file = new FileView(files, workspace);
const workspaceView = new WorkspaceView(workspace);
const conversationView = new ConversationView({ answer, send });
const trouble = document.getElementById("trouble");
const pendingMessage = document.getElementById("pending");
const welcome = document.getElementById("welcome");
welcome.append(welcomeView((text) => composer.set(text)));

let creating = false;
let stopping = false;

const openId = () => /^#session=([\w-]+)$/.exec(location.hash)?.[1] ?? null;

function draw() {
  const { conversation } = feed;
  header.draw(conversation);
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
  setText(trouble, conversation?.trouble ?? "");
  show(trouble, Boolean(conversation?.trouble));
  show(welcome, conversation === null);
  show(document.getElementById("show-files"), conversation !== null);
  document.body.dataset.live = String(conversation?.live ?? true);
}

conversationView.onDrawn = draw;
const drawSoon = conversationView.drawSoon;

function route() {
  const id = openId();
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
  } else if (conversation.running && connection.online) {
    await attempt({ type: "steer", sessionId: conversation.sessionId, text }, () => composer.restore(text));
  } else {
    turns.start(conversation.sessionId, text);
  }
}

/** A new session is made by its first message, and named after it. */
async function begin(text) {
  creating = true;
  drawSoon();
  try {
    const session = await sessions.create(composer.agentType, text.replace(/\s+/g, " ").slice(0, NAME_LENGTH));
    location.hash = `session=${session.id}`;
    route();
    turns.start(session.id, text);
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

/** Whether the server took a message; says what was wrong when it did not. */
async function attempt(message, undo = () => {}) {
  try {
    await connection.request(message);
    return true;
  } catch (problem) {
    undo();
    notices.problem(problem);
    return false;
  }
}

composer.onSubmit = send;
composer.onStop = async () => {
  stopping = true;
  drawSoon();
  stopping = await attempt({ type: "stop_turn", sessionId: feed.conversation.sessionId });
  drawSoon();
};

connection.onMessage = (message) => {
  // One with a number is an event of the session.
  if (message.type === "error" && message.requestId === undefined && message.seq === undefined) {
    notices.problem(message);
  }
  feed.take(message);
};
connection.onStatus = (status) => {
  connectionView.draw();
  drawSoon();
  if (status === "online") {
    sessions.refresh();
    feed.resume().then(() => turns.resume(feed.conversation, feed.conversation?.joinedInTurn ?? false));
  }
};

feed.onConversation = (conversation) => {
  conversation.onChange = drawSoon;
  conversationView.open(conversation);
};
feed.onEvent = (event) => {
  const { live, sessionId } = feed.conversation;
  turns.note(event);
  if (!live) {
    return;
  }
  announce(event);
  if (event.type === "file_changed") {
    files.changed(event);
  } else if (event.type === "session_state") {
    sessions.noteState(sessionId, event.state);
    sessions.refreshSoon();
  }
};
feed.onCaughtUp = () => files.load();
feed.onError = (problem) => notices.problem(problem);

sessions.onChange = drawSoon;
turns.onChange = drawSoon;
turns.onRefused = (problem, text) => {
  notices.problem(problem);
  composer.restore(text);
};
files.onChange = tree.drawSoon;
files.onFileChanged = (path) => file.noteChange(path);
files.onError = (problem) => notices.problem(problem);
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

route();
connection.connectNow();
drawSoon();
tree.drawSoon();
