package dev.concert.ensemble.usage;

import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.MediaSource;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.TextTokens;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.ToolDefinition;

/**
 * Estimates tokens that no provider has counted, by the scripts of the text ({@link TextTokens}).
 *
 * <p>It serves for limits and budgets before a call and for answers whose provider sent no usage;
 * such counts are marked as estimated.
 */
public final class TokenEstimate {
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** The overhead that providers count for a message (role and separators), in tokens. */
  private static final long MESSAGE = 4L * TextTokens.ONE;

  /** The tokens of an image of usual size, as providers publish them. */
  private static final long IMAGE = 1_000L * TextTokens.ONE;

  private TokenEstimate() {}

  /** The tokens of so many characters of which nothing else is known. */
  public static long ofCharacters(long characters) {
    return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
  }

  public static long ofPrompt(InferenceRequest request) {
    long messages = request.messages().stream().mapToLong(TokenEstimate::weight).sum();
    long tools = request.offeredTools().stream().mapToLong(TokenEstimate::weight).sum();
    return TextTokens.tokens(messages + tools);
  }

  private static long weight(Message message) {
    return MESSAGE + message.parts().stream().mapToLong(TokenEstimate::weight).sum();
  }

  private static long weight(ContentBlock block) {
    return switch (block) {
      case TextBlock text -> TextTokens.weight(text.text());
      case ThinkingBlock thinking -> TextTokens.weight(thinking.text());
      case ToolCallBlock tool ->
          TextTokens.weight(tool.call().name()) + TextTokens.weight(tool.call().argumentsText());
      case ImageBlock image -> IMAGE;
      case DocumentBlock document -> bytes(document.source());
      case AudioBlock audio -> bytes(audio.source());
      // The provider decodes most of it before it counts.
      case OpaqueBlock opaque -> characters(opaque.opaque().json().length());
    };
  }

  private static long bytes(MediaSource source) {
    return source.data() == null ? IMAGE : characters(source.data().length() * 3L / 4);
  }

  private static long characters(long count) {
    return count * TextTokens.ONE / CHARACTERS_PER_TOKEN;
  }

  private static long weight(ToolDefinition tool) {
    long description = tool.description() == null ? 0 : TextTokens.weight(tool.description());
    long parameters =
        tool.parameters() == null ? 0 : TextTokens.weight(tool.parameters().toString());
    return TextTokens.weight(tool.name()) + description + parameters;
  }
}
