// Speaks with played clouds through the vendors' own SDKs: a streamed turn with a tool, its result, a whole answer.
// Arguments: key, then for each SDK its name and the server's URL. Prints one JSON object a line and SDK.
import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { AzureOpenAI } from "openai";

const [key, awsId, region, ...servers] = process.argv.slice(2);
const question = "What is in a.txt?";
const parameters = { type: "object", properties: { path: { type: "string" } } };

async function claude(client) {
  const messages = [{ role: "user", content: question }];
  const tools = [{ name: "read_file", input_schema: parameters }];
  const body = { model: "claude-played", max_tokens: 100, tools, messages };
  const ask = () => client.messages.stream(body).finalMessage();
  const first = await ask();
  const call = first.content.find((block) => block.type === "tool_use");
  messages.push({ role: "assistant", content: first.content });
  messages.push({
    role: "user",
    content: [{ type: "tool_result", tool_use_id: call.id, content: "RESULT" }],
  });
  const second = await ask();
  const whole = await client.messages.create(body);
  const text = (message) =>
    message.content
      .filter((block) => block.type === "text")
      .map((block) => block.text)
      .join("");
  return {
    text: text(first),
    call: [call.name, call.input],
    usage: first.usage.cache_read_input_tokens,
    second: text(second),
    whole: text(whole),
  };
}

async function converse(client) {
  const messages = [{ role: "user", content: [{ text: question }] }];
  const toolConfig = { tools: [{ toolSpec: { name: "read_file", inputSchema: { json: parameters } } }] };
  const body = { modelId: "eu.amazon.nova-played-v1:0", messages, toolConfig };
  const ask = async () => {
    const answer = await client.send(new ConverseStreamCommand(body));
    const said = { text: "", input: "" };
    for await (const event of answer.stream) {
      said.text += event.contentBlockDelta?.delta.text ?? "";
      said.call = event.contentBlockStart?.start.toolUse ?? said.call;
      said.input += event.contentBlockDelta?.delta.toolUse?.input ?? "";
      said.usage = event.metadata?.usage.cacheReadInputTokens ?? said.usage;
    }
    return said;
  };
  const first = await ask();
  const input = JSON.parse(first.input);
  messages.push({
    role: "assistant",
    content: [{ text: first.text }, { toolUse: { ...first.call, input } }],
  });
  messages.push({
    role: "user",
    content: [{ toolResult: { toolUseId: first.call.toolUseId, content: [{ text: "RESULT" }] } }],
  });
  const second = await ask();
  const whole = await client.send(new ConverseCommand(body));
  return {
    text: first.text,
    call: [first.call.name, input],
    usage: first.usage,
    second: second.text,
    whole: whole.output.message.content.map((block) => block.text ?? "").join(""),
  };
}

async function azure(client) {
  const messages = [{ role: "user", content: question }];
  const tools = [{ type: "function", function: { name: "read_file", parameters } }];
  const body = { model: "deployment", messages, tools };
  const ask = () =>
    client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion();
  const first = await ask();
  const said = first.choices[0].message;
  messages.push(said);
  messages.push({ role: "tool", tool_call_id: said.tool_calls[0].id, content: "RESULT" });
  const second = await ask();
  const whole = await client.chat.completions.create(body);
  return {
    text: said.content,
    call: [said.tool_calls[0].function.name, JSON.parse(said.tool_calls[0].function.arguments)],
    usage: first.usage.prompt_tokens_details.cached_tokens,
    second: second.choices[0].message.content,
    whole: whole.choices[0].message.content,
  };
}

const sdks = {
  bedrock: (url, secret) =>
    claude(
      new AnthropicBedrock({
        baseURL: url,
        awsRegion: region,
        awsAccessKey: awsId,
        awsSecretKey: secret,
        maxRetries: 0,
      }),
    ),
  "bedrock-converse": (url, secret) =>
    converse(
      new BedrockRuntimeClient({
        endpoint: url,
        region,
        credentials: { accessKeyId: awsId, secretAccessKey: secret },
        maxAttempts: 1,
        // In HTTP/2 it signs another name of the host.
        requestHandler: new NodeHttpHandler(),
      }),
    ),
  vertex: (url, secret) =>
    claude(
      new AnthropicVertex({
        baseURL: url + "/v1",
        region: "europe-west1",
        projectId: "played",
        authClient: {
          projectId: "played",
          getRequestHeaders: async () => new Headers({ authorization: "Bearer " + secret }),
        },
        maxRetries: 0,
      }),
    ),
  azure: (url, secret) =>
    azure(new AzureOpenAI({ endpoint: url, apiKey: secret, apiVersion: "2024-10-21", maxRetries: 0 })),
};

for (let i = 0; i < servers.length; i += 2) {
  const [sdk, url] = [servers[i], servers[i + 1]];
  const answer = await sdks[sdk](url, key).catch((error) => ({ error: String(error) }));
  const refused = await sdks[sdk](url, "wrong-secret").then(
    () => "",
    (error) => String(error.status ?? error.$metadata?.httpStatusCode) + " " + error.message,
  );
  console.log(JSON.stringify({ sdk, ...answer, refused }));
}
process.exit(0);
