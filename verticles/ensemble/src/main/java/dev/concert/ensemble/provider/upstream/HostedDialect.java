package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.UncarriedField;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A vendor's dialect where a cloud serves the vendor's models: the same bodies and answers, at
 * other places.
 */
public record HostedDialect(Dialect vendor, Host host) implements Dialect {

  /** What a cloud changes. */
  public interface Host {
    /** The vendor's request as the cloud expects it. */
    UpstreamRequest place(ServedModel model, UpstreamRequest vendors);

    /**
     * Lets the cloud count the tokens of a prompt.
     *
     * @param vendors the vendor's request for an answer
     */
    default Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest vendors) {
      return Optional.empty();
    }

    /** What of the client's own request the cloud does not take. */
    default List<UncarriedField> uncarried(ClientRequest own) {
      return List.of();
    }

    /** How the events of a stream are framed. */
    default EventDecoder events(Consumer<SseEvent> events) {
      return EventDecoder.ofServerSentEvents(events);
    }
  }

  @Override
  public Optional<Wire> wire() {
    return vendor.wire();
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request) {
    return vendor.encode(model, request);
  }

  @Override
  public UpstreamRequest encode(ServedModel model, InferenceRequest request, ClientRequest own) {
    return vendor.encode(model, request, own);
  }

  @Override
  public UpstreamRequest place(ServedModel model, UpstreamRequest checked) {
    return host.place(model, checked);
  }

  @Override
  public Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest encoded) {
    return host.countTokens(model, encoded);
  }

  @Override
  public List<UncarriedField> uncarried(ClientRequest own) {
    return Stream.concat(vendor.uncarried(own).stream(), host.uncarried(own).stream()).toList();
  }

  @Override
  public Set<NativeOption> lacks(ServedModel model, InferenceRequest request) {
    return vendor.lacks(model, request);
  }

  @Override
  public boolean carries(ClientRequest other, UncarriedField field) {
    return vendor.carries(other, field);
  }

  @Override
  public EventDecoder events(Consumer<SseEvent> events) {
    return host.events(events);
  }

  @Override
  public ResponseReader reader(Consumer<Block> sink) {
    return vendor.reader(sink);
  }

  @Override
  public boolean takesStopSequences() {
    return vendor.takesStopSequences();
  }

  @Override
  public Map<String, String> headers(String key) {
    return vendor.headers(key);
  }
}
