package dev.concert.ensemble.provider.anthropic;

import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.message.InferenceRequest;

/** Detects cache marks that the client has set itself. */
final class CacheBreakpoints {
  private CacheBreakpoints() {}

  static boolean in(InferenceRequest request) {
    return request.offeredTools().stream().anyMatch(tool -> tool.cacheControl() != null)
        || request.messages().stream()
            .flatMap(message -> message.parts().stream())
            .anyMatch(CacheBreakpoints::marked);
  }

  private static boolean marked(ContentBlock part) {
    return switch (part) {
      case TextBlock text -> text.cacheControl() != null;
      case ImageBlock image -> image.cacheControl() != null;
      case DocumentBlock document -> document.cacheControl() != null;
      default -> false;
    };
  }
}
