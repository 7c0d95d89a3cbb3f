// Speaks with Ensemble through the vendors' own SDKs: one turn with tools for each model.
// Arguments: openai|choices|responses|anthropic|gemini, base URL, key, models. Prints one JSON object a line and model.
import Anthropic from "@anthropic-ai/sdk";
import { ApiError, GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

const [sdk, url, key, ...models] = process.argv.slice(2);
const system = "Be brief.";
const question = "What is in a.txt?";
const parameters = { type: "object", properties: { path: { type: "string" } } };
const names = ["read_file", "bash"];

async function openai(model) {
  const client = new OpenAI({ baseURL: url + "/v1", apiKey: key, maxRetries: 0 });
  const tools = names.map((name) => ({ type: "function", function: { name, parameters } }));
  const messages = [
    { role: "system", content: system },
    { role: "user", content: question },
  ];
  const ask = async () => {
    let pieces = 0;
    const stream = client.chat.completions.stream({
      model,
      messages,
      tools,
      stream_options: { include_usage: true },
    });
    stream.on("content", () => pieces++);
    const answer = await stream.finalChatCompletion();
    return { answer, pieces };
  };
  const first = await ask();
  const said = first.answer.choices[0].message;
  messages.push(said);
  for (const call of said.tool_calls ?? []) {
    messages.push({ role: "tool", tool_call_id: call.id, content: "RESULT of " + call.function.name });
  }
  const second = await ask();
  const whole = await client.chat.completions.create({ model, messages: messages.slice(0, 2), tools });
  return {
    text: said.content,
    pieces: first.pieces,
    calls: said.tool_calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)]),
    finish: first.answer.choices[0].finish_reason,
    usage: first.answer.usage.prompt_tokens,
    second: second.answer.choices[0].message.content,
    whole: whole.choices[0].message.content,
  };
}

// Two answers of a custom tool, streamed and whole. The URL may also be the vendor's own.
async function choices(model) {
  const client = new OpenAI({ baseURL: url + "/v1", apiKey: key, maxRetries: 0 });
  const asked = {
    model,
    n: 2,
    messages: [{ role: "user", content: question }],
    tools: [{ type: "custom", custom: { name: "apply_patch", format: { type: "text" } } }],
  };
  const streamed = [];
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    for (const { index, delta, finish_reason } of chunk.choices) {
      const one = (streamed[index] ??= { text: "", call: "", input: "", finish: "" });
      one.text += delta.content ?? "";
      for (const call of delta.tool_calls ?? []) {
        one.call += call.custom?.name ?? "";
        one.input += call.custom?.input ?? "";
      }
      one.finish = finish_reason ?? one.finish;
    }
  }
  const answer = await client.chat.completions.create(asked);
  const whole = answer.choices.map(({ message, finish_reason }) => ({
    text: message.content ?? "",
    call: message.tool_calls?.[0].custom.name ?? "",
    input: message.tool_calls?.[0].custom.input ?? "",
    finish: finish_reason,
  }));
  return { streamed, whole, usage: answer.usage.completion_tokens };
}

async function responses(model) {
  const client = new OpenAI({ baseURL: url + "/v1", apiKey: key, maxRetries: 0 });
  const tools = names.map((name) => ({ type: "function", name, parameters, strict: false }));
  const input = [{ role: "user", content: question }];
  const order = [];
  const ask = async (body) => {
    let pieces = 0;
    const stream = client.responses.stream({ model, instructions: system, tools, ...body });
    stream.on("response.output_text.delta", () => pieces++);
    stream.on("event", (event) => order.push([event.sequence_number, event.type]));
    return { answer: await stream.finalResponse(), pieces };
  };
  const first = await ask({ input });
  const events = order.splice(0);
  input.push(...first.answer.output);
  const calls = first.answer.output.filter((item) => item.type === "function_call");
  for (const call of calls) {
    input.push({ type: "function_call_output", call_id: call.call_id, output: "RESULT of " + call.name });
  }
  const second = await ask({ input });
  const whole = await client.responses.create({ model, input: question, tools });
  const results = input.filter((item) => item.type === "function_call_output");
  const next = await client.responses.create({
    model, tools, input: results, previous_response_id: first.answer.id });
  const read = await client.responses.retrieve(next.id);
  const before = [];
  for await (const item of client.responses.inputItems.list(next.id, { limit: 2 })) before.push(item.type);
  await client.responses.delete(next.id);
  const deleted = await client.responses.retrieve(next.id).catch((error) => error);
  const listed = await client.models.list();
  return {
    text: first.answer.output_text,
    pieces: first.pieces,
    calls: calls.map((call) => [call.name, JSON.parse(call.arguments)]),
    finish: first.answer.status,
    usage: first.answer.usage.input_tokens,
    second: second.answer.output_text,
    whole: whole.output_text,
    numbers: events.every(([number], at) => number === at),
    events: events.map(([, type]) => type),
    same: JSON.stringify(whole.output.map(unnamed)) === JSON.stringify(first.answer.output.map(unnamed)),
    kept: [next.output_text, next.previous_response_id === first.answer.id, read.output_text, before.length, deleted.status],
    listed: listed.data.some((one) => one.id === model),
  };
}

// Ids are new with every answer (and carried payloads may hold one), and the SDK adds what it parsed.
function unnamed({ id, call_id, encrypted_content, parsed_arguments, content, ...item }) {
  return { ...item, kept: Boolean(encrypted_content), content: content?.map(({ parsed, ...part }) => part) };
}

async function anthropic(model) {
  const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
  const tools = names.map((name) => ({ name, input_schema: parameters }));
  const messages = [{ role: "user", content: question }];
  const ask = async () => {
    let pieces = 0;
    const stream = client.messages.stream({ model, max_tokens: 1000, system, messages, tools });
    stream.on("text", () => pieces++);
    return { answer: await stream.finalMessage(), pieces };
  };
  const first = await ask();
  messages.push({ role: "assistant", content: first.answer.content });
  messages.push({
    role: "user",
    content: first.answer.content
      .filter((block) => block.type === "tool_use")
      .map((block) => ({
        type: "tool_result",
        tool_use_id: block.id,
        content: "RESULT of " + block.name,
      })),
  });
  const second = await ask();
  const whole = await client.messages.create({
    model,
    max_tokens: 1000,
    system,
    messages: messages.slice(0, 1),
    tools,
  });
  const counted = await client.messages.countTokens({ model, system, messages, tools });
  const text = (message) =>
    message.content.filter((block) => block.type === "text").map((block) => block.text).join("");
  const usage = first.answer.usage;
  return {
    text: text(first.answer),
    pieces: first.pieces,
    calls: first.answer.content
      .filter((block) => block.type === "tool_use")
      .map((block) => [block.name, block.input]),
    finish: first.answer.stop_reason,
    counted: counted.input_tokens,
    usage: usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens,
    second: text(second.answer),
    whole: text(whole),
  };
}

async function gemini(model) {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
  const functionDeclarations = names.map((name) => ({
    name,
    parameters: { type: "OBJECT", properties: { path: { type: "STRING" } } },
  }));
  const config = {
    systemInstruction: system,
    tools: [{ functionDeclarations }],
    thinkingConfig: { includeThoughts: true },
  };
  // The SDK's own chat keeps the history: what it sends back is what it received.
  const chat = client.chats.create({ model, config });
  const ask = async (message) => {
    const chunks = [];
    for await (const chunk of await chat.sendMessageStream({ message })) {
      chunks.push(chunk);
    }
    const parts = chunks.flatMap((chunk) => chunk.candidates[0].content.parts);
    const shown = (thought) =>
      parts.filter((part) => Boolean(part.thought) === thought).map((part) => part.text ?? "").join("");
    return { last: chunks.at(-1), pieces: chunks.length, text: shown(false), thought: shown(true), parts };
  };
  const first = await ask(question);
  const calls = first.parts.map((part) => part.functionCall).filter(Boolean);
  const second = await ask(
    calls.map((call) => ({
      functionResponse: { id: call.id, name: call.name, response: { output: "RESULT of " + call.name } },
    })),
  );
  const whole = await client.models.generateContent({ model, contents: question, config });
  const counted = await client.models.countTokens({ model, contents: chat.getHistory() });
  const listed = [];
  for await (const one of await client.models.list()) {
    listed.push(one.name);
  }
  const one = await client.models.get({ model });
  const unknown = await client.models
    .generateContent({ model: "no-such-model", contents: question })
    .catch((error) => error);
  return {
    text: first.text,
    thought: first.thought,
    pieces: first.pieces,
    calls: calls.map((call) => [call.name, call.args]),
    finish: first.last.candidates[0].finishReason,
    usage: first.last.usageMetadata.promptTokenCount,
    total: first.last.usageMetadata.totalTokenCount,
    second: second.text,
    whole: whole.text,
    counted: counted.totalTokens,
    listed: [listed.includes("models/" + model), one.name],
    unknown: [unknown instanceof ApiError, unknown.status, JSON.parse(unknown.message).error.status],
  };
}

for (const model of models) {
  try {
    const result = await { openai, choices, responses, anthropic, gemini }[sdk](model);
    console.log(JSON.stringify({ model, ...result }));
  } catch (error) {
    console.log(JSON.stringify({ model, error: String(error?.message ?? error), status: error?.status }));
  }
}
