package dev.concert.testing.vendor;

import java.util.List;
import java.util.stream.Stream;

/** The wire formats that are played. */
public final class VendorWires {
  private VendorWires() {}

  /** Of vendors and clouds. */
  public static List<VendorWire> withClouds() {
    return Stream.concat(all().stream(), clouds().stream()).toList();
  }

  /** Of vendors that are called directly. */
  public static List<VendorWire> all() {
    return List.of(
        new AnthropicWire(),
        new ResponsesWire(),
        new GeminiWire(),
        new ChatWire("openai-compatible"),
        new ChatWire("xai"),
        new ChatWire("openrouter"));
  }

  /** Of clouds that serve vendors' models. */
  public static List<VendorWire> clouds() {
    return List.of(
        new BedrockWire(),
        new ConverseWire(),
        HostedWire.claudeOnVertex(),
        HostedWire.geminiOnVertex(),
        HostedWire.azure());
  }
}
