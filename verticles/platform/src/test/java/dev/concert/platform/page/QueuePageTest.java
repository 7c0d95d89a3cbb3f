package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** What a person does while the agent works: writes the next message, or stops it. */
@ExtendWith(PageExtension.class)
class QueuePageTest {
  private final Browser browser;

  QueuePageTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  void a_message_waits_for_the_running_turn_also_over_a_reload() {
    browser.begin("echo", "!permit paint the wall");
    browser.see(".permission .buttons");
    queue("the second");
    queue("the third");
    browser.see("#queue li", "the second");
    browser.see("#queue li", "the third");
    assertThat(browser.count("#items .message.user")).isEqualTo(1);

    browser.reload();
    browser.see("#queue li", "the third");
    browser.click(".permission button", "Allow");

    browser.see("#items .message.user", "the second");
    browser.see("#items .message.user", "the third");
    browser.waitUntil("three turns end", page -> page.count(".end") == 3);
    assertThat(browser.count("#queue li")).isZero();
  }

  @Test
  void after_a_stop_what_waits_is_sent_or_written_anew_by_hand() {
    browser.begin("echo", "!sleep 600");
    browser.see("#stop:enabled");
    queue("one");
    queue("two");
    browser.write("#message", Keys.ESCAPE);
    browser.see(".end[data-stop=stopped]");
    browser.see("#queue li", "one");

    browser.click("#queue button[aria-label='Edit this message']");
    browser.waitUntil(
        "the text is in the field",
        page -> "one".equals(page.run("return document.getElementById('message').value")));
    browser.see("#message").clear();
    browser.click("#queue button", "Send now");

    browser.see("#items .message.user", "two");
    browser.waitUntil("nothing waits", page -> page.count("#queue li") == 0);
  }

  @Test
  void a_conversation_is_saved_as_markdown() {
    browser.begin("echo", "!write note.txt ```fenced```");
    browser.see(".end");
    browser.write("#message", "/export", Keys.ENTER);

    assertThat(browser.downloaded("_write note_txt ___fenced___.md"))
        .startsWith("# !write note.txt")
        .containsSubsequence("## You", "```fenced```", "**Tool ", "## Agent");
  }

  @Test
  void the_page_can_be_installed() {
    Object name =
        browser.run(
            "return fetch(document.querySelector('link[rel=manifest]').href)"
                + ".then((reply) => reply.json()).then((json) => json.name + json.icons.length)");

    assertThat(name).isEqualTo("Concert1");
  }

  private void queue(String text) {
    browser.write("#message", text, Keys.chord(Keys.CONTROL, Keys.ENTER));
  }
}
