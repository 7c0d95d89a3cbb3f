package dev.concert.ensemble.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.AnswerSink;
import dev.concert.ensemble.provider.Provider;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.routing.endpoint.CacheThresholds;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.inference.InferenceMessages.Model;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which models are served by which providers. */
class ModelCatalogTest {
  private static final Stub FIRST = new Stub("first", "first", true, List.of("shared", "own"));
  private static final Stub SECOND = new Stub("second", "second", true, List.of("shared"));

  /** A provider that is never called. */
  private record Stub(String name, String endpoint, boolean hasKey, List<String> ids)
      implements Provider {
    @Override
    public List<ServedModel> models() {
      return ids.stream()
          .map(
              id ->
                  new ServedModel(
                      id,
                      id,
                      name,
                      1_000,
                      100,
                      Capabilities.all(),
                      Price.FREE,
                      ServedModel.DEFAULT_STALL,
                      ServedModel.DEFAULT_TOTAL))
          .toList();
    }

    @Override
    public boolean healthy() {
      return true;
    }

    @Override
    public ProviderCall start(ServedModel model, InferenceRequest request, AnswerSink sink) {
      throw new AssertionError("not called here");
    }
  }

  private static ModelRegistry registry(
      Map<String, String> aliases, Map<String, List<String>> fallbacks, Provider... providers) {
    return new ModelRegistry(
        List.of(providers),
        new RoutingOptions(aliases, fallbacks, Map.of(), CacheThresholds.DEFAULT, 100, Map.of()),
        RateLimiters.alone(System::currentTimeMillis));
  }

  @Test
  void theFirstModelOfTheFirstProviderWithAKeyIsTheDefault() {
    Stub keyless = new Stub("keyless", "keyless", false, List.of("dear"));

    ModelRegistry models = registry(Map.of(), Map.of(), keyless, FIRST, SECOND);

    assertThat(models.published().defaultModel()).isEqualTo("shared");
    assertThat(models.published().models()).extracting(Model::id).containsExactly("shared", "own");
  }

  @Test
  void theFirstOfSeveralProvidersIsPreferred() {
    assertThat(registry(Map.of(), Map.of(), SECOND, FIRST).find("shared").preferred().model())
        .extracting(ServedModel::provider)
        .isEqualTo("second");
  }

  @Test
  void anAliasIsFoundAndListedForAKeyThatMayUseIt() {
    ModelRegistry models = registry(Map.of("fast", "own"), Map.of(), FIRST);

    assertThat(models.find("fast").preferred().model().id()).isEqualTo("own");
    assertThat(models.named("fast"::equals)).extracting(Model::id).containsExactly("fast");
    assertThat(models.published().models()).extracting(Model::id).doesNotContain("fast");
  }

  @Test
  void aModelWithoutAKeyIsADifferentErrorFromAnUnknownOne() {
    Stub keyless = new Stub("keyless", "keyless", false, List.of("dear"));
    ModelRegistry models = registry(Map.of("cheap", "dear"), Map.of(), FIRST, keyless);

    for (String id : List.of("dear", "cheap")) {
      assertThatThrownBy(() -> models.find(id))
          .hasMessageContaining("keyless")
          .satisfies(e -> assertThat(Problem.of(e).code()).isEqualTo(ErrorCode.PROVIDER_AUTH));
    }
    assertThatThrownBy(() -> models.find("none"))
        .hasMessageContaining("'none' is not served")
        .satisfies(e -> assertThat(Problem.of(e).code()).isEqualTo(ErrorCode.MODEL_UNKNOWN));
  }

  @Test
  void endpointsOfOneProviderArePooledAndNeedDifferentNames() {
    Stub other = new Stub("first", "first/b", true, List.of("shared"));

    assertThat(registry(Map.of(), Map.of(), FIRST, other).find("shared").hasChoice()).isTrue();
    assertThatThrownBy(() -> registry(Map.of(), Map.of(), FIRST, FIRST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'first'");
  }

  @Test
  void anAliasOfAnUnknownModelIsRefused() {
    assertThatThrownBy(() -> registry(Map.of("fast", "none"), Map.of(), FIRST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'fast'")
        .hasMessageContaining("'none'");
  }

  @Test
  void withoutAnyKeyThereIsNothingToServe() {
    assertThatThrownBy(() -> registry(Map.of(), Map.of(), new Stub("p", "p", false, List.of("m"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No model can be served");
  }

  @Test
  void aReplacementThatFailsChangesNothing() {
    ModelRegistry models = registry(Map.of(), Map.of(), FIRST);

    assertThatThrownBy(() -> models.replace(List.of(FIRST, FIRST), RoutingOptions.DEFAULT));
    assertThat(models.published().models()).hasSize(2);

    models.replace(List.of(SECOND), RoutingOptions.DEFAULT);
    assertThat(models.published().models()).extracting(Model::id).containsExactly("shared");
  }
}
