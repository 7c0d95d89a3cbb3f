package dev.concert.testing.vendor;

import java.util.ArrayList;
import java.util.List;

/**
 * What a played model answers, apart from any vendor's form.
 *
 * @param thinking shown reasoning; empty for none
 * @param signature the vendor's proof of the reasoning; empty for none
 * @param text pieces as they are streamed
 * @param calls of tools, all in one answer
 */
public record FakeAnswer(
    String thinking, String signature, List<String> text, List<Call> calls, Usage usage) {
  /**
   * @param arguments JSON text
   */
  public record Call(String id, String name, String arguments) {}

  /**
   * Tokens; the prompt is the sum of the first three, reasoning is a part of the output.
   *
   * @param input prompt tokens that have nothing to do with a cache
   * @param cached prompt tokens read from the cache
   * @param written prompt tokens written to it, where the vendor tells
   */
  public record Usage(long input, long cached, long written, long output, long reasoning) {
    public long prompt() {
      return input + cached + written;
    }
  }

  public static FakeAnswer text(String... pieces) {
    return new FakeAnswer("", "", List.of(pieces), List.of(), new Usage(10, 0, 0, 5, 0));
  }

  public FakeAnswer withThinking(String thought, String proof) {
    return new FakeAnswer(thought, proof, text, calls, usage);
  }

  public FakeAnswer withCall(String id, String name, String arguments) {
    List<Call> more = new ArrayList<>(calls);
    more.add(new Call(id, name, arguments));
    return new FakeAnswer(thinking, signature, text, List.copyOf(more), usage);
  }

  public FakeAnswer withUsage(Usage other) {
    return new FakeAnswer(thinking, signature, text, calls, other);
  }
}
