package dev.concert.ensemble.call;

import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.ClientField;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.routing.ModelRoute;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Checks that a model can do what a request needs, before anything is sent. */
public final class CapabilityCheck {
  private CapabilityCheck() {}

  /**
   * @return the fields of the client's request that the provider does not receive, because its API
   *     has nothing like them
   * @throws ConcertException {@code INVALID_MESSAGE} naming the field that the model does not
   *     support, or without which the request would mean something else
   */
  public static List<String> check(InferenceRequest request, ModelRoute route) {
    checkOperation(request, route);
    check(request, route.model());
    List<UncarriedField> uncarried = route.provider().uncarried(route.model(), request);
    uncarried.stream()
        .filter(UncarriedField::essential)
        .findFirst()
        .ifPresent(
            field -> {
              throw new ConcertException(
                  ErrorCode.INVALID_MESSAGE,
                  "%s: the provider '%s' of the model '%s' has nothing like it. Leave it out, or use a model of the vendor whose API this is."
                      .formatted(
                          ClientField.of(field.path()),
                          route.provider().name(),
                          route.model().id()));
            });
    return uncarried.stream().map(UncarriedField::path).toList();
  }

  private static void checkOperation(InferenceRequest request, ModelRoute route) {
    if (request.client() != null) {
      Optional.of(request.client().wire())
          .filter(wire -> !route.provider().passes(wire))
          .flatMap(Wire::passedPath)
          .ifPresent(
              path -> {
                throw refuse(
                    "model",
                    route.model(),
                    "does not serve /v1" + path.replace("{model}", route.model().id()));
              });
    }
  }

  private static void check(InferenceRequest request, ServedModel model) {
    Capabilities can = model.can();
    if (!can.tools() && !request.offeredTools().isEmpty()) {
      throw refuse("tools", model, "cannot call tools");
    }
    if (!can.structuredOutput() && request.structured().isPresent()) {
      throw refuse("response_format", model, "does not support structured output");
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
