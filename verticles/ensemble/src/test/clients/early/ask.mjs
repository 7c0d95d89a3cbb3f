// A client of the early HTTP API: it reads the body of /api/v1/generate/stream as text.
// Arguments: URL, key, model, media type that it accepts. Prints one JSON object.
const [url, key, model, accept] = process.argv.slice(2);
const response = await fetch(`${url}/api/v1/generate/stream`, {
  method: "POST",
  headers: {
    "Content-Type": "application/json",
    Authorization: `Bearer ${key}`,
    ...(accept === "*/*" ? {} : { Accept: accept }),
  },
  body: JSON.stringify({
    model,
    messages: [{ role: "user", content: "hi" }],
    maxTokens: 77,
    temperature: 0.5,
  }),
  signal: AbortSignal.timeout(120_000),
});
let text = "";
let pieces = 0;
let cut = false;
try {
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    pieces += 1;
  }
} catch {
  cut = true;
}
const type = response.headers.get("content-type");
console.log(JSON.stringify({ status: response.status, type, text, pieces, cut }));
