package dev.concert.testing.vendor;

import java.util.List;

/** All the wire formats that are played. */
public final class Wires {
  private Wires() {}

  public static List<VendorWire> all() {
    return List.of(
        new AnthropicWire(),
        new ResponsesWire(),
        new GeminiWire(),
        new ChatWire("openai-compatible"),
        new ChatWire("xai"),
        new ChatWire("openrouter"));
  }
}
