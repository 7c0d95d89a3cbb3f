package dev.concert.ensemble.provider.anthropic;

import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.message.InferenceRequest;

/** Whether a client has marked by itself what is to be cached. */
final class CacheMarks {
  private CacheMarks() {}

  static boolean in(InferenceRequest request) {
    return request.offeredTools().stream().anyMatch(tool -> tool.cacheControl() != null)
        || request.messages().stream()
            .flatMap(message -> message.parts().stream())
            .anyMatch(CacheMarks::marked);
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
