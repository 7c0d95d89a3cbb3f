package dev.concert.ensemble.model;

import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;

/** Whether a model can do what a request needs; asked before anything is sent. */
public final class RequestFit {
  private RequestFit() {}

  /**
   * @throws ConcertException {@code INVALID_MESSAGE} naming the field the model cannot serve
   */
  public static void check(InferenceRequest request, ServedModel model) {
    if (!model.tools() && !request.offeredTools().isEmpty()) {
      throw refuse("tools", "the model '" + model.id() + "' cannot call tools");
    }
    if (model.images()) {
      return;
    }
    for (int i = 0; i < request.messages().size(); i++) {
      Message message = request.messages().get(i);
      List<ContentBlock> parts = message.parts();
      for (int j = 0; j < parts.size(); j++) {
        if (parts.get(j) instanceof ImageBlock) {
          throw refuse(
              "messages[" + i + "].content_blocks[" + j + "]",
              "the model '" + model.id() + "' cannot see images");
        }
      }
    }
  }

  private static ConcertException refuse(String field, String reason) {
    return new ConcertException(ErrorCode.INVALID_MESSAGE, field + ": " + reason + ".");
  }
}
