package dev.concert.contract;

import static dev.concert.contract.ApiOperation.message;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.protocol.Permission.THREADS_READ;

import dev.concert.protocol.ModelMessage;
import dev.concert.protocol.ServerEvent;

/** The row of the contract table that lists the models. */
public final class ModelOperations {
  public static final ApiOperation<ModelMessage.ListModels, ServerEvent.ModelList> LIST_MODELS =
      message("list_models", ModelMessage.ListModels.class, ServerEvent.ModelList.class)
          .needs(THREADS_READ)
          .alsoAt(GET, "/api/models")
          .since(2);

  private ModelOperations() {}
}
