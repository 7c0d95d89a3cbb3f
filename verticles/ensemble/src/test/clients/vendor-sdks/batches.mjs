// Works with files and batches through the vendors' own SDKs.
// Arguments: openai|anthropic, base URL, key, another key. Prints one JSON object.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { toFile } from "openai";

const [sdk, url, key, otherKey] = process.argv.slice(2);
const status = (promise) => promise.then(() => 200).catch((error) => error.status);
const all = async (page) => {
  const ids = [];
  for await (const one of page) ids.push(one.id);
  return ids;
};

async function openai() {
  const client = new OpenAI({ baseURL: url + "/v1", apiKey: key, maxRetries: 0 });
  const other = new OpenAI({ baseURL: url + "/v1", apiKey: otherKey, maxRetries: 0 });
  const body = { model: "chat", max_tokens: 1000, messages: [{ role: "user", content: "hi" }] };
  const lines = ["one", "two", "three"]
    .map((custom_id) => JSON.stringify({ custom_id, method: "POST", url: "/v1/chat/completions", body }))
    .join("\n");
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines), "lines.jsonl"),
    purpose: "batch",
  });
  const notes = await client.files.create({
    file: await toFile(Buffer.from("words of mine"), "notes.txt"),
    purpose: "user_data",
  });
  const create = (from, id) =>
    from.batches.create({ input_file_id: id, endpoint: "/v1/chat/completions", completion_window: "24h" });
  const made = await create(client, file.id);
  const cancelled = await client.batches.cancel((await create(client, file.id)).id);
  const first = await client.batches.retrieve(made.id);
  const hidden = [
    await status(other.files.retrieve(file.id)),
    await status(other.files.content(file.id)),
    await status(other.files.delete(file.id)),
    await status(other.batches.retrieve(made.id)),
    await status(other.batches.cancel(made.id)),
    await status(create(other, file.id)),
    (await all(await other.files.list())).length,
    (await all(await other.batches.list({ limit: 1 }))).length,
  ];
  const ended = await client.batches.retrieve(made.id);
  const output = await (await client.files.content(ended.output_file_id)).text();
  const facts = {
    made: made.status,
    first: first.status,
    cancelled: cancelled.status,
    ended: ended.status,
    answers: output.trim().split("\n").map((line) => JSON.parse(line).custom_id),
    words: await (await client.files.content(notes.id)).text(),
    size: (await client.files.retrieve(notes.id)).bytes,
    purposes: (await client.files.list({ purpose: "user_data" })).data.length,
    files: (await all(await client.files.list({ limit: 1 }))).length,
    batches: (await all(await client.batches.list({ limit: 1 }))).length,
    hidden,
    hiddenOutput: await status(other.files.content(ended.output_file_id)),
    deleted: (await client.files.delete(notes.id)).deleted,
    gone: await status(client.files.retrieve(notes.id)),
  };
  return facts;
}

async function anthropic() {
  const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
  const other = new Anthropic({ baseURL: url, apiKey: otherKey, maxRetries: 0 });
  const params = { model: "claude", max_tokens: 1000, messages: [{ role: "user", content: "hi" }] };
  const requests = ["one", "two"].map((custom_id) => ({ custom_id, params }));
  const made = await client.messages.batches.create({ requests });
  const first = await client.messages.batches.retrieve(made.id);
  const hidden = [
    await status(other.messages.batches.retrieve(made.id)),
    await status(other.messages.batches.cancel(made.id)),
    await status(other.messages.batches.results(made.id)),
    await status(other.messages.batches.delete(made.id)),
    (await all(await other.messages.batches.list())).length,
  ];
  const ended = await client.messages.batches.retrieve(made.id);
  const answers = [];
  for await (const one of await client.messages.batches.results(made.id)) {
    answers.push([one.custom_id, one.result.message.content[0].text]);
  }
  const cancelled = await client.messages.batches.cancel(
    (await client.messages.batches.create({ requests })).id,
  );
  const batches = (await all(await client.messages.batches.list({ limit: 1 }))).length;
  const deleted = (await client.messages.batches.delete(made.id)).type;
  const gone = await status(client.messages.batches.retrieve(made.id));
  return {
    made: made.processing_status,
    first: first.processing_status,
    ended: ended.processing_status,
    cancelled: cancelled.processing_status,
    answers,
    hidden,
    batches,
    deleted,
    gone,
  };
}

console.log(JSON.stringify(await (sdk === "openai" ? openai() : anthropic())));
