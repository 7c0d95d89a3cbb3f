"""OpenAI's, Anthropic's and Google's own SDKs, OpenAI's Agents SDK and LangChain, in Python, against Ensemble: a
streamed turn with tools, their results, and the last answer. Arguments: base URL, key, and what to ask as CLIENT/MODEL. Prints one
JSON object a line."""

import asyncio
import json
import sys

from agents import (
    Agent,
    FunctionTool,
    ItemHelpers,
    ModelSettings,
    OpenAIChatCompletionsModel,
    Runner,
    set_tracing_disabled,
)
from anthropic import Anthropic
from google import genai
from google.genai import types
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, OpenAI

URL, KEY, *ASKED = sys.argv[1:]
QUESTION = "What is in a.txt?"
PARAMETERS = {"type": "object", "properties": {"path": {"type": "string"}}}
TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": PARAMETERS}}
    for name in ("read_file", "bash")
]


def openai(model):
    client = OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0)
    messages = [{"role": "user", "content": QUESTION}]

    def turn():
        with client.chat.completions.stream(
            model=model, messages=messages, tools=TOOLS, stream_options={"include_usage": True}
        ) as stream:
            pieces = sum(event.type == "content.delta" for event in stream)
            return stream.get_final_completion(), pieces

    first, pieces = turn()
    said = first.choices[0].message
    messages.append(said.model_dump(exclude_none=True))
    for call in said.tool_calls:
        result = "RESULT of " + call.function.name
        messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    last, _ = turn()
    return {
        "pieces": pieces,
        "calls": [[call.function.name, json.loads(call.function.arguments)] for call in said.tool_calls],
        "finish": first.choices[0].finish_reason,
        "usage": first.usage.prompt_tokens,
        "text": said.content,
        "last": last.choices[0].message.content,
    }


def langchain(model):
    chat = ChatOpenAI(
        base_url=URL + "/v1", api_key=KEY, model=model, max_retries=0, stream_usage=True
    ).bind_tools(TOOLS)
    messages = [HumanMessage(QUESTION)]

    def turn():
        answer, pieces = None, 0
        for chunk in chat.stream(messages):
            pieces += bool(chunk.content)
            answer = chunk if answer is None else answer + chunk
        return answer, pieces

    first, pieces = turn()
    messages.append(first)
    for call in first.tool_calls:
        messages.append(ToolMessage("RESULT of " + call["name"], tool_call_id=call["id"]))
    last, _ = turn()
    return {
        "pieces": pieces,
        "calls": [[call["name"], call["args"]] for call in first.tool_calls],
        "finish": first.response_metadata["finish_reason"],
        "usage": first.usage_metadata["input_tokens"],
        "text": first.content,
        "last": last.content,
    }


def anthropic(model):
    client = Anthropic(base_url=URL, api_key=KEY, max_retries=0)
    tools = [{"name": name, "input_schema": PARAMETERS} for name in ("read_file", "bash")]
    messages = [{"role": "user", "content": QUESTION}]

    def turn():
        with client.messages.stream(
            model=model, max_tokens=1000, messages=messages, tools=tools
        ) as stream:
            pieces = sum(1 for _ in stream.text_stream)
            return stream.get_final_message(), pieces

    def text_of(message):
        return "".join(block.text for block in message.content if block.type == "text")

    first, pieces = turn()
    messages.append({"role": "assistant", "content": first.content})
    calls = [block for block in first.content if block.type == "tool_use"]
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": "RESULT of " + call.name}
        for call in calls
    ]
    messages.append({"role": "user", "content": results})
    last, _ = turn()
    return {
        "pieces": pieces,
        "calls": [[call.name, call.input] for call in calls],
        "finish": first.stop_reason,
        "usage": first.usage.input_tokens
        + first.usage.cache_read_input_tokens
        + first.usage.cache_creation_input_tokens,
        "text": text_of(first),
        "last": text_of(last),
    }


def agents(model):
    calls = []

    def function(name):
        async def called(_, arguments):
            calls.append([name, json.loads(arguments)])
            return "RESULT of " + name

        return FunctionTool(
            name=name,
            description=name,
            params_json_schema=PARAMETERS,
            on_invoke_tool=called,
            strict_json_schema=False,
        )

    set_tracing_disabled(True)
    agent = Agent(
        name="reader",
        tools=[function(name) for name in ("read_file", "bash")],
        model=OpenAIChatCompletionsModel(
            model=model,
            openai_client=AsyncOpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0),
        ),
        model_settings=ModelSettings(include_usage=True),
    )

    async def run():
        result = Runner.run_streamed(agent, QUESTION)
        pieces = 0
        async for event in result.stream_events():
            pieces += event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
        return result, pieces

    result, pieces = asyncio.run(run())
    texts = [
        ItemHelpers.text_message_output(item)
        for item in result.new_items
        if item.type == "message_output_item"
    ]
    return {
        "pieces": pieces,
        "calls": calls,
        "usage": result.raw_responses[0].usage.input_tokens,
        "text": texts[0],
        "last": result.final_output,
    }


def google(model):
    client = genai.Client(
        api_key=KEY, vertexai=False, http_options=types.HttpOptions(base_url=URL)
    )
    functions = [
        types.FunctionDeclaration(name=name, parameters_json_schema=PARAMETERS)
        for name in ("read_file", "bash")
    ]
    # The SDK's own chat keeps the history: what it sends back is what it received.
    chat = client.chats.create(
        model=model,
        config=types.GenerateContentConfig(tools=[types.Tool(function_declarations=functions)]),
    )

    def turn(message):
        chunks = list(chat.send_message_stream(message))
        parts = [part for chunk in chunks for part in chunk.candidates[0].content.parts]
        text = "".join(part.text or "" for part in parts if not part.thought)
        return chunks, [part.function_call for part in parts if part.function_call], text

    first, calls, text = turn(QUESTION)
    results = [
        types.Part(
            function_response=types.FunctionResponse(
                id=call.id, name=call.name, response={"output": "RESULT of " + call.name}
            )
        )
        for call in calls
    ]
    _, _, last = turn(results)
    return {
        "pieces": len(first),
        "calls": [[call.name, call.args] for call in calls],
        "finish": first[-1].candidates[0].finish_reason.value,
        "usage": first[-1].usage_metadata.prompt_token_count,
        "text": text,
        "last": last,
    }


CLIENTS = {
    "openai": openai,
    "agents": agents,
    "anthropic": anthropic,
    "langchain": langchain,
    "google": google,
}

for one in ASKED:
    client, model = one.split("/")
    try:
        answer = CLIENTS[client](model)
    except Exception as error:  # noqa: BLE001 - the test shows whatever it is
        answer = {"error": repr(error)}
    print(json.dumps({"asked": one, **answer}))
