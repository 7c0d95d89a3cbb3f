package dev.concert.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.OpenTurn;
import dev.concert.protocol.ServerEvent.ToolCallStart;
import dev.concert.protocol.SessionEvent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a client that joins is shown of a turn has a bound, whatever the agent does. */
class OpenItemsTest {
  private final Turn turn = new Turn("t", 1, Optional.empty());

  private void follow(ServerEvent event) {
    turn.follow(new SessionEvent("s", 1, 1, "t", event));
  }

  private void ask(String id, String prompt) {
    follow(
        new ServerEvent.QuestionRequested(
            id, List.of(new ServerEvent.Question("k", prompt, "text", null))));
  }

  @Test
  void ofManyCallsAndQuestionsTheLatestAreShown() {
    for (int i = 0; i < 10_000; i++) {
      follow(new ToolCallStart("c" + i, "tool"));
      ask("q" + i, "?");
    }
    OpenTurn shown = turn.snapshot();

    assertThat(shown.openToolCalls()).hasSize(OpenItems.MOST);
    assertThat(shown.openToolCalls().getLast().toolCallId()).isEqualTo("c9999");
    assertThat(shown.openQuestions()).hasSize(OpenItems.MOST);
    assertThat(turn.isOpen("q9999")).isTrue();
    assertThat(turn.isOpen("q0")).isFalse();
  }

  @Test
  void largeQuestionsAreShownUpToASizeAndTheLatestAlways() {
    String half = "x".repeat(OpenItems.MAX_CHARACTERS / 2);
    ask("one", half);
    ask("two", half);
    assertThat(turn.snapshot().openQuestions()).hasSize(1);

    follow(new ServerEvent.ApprovalResolved("two", true, null, false, "u", null));
    assertThat(turn.waitsForPerson()).isFalse();
    ask("three", half + half + half);
    assertThat(turn.isOpen("three")).isTrue();
  }
}
