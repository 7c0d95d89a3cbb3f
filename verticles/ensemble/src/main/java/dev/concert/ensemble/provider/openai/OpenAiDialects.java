package dev.concert.ensemble.provider.openai;

import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.chat.ChatDialect;
import dev.concert.ensemble.provider.chat.ChatTraits;
import dev.concert.ensemble.provider.responses.ResponsesDialect;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.DialectChoice;
import java.util.List;
import java.util.Map;

/**
 * OpenAI. It answers in Responses, which keeps reasoning from turn to turn for clients of every
 * API. A client of Chat Completions that asks for what only that API has ({@code seed}, {@code
 * logit_bias}, fields that are not known) is answered in its own.
 *
 * <p>Some requests have to be Responses: of models that think and have tools, because Chat
 * Completions refuses both together for newer ones, and of models that have no other API. What
 * Responses has nothing like is named then.
 */
public final class OpenAiDialects implements DialectChoice {
  /** Parts of the names of models that only Responses has. */
  private static final List<String> RESPONSES_ONLY = List.of("codex", "-pro", "deep-research");

  private final Dialect chat;
  private final Dialect responses;

  /**
   * @param provider the name in error messages
   */
  public OpenAiDialects(String provider) {
    this.chat = new ChatDialect(provider, ChatTraits.compatible("max_completion_tokens"));
    this.responses = new ResponsesDialect(provider);
  }

  @Override
  public Dialect of(ServedModel model, InferenceRequest request) {
    boolean mustBeResponses =
        RESPONSES_ONLY.stream().anyMatch(model.upstreamId()::contains)
            || (model.can().thinking() && !request.offeredTools().isEmpty());
    return !mustBeResponses && request.clientOn(Wire.CHAT).filter(this::asksForMore).isPresent()
        ? chat
        : responses;
  }

  /** Whether it says something for which Responses has no words. */
  private boolean asksForMore(ClientRequest client) {
    List<UncarriedField> kept = chat.uncarried(client);
    return client.uncarried().stream()
        .anyMatch(field -> !kept.contains(field) && !responses.carries(client, field));
  }

  @Override
  public boolean passesThrough() {
    return true;
  }

  @Override
  public Map<String, String> headers(String key) {
    return responses.headers(key);
  }
}
