// Speaks with Ensemble through the vendors' own SDKs: one turn with tools for each model.
// Arguments: openai|responses|anthropic, base URL, key, models. Prints one JSON object a line and model.
import Anthropic from "@anthropic-ai/sdk";
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
  const kept = await client.responses
    .create({ model, input: question, previous_response_id: first.answer.id })
    .catch((error) => error);
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
    kept: [kept.status, kept.type, kept.message],
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

for (const model of models) {
  try {
    const result = await { openai, responses, anthropic }[sdk](model);
    console.log(JSON.stringify({ model, ...result }));
  } catch (error) {
    console.log(JSON.stringify({ model, error: String(error?.message ?? error), status: error?.status }));
  }
}
