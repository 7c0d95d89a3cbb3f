package dev.concert.ensemble.provider.chat;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.Dialect;
import dev.concert.ensemble.provider.upstream.NativeOption;
import dev.concert.ensemble.provider.upstream.ResponseReader;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Chat Completions: OpenAI, xAI, OpenRouter, Ollama, llama.cpp, vLLM, SGLang, LM Studio and others.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/chat
 */
public final class ChatDialect implements Dialect {
  private final String provider;
  private final ChatTraits traits;

  /**
   * @param provider the name in error messages, and the origin of opaque payloads
   */
  public ChatDialect(String provider, ChatTraits traits) {
    this.provider = provider;
    this.traits = traits;
  }

  @Override
  public Optional<Wire> wire() {
    return Optional.of(Wire.CHAT);
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request, ClientRequest own) {
    return new UpstreamRequest(
        "/chat/completions",
        new OwnChatRequest(provider, traits, request).body(model, own.body()),
        own.headers());
  }

  @Override
  public Set<NativeOption> lacks(ServedModel model, InferenceRequest request) {
    return traits.cacheKey() ? Set.of() : Set.of(NativeOption.CACHE_KEY);
  }

  @Override
  public List<UncarriedField> uncarried(ClientRequest own) {
    return own.body().path("store").asBoolean()
        ? List.of(new UncarriedField("store", false))
        : List.of();
  }

  @Override
  public boolean passesThrough() {
    return true;
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    return new UpstreamRequest(
        "/chat/completions", ChatRequest.body(provider, traits, model, request));
  }

  @Override
  public ResponseReader reader(Consumer<Block> sink) {
    return new ChatReader(provider, traits, sink);
  }

  @Override
  public Map<String, String> headers(String key) {
    return Map.of("Authorization", "Bearer " + key);
  }
}
