package dev.concert.ensemble.guardrail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.guardrail.GuardrailOptions.Moment;
import dev.concert.ensemble.guardrail.GuardrailOptions.Patterns;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldTextTest {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";

  private final Vertx vertx = Vertx.vertx();
  private final HeldText held = new HeldText(guardrail());

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private PatternGuardrail guardrail() {
    Patterns patterns = new Patterns(List.of(TextKind.SECRET.pattern()), true);
    return new PatternGuardrail(
        vertx, new GuardrailOptions("keys", Set.of(Moment.ANSWER), patterns), patterns);
  }

  @Test
  void aKeyIsHeldUntilItsEndAndReplaced() {
    StringBuilder passed = new StringBuilder(held.add("Here: " + BEGIN));
    for (int line = 0; line < 50; line++) {
      passed.append(held.add("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n"));
    }
    passed.append(held.add("-----END PRIVATE KEY-----\nDone."));
    passed.append(held.end(""));

    assertThat(passed).hasToString("Here: [secret]\nDone.");
  }

  @Test
  void whatNeverEndsIsReplacedAsFarAsItIsHeldAndHoldsNothingMore() {
    StringBuilder passed = new StringBuilder(held.add(BEGIN));
    int said = 0;
    while (passed.isEmpty()) {
      passed.append(held.add("word "));
      said += 5;
      assertThat(said).isLessThan(2 * HeldText.MOST_HELD);
    }
    assertThat(passed).hasToString("[secret]");

    passed.append(held.add("and more".repeat(HeldText.HELD)));
    assertThat(passed).startsWith("[secret]and more");
  }
}
