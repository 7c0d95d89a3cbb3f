package dev.concert.ensemble.model;

import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Whether a model can do what a request needs; asked before anything is sent. */
public final class RequestFit {
  private RequestFit() {}

  /**
   * @throws ConcertException {@code INVALID_MESSAGE} naming the field the model cannot serve
   */
  public static void check(InferenceRequest request, ServedModel model) {
    Capabilities can = model.can();
    if (!can.tools() && !request.offeredTools().isEmpty()) {
      throw refuse("tools", model, "cannot call tools");
    }
    if (!can.structuredOutput() && request.structured().isPresent()) {
      throw refuse("response_format", model, "cannot be held to a form");
    }
    for (int i = 0; i < request.messages().size(); i++) {
      List<ContentBlock> parts = request.messages().get(i).parts();
      for (int j = 0; j < parts.size(); j++) {
        String field = "messages[" + i + "].content_blocks[" + j + "]";
        missing(parts.get(j), can)
            .ifPresent(
                lack -> {
                  throw refuse(field, model, lack);
                });
      }
    }
  }

  private static Optional<String> missing(ContentBlock part, Capabilities can) {
    return switch (part) {
      case ImageBlock image when !can.images() -> Optional.of("cannot see images");
      case DocumentBlock document when !can.documents() -> Optional.of("cannot read documents");
      case AudioBlock audio when !can.audio() -> Optional.of("cannot hear audio");
      case ImageBlock fits -> Optional.empty();
      case DocumentBlock fits -> Optional.empty();
      case AudioBlock fits -> Optional.empty();
      case TextBlock fits -> Optional.empty();
      case ThinkingBlock fits -> Optional.empty();
      case ToolCallBlock fits -> Optional.empty();
      case OpaqueBlock fits -> Optional.empty();
    };
  }

  private static ConcertException refuse(String field, ServedModel model, String lack) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "%s: the model '%s' %s.".formatted(field, model.id(), lack));
  }
}
