package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.UncarriedField;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The beta features of Anthropic's API that a cloud has, too. The clouds refuse a request that
 * names another one.
 *
 * @param known the cloud's name for each feature that it has
 * @param always features that the configuration switches on
 */
public record ClaudeBetas(Map<String, String> known, List<String> always) {
  private static final String HEADER = "anthropic-beta";

  public ClaudeBetas {
    known = Map.copyOf(known);
    always = List.copyOf(always);
  }

  /**
   * @param headers of the provider's configuration
   */
  public static ClaudeBetas of(Map<String, String> known, Map<String, String> headers) {
    List<String> always =
        headers.entrySet().stream()
            .filter(header -> header.getKey().equalsIgnoreCase(HEADER))
            .flatMap(header -> split(header.getValue()))
            .toList();
    return new ClaudeBetas(known, always);
  }

  /**
   * The features of a request in the cloud's names.
   *
   * @param listed a list in the request's body, or a missing node
   */
  public Set<String> of(Map<String, String> headers, JsonNode listed) {
    Set<String> names = new LinkedHashSet<>(always);
    asked(headers, listed).map(known::get).filter(name -> name != null).forEach(names::add);
    return names;
  }

  /** The features that the client asks for and the cloud does not have. */
  public List<UncarriedField> missing(ClientRequest own) {
    return asked(own.headers(), own.body().path("anthropic_beta"))
        .filter(name -> !known.containsKey(name) && !always.contains(name))
        .map(name -> new UncarriedField(HEADER + ": " + name, false))
        .toList();
  }

  private static Stream<String> asked(Map<String, String> headers, JsonNode listed) {
    Stream<String> inHeader = split(Optional.ofNullable(headers.get(HEADER)).orElse(""));
    return Stream.concat(
            inHeader, StreamSupport.stream(listed.spliterator(), false).map(JsonNode::asText))
        .distinct();
  }

  private static Stream<String> split(String header) {
    return Arrays.stream(header.split(",")).map(String::strip).filter(name -> !name.isEmpty());
  }
}
