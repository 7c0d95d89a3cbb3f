package dev.concert.ensemble.usage;

import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.Source;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.ToolDefinition;

/**
 * Counts tokens where no provider counted them: four characters are one token, rounded up.
 *
 * <p>That is the usual rule of thumb for English text and code. It is used for the demo model and
 * for answers whose provider sent no usage, and such counts are marked as estimated.
 */
public final class TokenEstimate {
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** What providers take for a message's frame (role and separators). */
  private static final int CHARACTERS_PER_MESSAGE = 16;

  /** A picture of usual size costs about so many tokens with the providers that publish it. */
  private static final int CHARACTERS_PER_IMAGE = 4 * 1000;

  private TokenEstimate() {}

  public static long ofCharacters(long characters) {
    return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
  }

  public static long ofPrompt(InferenceRequest request) {
    long messages = request.messages().stream().mapToLong(TokenEstimate::characters).sum();
    long tools = request.offeredTools().stream().mapToLong(TokenEstimate::characters).sum();
    return ofCharacters(messages + tools);
  }

  private static long characters(Message message) {
    return CHARACTERS_PER_MESSAGE
        + message.parts().stream().mapToLong(TokenEstimate::characters).sum();
  }

  private static long characters(ContentBlock block) {
    return switch (block) {
      case TextBlock text -> text.text().length();
      case ThinkingBlock thinking -> thinking.text().length();
      case ToolCallBlock tool ->
          tool.call().name().length() + (long) tool.call().argumentsText().length();
      case ImageBlock image -> CHARACTERS_PER_IMAGE;
      case DocumentBlock document -> bytes(document.source());
      case AudioBlock audio -> bytes(audio.source());
      // The provider's own form, most of which it decodes before it counts.
      case OpaqueBlock opaque -> opaque.opaque().json().length();
    };
  }

  private static long bytes(Source source) {
    return source.data() == null ? CHARACTERS_PER_IMAGE : source.data().length() * 3L / 4;
  }

  private static long characters(ToolDefinition tool) {
    long description = tool.description() == null ? 0 : tool.description().length();
    long parameters = tool.parameters() == null ? 0 : tool.parameters().toString().length();
    return tool.name().length() + description + parameters;
  }
}
