package dev.concert.ensemble.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.testing.vendor.FakeAnswer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Plays a vendor's prompt cache: a prefix that was marked before is read, not counted anew. */
final class PlayedPromptCache {
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final int OUTPUT = 50;

  /** A part of a prompt; after a marked one the prefix is stored. */
  record Part(String text, boolean marked) {}

  /** Tokens of several answers. */
  record Total(long input, long read, long written) {}

  private final Set<String> stored = new HashSet<>();
  private long input;
  private long read;
  private long written;

  synchronized Total total() {
    return new Total(input, read, written);
  }

  synchronized FakeAnswer.Usage usage(List<Part> prompt) {
    StringBuilder prefix = new StringBuilder();
    List<String> marked = new ArrayList<>();
    int hit = 0;
    int last = 0;
    for (Part part : prompt) {
      prefix.append(part.text()).append('\n');
      if (stored.contains(prefix.toString())) {
        hit = prefix.length();
      }
      if (part.marked()) {
        last = prefix.length();
        marked.add(prefix.toString());
      }
    }
    stored.addAll(marked);
    last = Math.max(last, hit);
    long readNow = hit / CHARACTERS_PER_TOKEN;
    long writtenNow = (last - hit) / CHARACTERS_PER_TOKEN;
    long inputNow = (prefix.length() - last) / CHARACTERS_PER_TOKEN;
    read += readNow;
    written += writtenNow;
    input += inputNow;
    return new FakeAnswer.Usage(inputNow, readNow, writtenNow, OUTPUT, 0);
  }

  /** The parts of a request of Anthropic's in their order, with its marks. */
  static List<Part> anthropic(JsonNode body) {
    List<Part> parts = new ArrayList<>();
    body.path("tools").forEach(tool -> parts.add(part(tool)));
    add(body.path("system"), parts);
    for (JsonNode message : body.path("messages")) {
      parts.add(new Part(message.path("role").asText(), false));
      add(message.path("content"), parts);
    }
    return parts;
  }

  /** The parts of a request of Google's, which stores every prefix by itself. */
  static List<Part> gemini(JsonNode body) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(body.path("systemInstruction").toString(), true));
    body.path("tools").forEach(tool -> parts.add(new Part(tool.toString(), true)));
    body.path("contents").forEach(item -> parts.add(new Part(item.toString(), true)));
    return parts;
  }

  /** The parts of a request of OpenAI's, which stores every prefix by itself. */
  static List<Part> openAi(JsonNode body, String list) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(body.path("instructions").asText(), true));
    body.path("tools").forEach(tool -> parts.add(new Part(tool.toString(), true)));
    body.path(list).forEach(item -> parts.add(new Part(item.toString(), true)));
    return parts;
  }

  private static void add(JsonNode content, List<Part> parts) {
    if (content.isTextual()) {
      parts.add(new Part(content.asText(), false));
    } else {
      content.forEach(block -> parts.add(part(block)));
    }
  }

  private static Part part(JsonNode block) {
    ObjectNode unmarked = block.deepCopy();
    boolean marked = unmarked.remove("cache_control") != null;
    return new Part(unmarked.toString(), marked);
  }
}
