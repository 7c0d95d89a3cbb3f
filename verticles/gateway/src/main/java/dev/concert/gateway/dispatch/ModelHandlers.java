package dev.concert.gateway.dispatch;

import dev.concert.contract.ModelOperations;
import dev.concert.gateway.inference.ServedModels;
import dev.concert.inference.InferenceMessages.Model;
import dev.concert.protocol.ModelEntry;
import dev.concert.protocol.ServerEvent.ModelList;

/** Lists the models that sessions may name. */
public record ModelHandlers(ServedModels models) {

  public void register(Handlers handlers) {
    handlers.serve(
        ModelOperations.LIST_MODELS,
        _ ->
            models
                .list()
                .map(
                    served ->
                        new ModelList(
                            served.models().stream().map(ModelHandlers::entry).toList(),
                            served.defaultModel())));
  }

  private static ModelEntry entry(Model model) {
    return new ModelEntry(
        model.id(),
        model.provider(),
        model.contextWindow(),
        model.maxOutputTokens(),
        model.thinking(),
        model.images());
  }
}
