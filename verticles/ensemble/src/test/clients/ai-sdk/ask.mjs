// Vercel's AI SDK against Ensemble: a streamed turn with tools, their results, and the last answer.
// Arguments: base URL, key, and what to ask as FLAVOUR/MODEL. Prints one JSON object a line.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { isStepCount, jsonSchema, streamText, tool } from "ai";

const [url, apiKey, ...asked] = process.argv.slice(2);
const baseURL = url + "/v1";
const openai = createOpenAI({ baseURL, apiKey });
const flavours = {
  chat: (model) => openai.chat(model),
  responses: (model) => openai.responses(model),
  // As it comes: items of earlier steps are sent as references to stored ones.
  stored: (model) => openai(model),
  compatible: createOpenAICompatible({ name: "ensemble", baseURL, apiKey, includeUsage: true }),
  messages: createAnthropic({ baseURL, apiKey }),
  gemini: createGoogleGenerativeAI({ baseURL: url + "/v1beta", apiKey }),
};
const inputSchema = jsonSchema({ type: "object", properties: { path: { type: "string" } } });
const tools = Object.fromEntries(
  ["read_file", "bash"].map((name) => [
    name,
    tool({ description: name, inputSchema, execute: async () => "RESULT of " + name }),
  ]),
);

async function ask(flavour, model) {
  let failed;
  const result = streamText({
    model: flavours[flavour](model),
    prompt: "What is in a.txt?",
    tools,
    maxRetries: 0,
    stopWhen: isStepCount(3),
    providerOptions: flavour === "stored" ? {} : { openai: { store: false } },
    onError: ({ error }) => (failed ??= error),
  });
  let pieces = 0;
  for await (const piece of result.textStream) pieces += piece ? 1 : 0;
  if (failed) throw failed;
  const steps = await result.steps;
  return {
    pieces,
    calls: steps[0].toolCalls.map((call) => [call.toolName, call.input]),
    finish: steps[0].finishReason,
    usage: steps[0].usage.inputTokens,
    text: steps[0].text,
    last: steps.at(-1).text,
    steps: steps.length,
  };
}

for (const one of asked) {
  const [flavour, model] = one.split("/");
  try {
    console.log(JSON.stringify({ asked: one, ...(await ask(flavour, model)) }));
  } catch (error) {
    console.log(JSON.stringify({ asked: one, error: String(error?.message ?? error) }));
  }
}
