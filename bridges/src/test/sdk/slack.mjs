// Slack's own client against the played Slack at the address of the first argument.
import { WebClient } from "@slack/web-api";

const [url, token] = process.argv.slice(2);
const client = new WebClient(token, { slackApiUrl: url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true });
const failed = async (call) => {
  try {
    await call();
    return "no error";
  } catch (e) {
    return `${e.code} ${e.data?.error ?? e.retryAfter ?? ""}`.trim();
  }
};

const who = await client.auth.test();
const posted = await client.chat.postMessage({
  channel: "C0WITNESS",
  thread_ts: "1.2",
  text: "Grüße 🎻",
  blocks: [{ type: "section", text: { type: "mrkdwn", text: "Grüße 🎻" } }],
  metadata: { event_type: "concert_message", event_payload: { key: "k1" } },
});
await client.chat.update({ channel: "C0WITNESS", ts: posted.ts, text: "changed" });
await client.chat.postEphemeral({ channel: "C0WITNESS", user: "U1", text: "only you" });
const replies = await client.conversations.replies({ channel: "C0WITNESS", ts: "1.2", include_all_metadata: true });
const channel = "C0WITNESS";
const place = { channel, thread_ts: "2.2" };
const recipient = { recipient_team_id: who.team_id, recipient_user_id: "U1" };
const streamer = client.chatStream({ ...place, ...recipient, buffer_size: 1 });
const task = { type: "task_update", id: "work", title: "Working", status: "in_progress" };
const { ts } = await streamer.append({ chunks: [task] });
await streamer.append({ markdown_text: "one " });
const conflict = await failed(() => client.chat.update({ channel, ts, text: "x" }));
await streamer.stop({ markdown_text: "two", chunks: [{ ...task, status: "complete" }] });
const streamed = await client.conversations.replies({ channel, ts: "2.2" });
const words = await client.chat.startStream({ ...place, ...recipient, markdown_text: "words" });
const stranger = new WebClient("xoxb-wrong", { slackApiUrl: url, retryConfig: { retries: 0 } });
console.log(
  JSON.stringify({
    team: who.team_id,
    user: who.user_id,
    text: replies.messages[0].text,
    key: replies.messages[0].metadata.event_payload.key,
    count: replies.messages.length,
    streamed: streamed.messages[0].text,
    task: streamed.messages[0].blocks[0].status,
    conflict,
    ended: await failed(() => client.chat.appendStream({ channel, ts, chunks: [task] })),
    mode: await failed(() => client.chat.appendStream({ channel, ts: words.ts, chunks: [task] })),
    recipient: await failed(() => client.chat.startStream({ ...place, markdown_text: "x" })),
    tooMuch: await failed(() => client.chat.stopStream({ channel, ts: words.ts, markdown_text: "x".repeat(12001) })),
    tooLong: await failed(() => client.chat.update({ channel: "C0WITNESS", ts: posted.ts, text: "x".repeat(4001) })),
    gone: await failed(() => client.chat.postMessage({ channel: "C0GONE", text: "x" })),
    missing: await failed(() => client.chat.update({ channel: "C0WITNESS", ts: "9.9", text: "x" })),
    token: await failed(() => stranger.auth.test()),
    limited: await failed(() => client.conversations.history({ channel: "C0WITNESS" })),
  }),
);
