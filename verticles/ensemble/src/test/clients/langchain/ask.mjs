// LangChain in JavaScript against Ensemble: a streamed turn with tools, their results, and the last answer.
// Arguments: base URL, key, and what to ask as CLIENT/MODEL. Prints one JSON object a line.
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";

const [url, apiKey, ...asked] = process.argv.slice(2);
const parameters = { type: "object", properties: { path: { type: "string" } } };
const tools = ["read_file", "bash"].map((name) => ({ type: "function", function: { name, parameters } }));

async function ask(client, model) {
  const chat = new ChatOpenAI({
    model,
    apiKey,
    configuration: { baseURL: url + "/v1" },
    maxRetries: 0,
    streamUsage: true,
    useResponsesApi: client === "responses",
  }).bindTools(tools);
  const messages = [new HumanMessage("What is in a.txt?")];
  const turn = async () => {
    let answer;
    let pieces = 0;
    for await (const chunk of await chat.stream(messages)) {
      pieces += chunk.text ? 1 : 0;
      answer = answer === undefined ? chunk : answer.concat(chunk);
    }
    return { answer, pieces };
  };
  const { answer: first, pieces } = await turn();
  messages.push(first);
  for (const call of first.tool_calls) {
    messages.push(new ToolMessage({ content: "RESULT of " + call.name, tool_call_id: call.id }));
  }
  const { answer: last } = await turn();
  return {
    pieces,
    calls: first.tool_calls.map((call) => [call.name, call.args]),
    usage: first.usage_metadata.input_tokens,
    text: first.text,
    last: last.text,
  };
}

for (const one of asked) {
  const [client, model] = one.split("/");
  try {
    console.log(JSON.stringify({ asked: one, ...(await ask(client, model)) }));
  } catch (error) {
    console.log(JSON.stringify({ asked: one, error: String(error?.message ?? error) }));
  }
}
