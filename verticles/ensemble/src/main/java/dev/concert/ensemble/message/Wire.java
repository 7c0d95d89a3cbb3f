package dev.concert.ensemble.message;

import java.util.Optional;

/** The vendors' APIs that clients and providers speak. */
public enum Wire {
  /** Anthropic's Messages. */
  MESSAGES,
  /** OpenAI's Chat Completions. */
  CHAT,
  /** OpenAI's Responses. */
  RESPONSES,
  /** Google's Gemini API. */
  GEMINI,
  EMBEDDINGS("/embeddings"),
  /** OpenAI's older completions of a text. */
  COMPLETIONS("/completions"),
  MODERATIONS("/moderations"),
  /** Ranks documents by a query, as Cohere, Jina and Voyage have it. */
  RERANK("/rerank"),
  IMAGES("/images/generations"),
  /** Text from speech. */
  TRANSCRIPTIONS("/audio/transcriptions"),
  /** English text from speech. */
  TRANSLATIONS("/audio/translations"),
  /** Speech from text. */
  SPEECH("/audio/speech"),
  /** Google's embedding of one text. */
  EMBED_CONTENT("/models/{model}:embedContent"),
  /** Google's embeddings of several texts. */
  BATCH_EMBED_CONTENTS("/models/{model}:batchEmbedContents");

  private final String path;

  Wire() {
    this("");
  }

  Wire(String path) {
    this.path = path;
  }

  /** Whether it is an operation of Google's API, whose paths have the model. */
  public boolean isGoogles() {
    return this == GEMINI || this == EMBED_CONTENT || this == BATCH_EMBED_CONTENTS;
  }

  /** Whether requests are forms with a file. */
  public boolean isForm() {
    return this == TRANSCRIPTIONS || this == TRANSLATIONS;
  }

  /** Whether answers are passed on byte by byte, whatever they are. */
  public boolean isBytes() {
    return isForm() || this == SPEECH;
  }

  /**
   * The path, after the base URL, of an operation that is passed through to providers of the same
   * API; empty for a conversation, which every provider can answer.
   */
  public Optional<String> passedPath() {
    return Optional.of(path).filter(some -> !some.isEmpty());
  }
}
