package dev.concert.ensemble.routing.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.MessageRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CacheAffinityTest {
  private static final Duration LASTS = Duration.ofMinutes(8);

  private final AtomicLong now = new AtomicLong();
  private final CacheAffinity affinity = new CacheAffinity(1000, now::get);

  private static PromptPrefixes prompt(String system, String... turns) {
    List<Message> messages = new ArrayList<>(List.of(Message.text(MessageRole.SYSTEM, system)));
    for (int turn = 0; turn < turns.length; turn++) {
      messages.add(
          Message.text(turn % 2 == 0 ? MessageRole.USER : MessageRole.ASSISTANT, turns[turn]));
    }
    return PromptPrefixes.of(InferenceRequest.of("m", messages));
  }

  @Test
  void theNextTurnOfAConversationFindsTheWholePromptBeforeIt() {
    PromptPrefixes first = prompt("You help.", "hello");
    affinity.remember("m", first, "a", true, LASTS);

    CacheExpectation found =
        affinity.find("m", prompt("You help.", "hello", "hi", "go on")).orElseThrow();

    assertThat(found.endpoint()).isEqualTo("a");
    assertThat(found.tokens()).isEqualTo(first.all().getLast().tokens());
    assertThat(found.confidence()).isEqualTo(1);
  }

  @Test
  void anotherConversationWithTheSameSystemPromptFindsThat() {
    affinity.remember("m", prompt("You help.", "hello"), "a", true, LASTS);

    CacheExpectation found =
        affinity.find("m", prompt("You help.", "something else")).orElseThrow();

    assertThat(found.tokens()).isEqualTo(prompt("You help.").all().getLast().tokens());
  }

  @Test
  void whatDiffersInTheFirstMessageOrTheModelIsNotFound() {
    affinity.remember("m", prompt("You help.", "hello"), "a", true, LASTS);

    assertThat(affinity.find("m", prompt("You hinder.", "hello"))).isEmpty();
    assertThat(affinity.find("other", prompt("You help.", "hello"))).isEmpty();
  }

  @Test
  void aChangeAnywhereInAPrefixIsAnotherPrefix() {
    String[] turns = {"one", "two", "three", "four"};
    affinity.remember("m", prompt("s", turns), "a", true, LASTS);
    for (int changed = 0; changed < turns.length; changed++) {
      String[] others = Arrays.copyOf(turns, turns.length);
      others[changed] += "!";

      CacheExpectation found = affinity.find("m", prompt("s", others)).orElseThrow();

      assertThat(found.tokens())
          .as("after a change of turn %d only the system prompt is known", changed)
          .isEqualTo(prompt("s").all().getLast().tokens());
    }
  }

  @Test
  void confidenceFallsWithAgeAndIsLessWhereTheProviderDidNotConfirm() {
    PromptPrefixes prompt = prompt("s", "hello");
    affinity.remember("m", prompt, "a", false, LASTS);
    assertThat(affinity.find("m", prompt).orElseThrow().confidence())
        .isEqualTo(CacheAffinity.UNCONFIRMED);

    now.addAndGet(LASTS.toNanos() / 2);
    assertThat(affinity.find("m", prompt).orElseThrow().confidence())
        .isCloseTo(CacheAffinity.UNCONFIRMED / 2, within(0.001));

    now.addAndGet(LASTS.toNanos());
    assertThat(affinity.find("m", prompt)).isEmpty();
  }

  @Test
  void theLatestEndpointThatReadAPromptCounts() {
    PromptPrefixes prompt = prompt("s", "hello");
    affinity.remember("m", prompt, "a", true, LASTS);
    affinity.remember("m", prompt, "b", true, LASTS);

    assertThat(affinity.find("m", prompt).orElseThrow().endpoint()).isEqualTo("b");
  }

  @Test
  void aSessionIsRememberedAsLongAsItIsUsed() {
    affinity.visit("s", "a", LASTS);
    for (int visits = 0; visits < 3; visits++) {
      now.addAndGet(LASTS.toNanos() - 1);
      assertThat(affinity.lastOf("s")).contains("a");
    }
    now.addAndGet(LASTS.toNanos() + 1);
    assertThat(affinity.lastOf("s")).isEmpty();
  }

  @Test
  void endpointsThatAreGoneAreForgotten() {
    PromptPrefixes prompt = prompt("s", "hello");
    affinity.remember("m", prompt, "a", true, LASTS);
    affinity.visit("s", "a", LASTS);

    affinity.forget(List.of("a"));

    assertThat(affinity.find("m", prompt)).isEmpty();
    assertThat(affinity.lastOf("s")).isEmpty();
  }

  @Test
  void memoryIsBounded() {
    for (int number = 0; number < 5000; number++) {
      affinity.remember("m", prompt("s" + number, "hello"), "a", true, LASTS);
    }
    long known = 0;
    for (int number = 0; number < 5000; number++) {
      known += affinity.find("m", prompt("s" + number, "hello")).isPresent() ? 1 : 0;
    }
    assertThat(known).isLessThanOrEqualTo(1000);
  }
}
